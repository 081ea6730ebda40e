#include "client/output/sections.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace melsweep::output {
namespace {

std::vector<Section> sample_sections() {
  Table numbers({"number"});
  numbers.add_row({std::int64_t{7}});
  Table names({"name"});
  names.add_row({std::string("x")});
  return {{.key = "numbers", .title = "Numbers", .table = numbers},
          {.key = "nothing", .title = "Nothing", .table = Table({"a"})},
          {.key = "names", .title = "Names", .table = names}};
}

TEST(SectionsTest, PeopleSeeThoseThatHaveRowsUnderTheirTitles) {
  EXPECT_EQ(render_sections(sample_sections(), OutputFormat::kTable),
            "Numbers\nnumber\n     7\n\nNames\nname\nx\n");
}

TEST(SectionsTest, JsonHasThemAllByKey) {
  const auto json = nlohmann::json::parse(render_sections(sample_sections(), OutputFormat::kJson));
  EXPECT_EQ(json, nlohmann::json::parse(
                      R"({"numbers": [{"number": 7}], "nothing": [], "names": [{"name": "x"}]})"));
}

}  // namespace
}  // namespace melsweep::output
