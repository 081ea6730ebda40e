#include "client/report/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/report/html_writer.h"
#include "tests/shared/results/finished_trials.h"

namespace melsweep::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class ReportTest : public results::FinishedTrials {
 protected:
  static std::vector<Parameter> cell(double rate, std::int64_t size) {
    return {{.name = "learning_rate", .value = rate}, {.name = "batch_size", .value = size}};
  }

  Document made() {
    const absl::StatusOr<results::Story> story = results::read_story(path_, "1");
    EXPECT_TRUE(story.ok()) << story.status();
    return make_report(*story, Illustrations::none("nobody asked"),
                       {.database = "results.db", .version = "0", .made_at = "2026-01-31T12:00:00Z"});
  }

  std::string html() {
    ChartEngine engine;
    const absl::StatusOr<std::string> written = write_html(made(), engine);
    EXPECT_TRUE(written.ok()) << written.status();
    return written.value_or("");
  }

  // The table of this key, wherever it is.
  static const DataTable* find(const Document& document, const std::string& key) {
    for (const Section& section : document.sections) {
      for (const Block& block : section.blocks) {
        const auto* table = std::get_if<DataTable>(&block);
        if (const auto* chart = std::get_if<Chart>(&block)) table = &chart->table;
        if (table != nullptr && table->key == key) return table;
      }
    }
    ADD_FAILURE() << "no table " << key;
    return nullptr;
  }
};

TEST_F(ReportTest, TheTablesHoldTheDatabasesNumbers) {
  finish(1, cell(0.005, 50), 0.5, {said("fold9/a.wav", 0, 1, 0.9F), said("fold9/b.wav", 1, 1, 0.9F)});
  finish(2, cell(0.05, 200), 1.0, {said("fold9/a.wav", 0, 0, 0.9F), said("fold9/b.wav", 1, 1, 0.75F)});
  const Document document = made();
  const DataTable* cells = find(document, "cells-1");
  ASSERT_EQ(cells->rows.size(), 2);
  EXPECT_EQ(cells->rows[0][1].text, "0.05");
  EXPECT_EQ(cells->rows[0][3].value, "1");
  EXPECT_EQ(cells->rows[1][3].value, "0.5");
  const DataTable* heat = find(document, "heat-1-1");
  EXPECT_EQ(heat->columns, (std::vector<std::string>{"learning_rate \\ batch_size", "50", "200"}));
  EXPECT_EQ(heat->rows[0][1].value, "0.5");
  EXPECT_EQ(heat->rows[0][2].value, "");
  EXPECT_EQ(heat->rows[1][2].value, "1");
  const DataTable* curves = find(document, "curves-accuracy-1");
  ASSERT_EQ(curves->rows.size(), 2);
  EXPECT_EQ(curves->rows[1][0].value, "1000");
  EXPECT_EQ(find(document, "confusion-1")->rows[1][2].value, "1");
  EXPECT_EQ(find(document, "trials-1")->rows[0][1].value, "2");
}

TEST_F(ReportTest, TheTimeOfTheTrialsIsTheDatabases) {
  finish(1, cell(0.005, 50), 0.5, {said("fold9/a.wav", 0, 1, 0.9F), said("fold9/b.wav", 1, 1, 0.9F)});
  finish(2, cell(0.05, 200), 1.0, {said("fold9/a.wav", 0, 0, 0.9F), said("fold9/b.wav", 1, 1, 0.75F)});
  add({store::PutStages{{TrialId{1}, 1}, {{"bottlenecks", 3.0, 320, 0}, {"training", 1.5, 1000, 0}}},
       store::PutStages{{TrialId{2}, 1}, {{"bottlenecks", 0.0, 0, 320}, {"training", 1.5, 1000, 0}}}});
  const Document document = made();
  const DataTable* stages = find(document, "timing-stages");
  ASSERT_EQ(stages->rows.size(), 2);
  EXPECT_EQ(stages->rows[0][2].text, "bottlenecks");
  EXPECT_EQ(stages->rows[0][3].value, "3");
  EXPECT_EQ(stages->rows[0][4].value, "0.5");  // both ran on one worker, in the same 6 s
  EXPECT_EQ(stages->rows[0][6].value, "320");
  EXPECT_THAT(html(), HasSubstr("From the caches came 320 bottlenecks"));
}

TEST_F(ReportTest, EachSectionOpensWithASentence) {
  finish(1, cell(0.005, 50), 0.5, {said("fold9/a.wav", 0, 1, 0.9F), said("fold9/b.wav", 1, 1, 0.9F)});
  for (const Section& section : made().sections) {
    EXPECT_THAT(section.finding, testing::EndsWith(".")) << section.id;
  }
}

TEST_F(ReportTest, ASweepWithoutAFinishedTrialHasAReportThatSaysSo) {
  const Document document = made();
  EXPECT_THAT(document.sections.front().finding, HasSubstr("No trial has finished yet"));
  EXPECT_THAT(html(), HasSubstr("This sweep has not ended: 0 of 0 trials have finished so far"));
}

TEST_F(ReportTest, WarningsAndSkippedClipsAreShown) {
  const std::string page = html();
  EXPECT_THAT(page, HasSubstr("one recording is on both sides of the split"));
  EXPECT_THAT(page, HasSubstr("fold1/broken.wav is empty"));
}

TEST_F(ReportTest, HostileNamesAreTextAndBreakNothing) {
  const std::string hostile =
      "</td></script><script>alert('x')</script>\"\xE2\x80\xAE" + std::string(10'240, 'w');
  SweepRecord sweep = store::sample_sweep(1, "evil " + hostile);
  DatasetReport dataset = store::sample_dataset();
  dataset.classes = {hostile, "\xD7\xA9\xD7\x9C"};
  dataset.clips[0].id = hostile;
  add({store::PutSweep{sweep}, store::PutDataset{SweepId{1}, dataset}});
  finish(1, {{.name = hostile, .value = hostile}, {.name = "b", .value = hostile}}, 0.5,
         {said(hostile, 0, 1, 0.9F), said("fold9/b.wav", 1, 1, 0.9F)});
  const std::string page = html();
  EXPECT_THAT(page, Not(HasSubstr("<script>alert")));
  EXPECT_THAT(page, Not(HasSubstr("\xE2\x80\xAE"))) << "no right-to-left override is left";
  EXPECT_THAT(page, HasSubstr("&lt;/td&gt;&lt;/script&gt;&lt;script&gt;alert"));
  EXPECT_LT(page.size(), 5'000'000);
}

}  // namespace
}  // namespace melsweep::report
