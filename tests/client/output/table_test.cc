#include "client/output/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

namespace melsweep::output {
namespace {

Table sample() {
  Table table({"rank", "name", "accuracy", "note"});
  table.add_row({std::int64_t{1}, "mel", 0.91234, std::monostate{}});
  table.add_row({std::int64_t{12}, "hertz", 0.5, std::monostate{}});
  return table;
}

TEST(TableTest, AlignsNumbersRightAndTextLeftAndLeavesEmptyColumnsOut) {
  EXPECT_EQ(sample().render(OutputFormat::kTable),
            "rank  name   accuracy\n"
            "   1  mel      0.9123\n"
            "  12  hertz    0.5000\n");
}

TEST(TableTest, SettingsAreShownInTheirShortestFormAndMeasuredNumbersWithFourDecimals) {
  Table table({"learning_rate", "loss"});
  table.add_row({Setting{0.00001}, 0.00001});
  table.add_row({Setting{0.05}, 2.0});
  EXPECT_EQ(table.render(OutputFormat::kTable),
            "learning_rate    loss\n"
            "        1e-05  0.0000\n"
            "         0.05  2.0000\n");
  EXPECT_EQ(table.render(OutputFormat::kCsv), "learning_rate,loss\r\n1e-05,1e-05\r\n0.05,2.0\r\n");
  EXPECT_EQ(nlohmann::json::parse(table.render(OutputFormat::kJson))[0]["learning_rate"], 0.00001);
}

TEST(TableTest, JsonKeepsEveryColumnAndFullPrecision) {
  const auto json = nlohmann::json::parse(sample().render(OutputFormat::kJson));
  ASSERT_EQ(json.size(), 2U);
  EXPECT_EQ(json[0]["rank"], 1);
  EXPECT_EQ(json[0]["accuracy"], 0.91234);
  EXPECT_TRUE(json[1]["note"].is_null());
}

TEST(TableTest, EmptyJsonIsAnEmptyArray) {
  EXPECT_EQ(nlohmann::json::parse(Table({"a"}).render(OutputFormat::kJson)), nlohmann::json::array());
}

TEST(TableTest, NotANumberIsNullInJsonAndBlankInCsv) {
  Table table({"loss"});
  table.add_row({std::numeric_limits<double>::quiet_NaN()});
  EXPECT_TRUE(nlohmann::json::parse(table.render(OutputFormat::kJson))[0]["loss"].is_null());
  EXPECT_EQ(table.render(OutputFormat::kCsv), "loss\r\n\r\n");
}

TEST(TableTest, CsvQuotesWhatWouldBreakIt) {
  Table table({"name", "count"});
  table.add_row({"a,\"b\"\nc", std::int64_t{3}});
  EXPECT_EQ(table.render(OutputFormat::kCsv), "name,count\r\n\"a,\"\"b\"\"\nc\",3\r\n");
}

TEST(TableTest, ControlCharactersDoNotReachTheTerminal) {
  Table table({"name"});
  table.add_row({"\x1b[2Jevil\n"});
  EXPECT_THAT(table.render(OutputFormat::kTable), testing::HasSubstr("?[2Jevil?\n"));
}

TEST(TableTest, WideCharactersTakeTwoColumns) {
  Table table({"name", "x"});
  table.add_row({"鳥", std::int64_t{1}});
  table.add_row({"wren", std::int64_t{2}});
  EXPECT_EQ(table.render(OutputFormat::kTable), "name  x\n鳥    1\nwren  2\n");
}

TEST(TableTest, WidthCountsCodePointsNotBytes) {
  Table table({"name", "x"});
  table.add_row({"größe", std::int64_t{1}});
  table.add_row({"plain", std::int64_t{2}});
  EXPECT_EQ(table.render(OutputFormat::kTable), "name   x\ngröße  1\nplain  2\n");
}

}  // namespace
}  // namespace melsweep::output
