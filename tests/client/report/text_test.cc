#include "client/report/text.h"

#include <gtest/gtest.h>

#include <cmath>

namespace melsweep::report {
namespace {

TEST(TextTest, NumbersHaveSensibleDigits) {
  EXPECT_EQ(measured(0.85468), "0.855");
  EXPECT_EQ(measured(0.0), "0.000");
  EXPECT_EQ(measured(0.00012), "1.2e-04");
  EXPECT_EQ(measured(std::nan("")), "not a number");
  EXPECT_EQ(points(0.13), "13.0 points");
  EXPECT_EQ(counted(8732), "8,732");
  EXPECT_EQ(counted(-1'234'567), "-1,234,567");
  EXPECT_EQ(counted(999), "999");
  EXPECT_EQ(counted(1, "trial"), "1 trial");
  EXPECT_EQ(counted(2, "trial"), "2 trials");
  EXPECT_EQ(seconds_text(12.34), "12.3 s");
  EXPECT_EQ(seconds_text(185.0), "3 min 05 s");
}

// 0.0125 as a difference of two means is 0.012499999999999956 or 0.01250000000000001; and floats are off too.
TEST(TextTest, WhatLiesHalfwayReadsTheSameHoweverItWasReckoned) {
  for (const double difference : {0.0125, 0.8625 - 0.85, 0.9125 - 0.9, 0.0125 - 1e-17}) {
    EXPECT_EQ(points(difference), "1.3 points") << difference;
    EXPECT_EQ(points_cell(difference).text, "+1.3");
    EXPECT_EQ(points_cell(-difference).text, "-1.3");
  }
  for (const double value : {0.8125, 0.8375, 0.1 + 0.7125, static_cast<double>(0.8375F), 0.8625}) {
    EXPECT_EQ(measured(value).back(), value < 0.82 ? '3' : value < 0.85 ? '8' : '3') << value;
  }
  EXPECT_EQ(fixed(0.1249, 2), "0.12");
  EXPECT_EQ(fixed(-0.04, 1), "0.0");
  EXPECT_EQ(signed_fixed(0.04, 1), "0.0");
  EXPECT_EQ(signed_fixed(2.0, 1), "+2.0");
}

TEST(TextTest, ListsReadAsSentencesDo) {
  EXPECT_EQ(listed({}), "");
  EXPECT_EQ(listed({"a"}), "a");
  EXPECT_EQ(listed({"a", "b", "c"}), "a, b and c");
}

TEST(TextTest, ACellKeepsAllDigitsOfItsNumber) {
  EXPECT_EQ(measured_cell(0.665625).value, "0.665625");
  EXPECT_EQ(measured_cell(0.665625).text, "0.666");
  EXPECT_EQ(measured_cell(std::nan("")).text, "");
  EXPECT_EQ(setting_cell(ParameterValue(1e-5)).text, "1e-05");
}

TEST(TextTest, NamesAreCutAndCannotTurnTheTextAround) {
  EXPECT_EQ(name("dog_bark"), "dog_bark");
  EXPECT_EQ(name("abcdef", 3), "abc\xE2\x80\xA6");
  EXPECT_EQ(name("\xE2\x80\xAE"
                 "exe"),
            "\xE2\x81\xA8\xEF\xBF\xBD"
            "exe\xE2\x81\xA9");  // U+202E
  EXPECT_EQ(name("\xD7\xA9"), "\xE2\x81\xA8\xD7\xA9\xE2\x81\xA9");
  EXPECT_LT(name(std::string(10'240, 'x')).size(), 100);
}

}  // namespace
}  // namespace melsweep::report
