#include "worker/trainer/dataset/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/worker/trainer/dataset/data_folder.h"

namespace melsweep::dataset {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

std::string error_of(std::string_view text) {
  const auto table = parse_csv(text, "t.csv");
  EXPECT_FALSE(table.ok());
  EXPECT_EQ(table.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(table.status().message());
}

TEST(Csv, ReadsQuotedFieldsWithCommasLineEndsAndQuotes) {
  const auto table = parse_csv("a,b\r\n\"x,\"\"y\"\"\",\"two\nlines\"\r\nlast,\"\"", "t.csv");
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_THAT(table->header, ElementsAre("a", "b"));
  ASSERT_EQ(table->rows.size(), 2U);
  EXPECT_THAT(table->rows[0].fields, ElementsAre("x,\"y\"", "two\nlines"));
  EXPECT_THAT(table->rows[1].fields, ElementsAre("last", ""));
}

TEST(Csv, CountsLinesNotRows) {
  const auto table = parse_csv("a,b\n\"two\nlines\",1\n\n\nx,2\n", "t.csv");
  ASSERT_TRUE(table.ok()) << table.status();
  ASSERT_EQ(table->rows.size(), 2U);
  EXPECT_EQ(table->place(table->rows[0]), "t.csv:2");
  EXPECT_EQ(table->place(table->rows[1]), "t.csv:6");
}

TEST(Csv, PassesOverAByteOrderMark) {
  const auto table = parse_csv("\xEF\xBB\xBFpath,label\nx,y\n", "t.csv");
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_EQ(table->column("path"), 0U);
  EXPECT_EQ(table->column("missing"), std::nullopt);
}

TEST(Csv, KeepsATrailingEmptyField) {
  const auto table = parse_csv("a,b\nx,", "t.csv");
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_THAT(table->rows[0].fields, ElementsAre("x", ""));
}

TEST(Csv, RefusesARowOfAnotherLength) {
  EXPECT_THAT(error_of("a,b\n1,2\n1,2,3\n"), AllOf(StartsWith("t.csv:3: "), HasSubstr("3 fields")));
}

TEST(Csv, RefusesAnUnclosedQuoteWhereItOpens) {
  EXPECT_THAT(error_of("a,b\n1,\"2\n3,4\n"), AllOf(StartsWith("t.csv:2: "), HasSubstr("never closed")));
}

TEST(Csv, RefusesStrayQuotesAndCarriageReturns) {
  EXPECT_THAT(error_of("a,b\n1,x\"y\n"), StartsWith("t.csv:2: "));
  EXPECT_THAT(error_of("a,b\n\"1\"x,2\n"), StartsWith("t.csv:2: "));
  EXPECT_THAT(error_of("a,b\r1,2\r"), HasSubstr("carriage return"));
}

TEST(Csv, RefusesOtherEncodings) {
  EXPECT_THAT(error_of("\xFF\xFEp\0a\0"), HasSubstr("UTF-16"));
  EXPECT_THAT(error_of("a,b\ncaf\xE9,1\n"), AllOf(StartsWith("t.csv:2: "), HasSubstr("UTF-8")));
  EXPECT_THAT(error_of(std::string_view("a,b\nx\0y,1\n", 10)), StartsWith("t.csv:2: "));
}

TEST(Csv, RefusesHeadersThatCannotBeTold) {
  EXPECT_THAT(error_of(""), HasSubstr("empty"));
  EXPECT_THAT(error_of("a,b,a\n"), HasSubstr("'a' is there twice"));
  EXPECT_THAT(error_of("a,,b\n"), HasSubstr("no name"));
}

TEST(Csv, SaysWhichFileIsMissing) {
  const DataFolder folder;
  const auto table = read_csv(folder.path("none.csv"));
  EXPECT_EQ(table.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(table.status().message()), HasSubstr("none.csv"));
}

}  // namespace
}  // namespace melsweep::dataset
