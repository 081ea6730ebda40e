#include "client/report/html_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/report/text.h"

namespace melsweep::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kHostile[] = "</script><script>alert(1)</script>\"'&";

std::string written(const Document& document) {
  ChartEngine engine;
  const absl::StatusOr<std::string> html = write_html(document, engine);
  EXPECT_TRUE(html.ok()) << html.status();
  return html.value_or("");
}

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

// A document with the text in every place that holds one.
Document with(const std::string& text) {
  const DataTable table{.key = "t", .caption = text, .columns = {text}, .rows = {{text_cell(text)}}};
  Section section{.id = "s", .title = text, .finding = text, .blocks = {}};
  section.blocks = {
      Paragraph{text},
      Notice{text},
      Heading{text},
      Listing{.caption = text, .text = text, .folded = true},
      Chart{.title = text,
            .description = text,
            .data = R"({"kind":"bars","x":{"title":"</script>"},"categories":["</script>"],)"
                    R"("series":[{"name":"<b>","values":[1]}]})",
            .height = 200,
            .table = table},
      ClipCards{.key = "c",
                .cards = {{.title = text,
                           .facts = {{text, text}},
                           .filter = text,
                           .pictures = {{.title = text, .description = text, .svg = "<svg></svg>"}},
                           .sound = Sound{.title = text, .media_type = text, .bytes = "abc"}}},
                .can_be_filtered = true}};
  return {.title = text, .subtitle = text, .sections = {section}};
}

TEST(HtmlWriterTest, HostileTextIsTextWhereverItStands) {
  const std::string html = written(with(kHostile));
  EXPECT_THAT(html, Not(HasSubstr("<script>alert")));
  EXPECT_EQ(count(html, "</script>"), 2U) << "the chart's data and the page's own script";
  EXPECT_EQ(count(html, "&lt;/script&gt;&lt;script&gt;alert(1)"), count(written(with("ab cd")), "ab cd"));
}

TEST(HtmlWriterTest, NothingIsFetched) {
  const std::string html = written(with("a"));
  EXPECT_THAT(html, HasSubstr("default-src 'none'"));
  EXPECT_THAT(html, HasSubstr("script-src 'sha256-"));
  for (const char* fetched : {"<link", "src=\"http", "url(h", "@import", "<iframe", "<script src"}) {
    EXPECT_THAT(html, Not(HasSubstr(fetched)));
  }
  EXPECT_THAT(html, HasSubstr("data:a;base64,YWJj"));
}

TEST(HtmlWriterTest, NumbersAreThereWithAllTheirDigits) {
  Section section{.id = "s", .title = "", .finding = "", .blocks = {}};
  section.blocks.emplace_back(
      DataTable{.key = "t", .caption = "c", .columns = {"a"}, .rows = {{measured_cell(0.665625)}}});
  EXPECT_THAT(written({.title = "", .subtitle = "", .sections = {section}}),
              HasSubstr("<td class=\"number\" data-value=\"0.665625\">0.666</td>"));
}

TEST(HtmlWriterTest, ATableOfManyColumnsIsSetSmallerOnPaper) {
  const auto page_of = [](std::size_t columns) {
    Section section{.id = "s", .title = "", .finding = "", .blocks = {}};
    section.blocks.emplace_back(DataTable{
        .key = "t", .caption = "c", .columns = std::vector<std::string>(columns, "column"), .rows = {}});
    return written({.title = "", .subtitle = "", .sections = {section}});
  };
  EXPECT_THAT(page_of(15), HasSubstr("<table id=\"t\" class=\"broad\">"));
  EXPECT_THAT(page_of(6), HasSubstr("<table id=\"t\">"));
}

TEST(HtmlWriterTest, AChartIsDrawnForWideAndNarrowWindowsWithItsTableBehindIt) {
  const std::string html = written(with("a"));
  EXPECT_THAT(html, HasSubstr("<div class=\"wide\"><svg width=\"1000\""));
  EXPECT_THAT(html, HasSubstr("<div class=\"narrow\"><svg width=\"350\""));
  EXPECT_THAT(html, HasSubstr("role=\"img\" aria-label=\"a. a\""));
  EXPECT_THAT(html, HasSubstr("<details><summary>In numbers: a</summary>"));
}

TEST(HtmlWriterTest, AChartThatCannotBeDrawnIsAnError) {
  Section section{.id = "s", .title = "", .finding = "", .blocks = {}};
  section.blocks.emplace_back(
      Chart{.title = "", .description = "", .data = "{}", .height = 100, .table = {}});
  ChartEngine engine;
  EXPECT_FALSE(write_html({.title = "", .subtitle = "", .sections = {section}}, engine).ok());
}

}  // namespace
}  // namespace melsweep::report
