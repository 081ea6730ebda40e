#include "client/report/comparison_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/report/html_writer.h"
#include "client/report/markdown_writer.h"
#include "tests/client/report/compared_stories.h"
#include "tests/client/report/timed_story.h"
#include "tests/client/report/written_archive.h"
#include "tests/coordinator/store/temporary_folder.h"

namespace melsweep::report {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// Makes everything, and counts.
class CountingRenderer final : public Renderer {
 public:
  absl::StatusOr<std::vector<Rendering>> render(const std::vector<RenderingWish>& wishes) override {
    std::vector<Rendering> made;
    for (const RenderingWish& wish : wishes) {
      Rendering rendering;
      rendering.id = wish.id;
      rendering.bytes = wish.kind == RenderingKind::kSound ? "sound" : "picture";
      rendering.media_type = "audio/ogg";
      rendering.scale = wish.features.find("hertz") == std::string::npos ? "mel" : "log";
      made.push_back(rendering);
    }
    asked += wishes.size();
    return made;
  }

  std::size_t asked = 0;
};

class ComparisonReportTest : public testing::Test {
 protected:
  Document made(const results::Story& a, const results::Story& b) {
    const Comparison comparison = compare(a, b);
    const ComparisonIllustrations pictures =
        comparison.difference.clips == 0
            ? ComparisonIllustrations{}
            : illustrate(comparison, data_, data_, renderer_, {.database = folder_.path() / "results.db"});
    return make_comparison(comparison, pictures,
                           {.database = "results.db", .version = "0", .made_at = "2026-01-31T12:00:00Z"});
  }

  static const Section* section(const Document& document, const std::string& id) {
    const auto found = std::ranges::find(document.sections, id, &Section::id);
    return found == document.sections.end() ? nullptr : &*found;
  }

  static const DataTable* find(const Document& document, const std::string& key) {
    for (const Section& one : document.sections) {
      for (const Block& block : one.blocks) {
        const auto* table = std::get_if<DataTable>(&block);
        if (const auto* chart = std::get_if<Chart>(&block)) table = &chart->table;
        if (table != nullptr && table->key == key) return table;
      }
    }
    return nullptr;
  }

  static std::vector<ClipCard> cards(const Document& document, const std::string& key) {
    for (const Block& block : section(document, "clips")->blocks) {
      const auto* held = std::get_if<ClipCards>(&block);
      if (held != nullptr && held->key == key) return held->cards;
    }
    return {};
  }

