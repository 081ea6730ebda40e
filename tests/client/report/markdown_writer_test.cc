#include "client/report/markdown_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/report/text.h"

namespace melsweep::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(MarkdownWriterTest, NothingInATextIsMarkup) {
  EXPECT_EQ(escape_markdown("a_b*c|[x](y)<b>\n`#"), "a\\_b\\*c\\|\\[x\\](y)&lt;b&gt; \\`\\#");
}

TEST(MarkdownWriterTest, ATableIsGitHubsAndAListingIsFencedWhateverItHolds) {
  Section section{.id = "s", .title = "T", .finding = "F.", .blocks = {}};
  section.blocks.emplace_back(DataTable{.key = "t",
                                        .caption = "c",
                                        .columns = {"class", "F1"},
                                        .rows = {{text_cell("a|b"), measured_cell(0.5)}}});
  section.blocks.emplace_back(Listing{.caption = "file", .text = "```\nx"});
  ChartEngine engine;
  const auto report =
      write_markdown({.title = "D", .subtitle = "S", .sections = {section}}, "d_files", engine);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_THAT(report->text, HasSubstr("| class | F1 |\n|---|---:|\n| a\\|b | 0.500 |\n"));
  EXPECT_THAT(report->text, HasSubstr("````\n```\nx\n````\n"));
}

TEST(MarkdownWriterTest, PicturesAndSoundsAreFilesThatTheTextRefersTo) {
  Section section{.id = "s", .title = "T", .finding = "F.", .blocks = {}};
  section.blocks.emplace_back(Chart{
      .title = "Chart",
      .description = "Bars.",
      .data = R"({"kind":"bars","x":{"title":""},"categories":["a"],"series":[{"name":"n","values":[1]}]})",
      .height = 200,
      .table = {.key = "bars", .caption = "c", .columns = {}, .rows = {}}});
  section.blocks.emplace_back(
      ClipCards{.key = "clips",
                .cards = {{.title = "a.wav",
                           .facts = {{"true", "dog"}},
                           .filter = "dog",
                           .pictures = {{.title = "mel",
                                         .description = "Spectrogram.",
                                         .svg = "<svg viewBox=\"0 0 1 1\"></svg>"}},
                           .sound = Sound{.title = "Sound", .media_type = "audio/ogg", .bytes = "abc"}}}});
  ChartEngine engine;
  const auto report =
      write_markdown({.title = "D", .subtitle = "S", .sections = {section}}, "d_files", engine);
  ASSERT_TRUE(report.ok()) << report.status();
  ASSERT_EQ(report->files.size(), 3);
  EXPECT_EQ(report->files[0].first, "bars.svg");
  EXPECT_THAT(report->files[0].second, HasSubstr("fill=\"#ffffff\""));
  EXPECT_EQ(report->files[2], std::pair(std::string("clips-1.ogg"), std::string("abc")));
  for (const char* link :
       {"![Chart. Bars.](d_files/bars.svg)", "(d_files/clips-1-1.svg)", "(d_files/clips-1.ogg)"}) {
    EXPECT_THAT(report->text, HasSubstr(link));
  }
}

}  // namespace
}  // namespace melsweep::report
