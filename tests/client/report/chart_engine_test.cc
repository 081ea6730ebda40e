#include "client/report/chart_engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/report/chart_data.h"

namespace melsweep::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::string drawn(const std::string& data) {
  ChartEngine engine;
  const absl::StatusOr<std::string> svg = engine.draw(data, 600, 300);
  EXPECT_TRUE(svg.ok()) << svg.status();
  return svg.value_or("");
}

TEST(ChartEngineTest, DrawsEachKindOfChart) {
  EXPECT_THAT(drawn(to_data(LineChart{.x_title = "step",
                                      .y_title = "loss",
                                      .lines = {{.name = "mel", .points = {{0, 1}, {10, 0.5}}}},
                                      .marks = {{.x = 5, .label = "plateau from 5"}}})),
              AllOf(StartsWith("<svg"), HasSubstr(">mel<"), HasSubstr(">plateau from 5<")));
  EXPECT_THAT(
      drawn(to_data(BarChart{
          .x_title = "clips", .categories = {"dog", "cat"}, .series = {{.name = "n", .values = {3, 4}}}})),
      HasSubstr(">dog<"));
  EXPECT_THAT(drawn(to_data(HeatMap{.x_title = "rate",
                                    .x_categories = {"0.1"},
                                    .y_title = "size",
                                    .y_categories = {"50"},
                                    .cells = {{.x = 0, .y = 0, .value = 0.5, .text = "0.500"}}})),
              HasSubstr(">0.500<"));
  EXPECT_THAT(drawn(to_data(ParallelChart{.axes = {{.title = "rate", .categories = {"0.1", "0.2"}},
                                                   {.title = "size", .categories = {"5"}},
                                                   {.title = "accuracy", .categories = {}}},
                                          .rows = {{"0.1", "5", 0.4}, {"0.2", "5", 0.5}}})),
              HasSubstr(">accuracy<"));
}

TEST(ChartEngineTest, NamesAreTextAndNeverMarkup) {
  const std::string svg = drawn(to_data(BarChart{.x_title = "clips",
                                                 .categories = {"<b onload=\"x\">'&", "\xD7\xA9"},
                                                 .series = {{.name = "n", .values = {3, 4}}}}));
  EXPECT_THAT(svg, HasSubstr("&lt;b onload"));
  EXPECT_THAT(svg, Not(HasSubstr("<b ")));
}

TEST(ChartEngineTest, WhatIsNoChartIsAnErrorAndTheNextOneIsDrawn) {
  ChartEngine engine;
  EXPECT_EQ(engine.draw("{\"kind\": \"pie\"}", 600, 300).status().code(), absl::StatusCode::kInternal);
  EXPECT_EQ(engine.draw("{", 600, 300).status().code(), absl::StatusCode::kInternal);
  const BarChart bars{.x_title = "", .categories = {"a"}, .series = {{.name = "n", .values = {1}}}};
  EXPECT_TRUE(engine.draw(to_data(bars), 600, 300).ok());
}

TEST(ChartEngineTest, PointsThatAreNoNumberAreGaps) {
  const LineChart chart{.x_title = "step",
                        .y_title = "loss",
                        .lines = {{.name = "n", .points = {{0, 1}, {1, std::nan("")}, {2, 1}}}},
                        .marks = {}};
  EXPECT_THAT(to_data(chart), HasSubstr("[1.0,null]"));
  EXPECT_THAT(drawn(to_data(chart)), Not(HasSubstr("NaN")));
}

}  // namespace
}  // namespace melsweep::report