  store::TemporaryFolder folder_;
  std::filesystem::path data_ = folder_.path();
  CountingRenderer renderer_;
  results::Story a_ = story_of(1, {.wrong = {0, 1}});
  results::Story b_ = story_of(2, {.wrong = {1, 2, 3}});
};

TEST_F(ComparisonReportTest, TheSentenceAndItsTableHaveTheSameNumbers) {
  const Document document = made(a_, b_);
  const DataTable* table = find(document, "same-clips");
  ASSERT_NE(table, nullptr);
  EXPECT_EQ(table->rows[0][1].value, "0.9");
  EXPECT_EQ(table->rows[0][3].text, "-5.0");
  EXPECT_THAT(document.sections.front().finding, HasSubstr("B less A -5.0 points"));
  EXPECT_THAT(document.sections.front().finding,
              HasSubstr(table->rows[1][3].text + " to " + table->rows[2][3].text));
  EXPECT_EQ(table->rows[3][1].value, "20");
  EXPECT_EQ(table->rows[4][1].value, "2");
  EXPECT_EQ(table->rows[4][2].value, "1");
  EXPECT_EQ(table->rows[5][1].value, "1");
  for (const Section& one : document.sections) EXPECT_THAT(one.finding, testing::EndsWith(".")) << one.id;
}

TEST_F(ComparisonReportTest, TheTimeOfBothIsToldByStage) {
  a_.sweeps[0].runs = timed_sweep(1, {{.group = "a", .stages = {{"training", 4.0, 1000, 0}}}}).runs;
  b_.sweeps[0].runs = timed_sweep(2, {{.group = "b", .stages = {{"training", 1.0, 1000, 0}}}}).runs;
  const Document document = made(a_, b_);
  const DataTable* stages = find(document, "timing-stages");
  ASSERT_NE(stages, nullptr);
  ASSERT_EQ(stages->rows.size(), 2);
  EXPECT_EQ(stages->rows[0][0].value, "1");
  EXPECT_EQ(stages->rows[0][3].value, "4");
  EXPECT_EQ(stages->rows[1][0].value, "2");
  EXPECT_EQ(stages->rows[1][3].value, "1");
  EXPECT_EQ(find(made(a_, a_), "timing-stages")->rows.size(), 1);
}

TEST_F(ComparisonReportTest, BothListsOfClipsHavePicturesAndSoundsOnce) {
  const Document document = made(a_, b_);
  const std::vector<ClipCard> only_a = cards(document, "clips-A");
  ASSERT_EQ(only_a.size(), 2);
  EXPECT_EQ(cards(document, "clips-B").size(), 1);
  EXPECT_EQ(only_a[0].title, "clip2");
  EXPECT_EQ(only_a[0].pictures.size(), 1);
  ASSERT_TRUE(only_a[0].sound);
  EXPECT_EQ(only_a[0].sound->bytes, "sound");
  EXPECT_EQ(renderer_.asked, 6);
  EXPECT_EQ(find(document, "only-A")->rows.size(), 2);
  EXPECT_EQ(find(document, "only-B")->rows[0][0].text, "clip0");
}

TEST_F(ComparisonReportTest, OtherFeaturesGiveAPictureOfEach) {
  b_.sweeps.front().cells.front().settings =
      R"({"features":{"representation":"hertz"},"training":{"steps":100}})";
  const Document document = made(a_, b_);
  EXPECT_EQ(cards(document, "clips-A")[0].pictures.size(), 2);
  const DataTable* differences = find(document, "differences");
  ASSERT_NE(differences, nullptr);
  ASSERT_EQ(differences->rows.size(), 1);
  EXPECT_EQ(differences->rows[0][1].text, "mel");
  EXPECT_EQ(differences->rows[0][2].text, "hertz");
}

TEST_F(ComparisonReportTest, WithoutTheDataEachSidesArchiveHasWhatItGotWrong) {
  data_ = "/no/such/folder";
  for (results::Story* story : {&a_, &b_}) {
    results::SweepStory& sweep = story->sweeps.front();
    sweep.spec.evaluate = Split::kTest;
    sweep.summary.objective_metric = "test/accuracy";
    sweep.evaluations.front().split = "test";
    results::StoryRun run;
    run.trial = 1;
    run.checkpoint =
        absl::StrCat("/gone/sweep-", sweep.summary.id.value, "/trial-1/attempt-1/step-9.safetensors");
    sweep.runs.push_back(run);
  }
  const auto folder = folder_.path() / "results.db.artifacts";
  write_archive(folder / "sweep-1/trial-1/attempt-1/step-9.misclassified.tar", {"clip0", "hash of clip0"});
  write_archive(folder / "sweep-2/trial-1/attempt-1/step-9.misclassified.tar", {"clip2", "hash of clip2"});
  const Document document = made(a_, b_);
  EXPECT_EQ(cards(document, "clips-B")[0].pictures.size(), 1) << "clip0, which A got wrong";
  EXPECT_EQ(cards(document, "clips-A")[0].pictures.size(), 1) << "clip2, which B got wrong";
  EXPECT_EQ(cards(document, "clips-A")[1].pictures.size(), 0) << "clip3, which its archive does not have";
  ChartEngine engine;
  const auto html = write_html(document, engine);
  ASSERT_TRUE(html.ok()) << html.status();
  for (const char* part : {"kept of its mistakes", "sweep-1/trial-1", "sweep-2/trial-1", "/no/such/folder"}) {
    EXPECT_THAT(*html, HasSubstr(part));
  }
}

TEST_F(ComparisonReportTest, ClassesStandBesideOneAnother) {
  a_.sweeps.front().evaluations.front().classes[0].f1 = 0.5;
  b_.sweeps.front().evaluations.front().classes[0].f1 = 0.75;
  const Document document = made(a_, b_);
  const DataTable* table = find(document, "class-contrasts");
  ASSERT_NE(table, nullptr);
  EXPECT_EQ(table->rows[0][1].value, "0.5");
  EXPECT_EQ(table->rows[0][2].value, "0.75");
  EXPECT_EQ(table->rows[0][3].text, "+0.250");
}

TEST_F(ComparisonReportTest, CurvesOfBothLieOverEachOther) {
  for (results::Story* story : {&a_, &b_}) {
    results::StoryCurves curves{.trial = 1, .points = {}};
    for (std::int64_t step = 10; step <= 30; step += 10) {
      curves.points.push_back(
          {.step = step, .name = "validation/accuracy", .value = 0.1 * static_cast<double>(step) / 10});
    }
    story->sweeps.front().curves.push_back(curves);
  }
  const Document document = made(a_, b_);
  const DataTable* table = find(document, "overlay-accuracy");
  ASSERT_NE(table, nullptr);
  EXPECT_THAT(table->columns, ElementsAre("step", "A, validation", "B, validation"));
  EXPECT_EQ(table->rows.size(), 3);
  EXPECT_THAT(section(document, "curves")->finding, HasSubstr("A's (0.300) from step 30 on and B's"));
}

TEST_F(ComparisonReportTest, WhatCannotBeComparedHasAReportThatSaysSo) {
  const results::Story other = story_of(3, {.wrong = {0}, .classes = {"bell", "dog"}, .prefix = "other"});
  const Document classes = made(a_, other);
  EXPECT_EQ(section(classes, "clips"), nullptr);
  EXPECT_NE(section(classes, "classes"), nullptr);
  EXPECT_EQ(find(classes, "class-contrasts")->rows.size(), 3);
  results::Story empty = story_of(4, {});
  results::SweepStory& sweep = empty.sweeps.front();
  sweep.summary.state = SweepState::kRunning;
  sweep.summary.trials_finished = 0;
  sweep.cells.clear();
  sweep.evaluations.clear();
  sweep.data = {};
  const Document unfinished = made(a_, empty);
  EXPECT_THAT(unfinished.sections.front().finding, HasSubstr("Nothing can be compared yet"));
  ChartEngine engine;
  for (const Document& document : {classes, unfinished}) {
    EXPECT_TRUE(write_html(document, engine).ok());
    EXPECT_TRUE(write_markdown(document, "files", engine).ok());
  }
}

TEST_F(ComparisonReportTest, HostileNamesAreText) {
  const std::string hostile =
      "</td></script><script>alert('x')</script>\"\xE2\x80\xAE" + std::string(10'240, 'w');
  for (results::Story* story : {&a_, &b_}) {
    story->study = hostile;
    results::SweepStory& sweep = story->sweeps.front();
    sweep.summary.name = hostile;
    sweep.summary.warnings = {hostile};
    sweep.data.classes[0].class_name = hostile;
    sweep.evaluations.front().classes[0].class_name = hostile;
    sweep.yaml = hostile;
  }
  b_.sweeps.front().cells.front().settings = R"({"features":{"</script><script>alert(1)</script>":"<b>"}})";
  const Document document = made(a_, b_);
  ChartEngine engine;
  const auto html = write_html(document, engine);
  ASSERT_TRUE(html.ok()) << html.status();
  EXPECT_THAT(*html, Not(HasSubstr("<script>alert")));
  EXPECT_THAT(*html, Not(HasSubstr("\xE2\x80\xAE"))) << "no right-to-left override is left";
}

}  // namespace
}  // namespace melsweep::report
