#include "shared/manual/option_text.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace melsweep::manual {
namespace {

class OptionTextTest : public testing::Test {
 protected:
  CLI::App app_{"test", "melsweep"};
  std::string text_;
  int number_ = 0;
  bool flag_ = false;
  std::vector<std::string> texts_;
};

TEST_F(OptionTextTest, AnOptionShowsAllOfItsNamesAndItsValue) {
  const CLI::Option* option = app_.add_option("-o,--output", text_, "Where to");
  EXPECT_EQ(term_roff(*option), "\\fB\\-o\\fR, \\fB\\-\\-output\\fR \\fITEXT\\fR");
  EXPECT_EQ(explanation(*option), "Where to.");
}

TEST_F(OptionTextTest, AFlagHasNoValue) {
  EXPECT_EQ(term_roff(*app_.add_flag("--fresh", flag_, "Run all")), "\\fB\\-\\-fresh\\fR");
}

TEST_F(OptionTextTest, ChoicesStandInPlaceOfTheValue) {
  const CLI::Option* option =
      app_.add_option("--format", text_, "The form")->check(CLI::IsMember({"table", "json"}));
  EXPECT_EQ(term_roff(*option), "\\fB\\-\\-format\\fR table|json");
}

TEST_F(OptionTextTest, BoundsAndDefaultsAreSaid) {
  number_ = 3;
  const CLI::Option* option =
      app_.add_option("--workers", number_, "how many")->check(CLI::Range(1, 256))->capture_default_str();
  EXPECT_EQ(term_roff(*option), "\\fB\\-\\-workers\\fR \\fIINT\\fR");
  EXPECT_EQ(explanation(*option), "How many. From 1 to 256. Default: 3.");
  EXPECT_EQ(explanation(*app_.add_option("--top", number_, "How many")->check(CLI::PositiveNumber)),
            "How many. More than 0.");
  EXPECT_EQ(explanation(*app_.add_option("--price", number_, "Price")->check(CLI::NonNegativeNumber)),
            "Price. 0 or more.");
}

TEST_F(OptionTextTest, WhatGoesWithItIsSaid) {
  CLI::Option* window = app_.add_option("--window", number_, "Seconds")->envname("MELSWEEP_WINDOW");
  CLI::Option* hop = app_.add_option("--hop", number_, "Seconds")->needs(window)->required();
  CLI::Option* whole = app_.add_flag("--whole", flag_, "All of it")->excludes(window);
  EXPECT_EQ(explanation(*window), "Seconds. Not together with --whole. Environment: MELSWEEP_WINDOW.");
  EXPECT_EQ(explanation(*hop), "Seconds. It must be given. Goes with --window.");
  EXPECT_EQ(explanation(*whole), "All of it. Not together with --window.");
}

TEST_F(OptionTextTest, AnArgumentShowsWhetherItMayBeLeftOutAndRepeated) {
  EXPECT_EQ(positional_roff(*app_.add_option("SWEEP", text_, "")->required()), "\\fISWEEP\\fR");
  EXPECT_EQ(positional_roff(*app_.add_option("DIR", text_, "")), "[\\fIDIR\\fR]");
  EXPECT_EQ(positional_roff(*app_.add_option("FILES", texts_, "")), "[\\fIFILES\\fR]...");
}

TEST_F(OptionTextTest, AnOptionOfTwoValuesShowsBoth) {
  const CLI::Option* option = app_.add_option("--compare", texts_, "Two")->type_name("SWEEP")->expected(2);
  EXPECT_EQ(term_roff(*option), "\\fB\\-\\-compare\\fR \\fISWEEP\\fR \\fISWEEP\\fR");
}

}  // namespace
}  // namespace melsweep::manual
