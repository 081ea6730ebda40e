#include "client/output/live_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/output/terminal.h"

namespace melsweep::output {
namespace {

using testing::Contains;
using testing::HasSubstr;

constexpr TerminalSize kRoomy = {.columns = 200, .rows = 50};

results::TrialSummary finished(std::int64_t number, double objective) {
  results::TrialSummary trial;
  trial.number = number;
  trial.rank = 1;
  trial.parameters = {{.name = "learning_rate", .value = 0.05}};
  trial.state = TrialState::kFinished;
  trial.objective = objective;
  return trial;
}

SweepView running_view() {
  SweepView view;
  view.sweep.id = SweepId{3};
  view.sweep.name = "grid";
  view.sweep.state = SweepState::kRunning;
  view.sweep.objective_metric = "validation/accuracy";
  view.sweep.trials_total = 4;
  view.sweep.trials_finished = 2;
  view.sweep.trials_running = 1;
  view.sweep.created_ms = 1000;
  view.now_ms = 61'000;
  view.best = finished(2, 0.75);
  view.mean_duration_ms = 15'000;
  results::WorkerSummary worker;
  worker.id = WorkerId{"host-1"};
  worker.device = "cpu";
  worker.trial = TrialId{9};
  worker.progress = {.stage = "training", .done = 50, .total = 100};
  worker.last_seen_ms = 60'500;
  view.workers = {worker};
  return view;
}

TEST(LiveViewTest, TimeLeftCountsTheRunningTrialsPart) {
  // 2 trials are left, half of one is done: 1.5 trials at 15 s each, one at a time.
  EXPECT_EQ(time_left_ms(running_view()), 22'500);
}

TEST(LiveViewTest, TimeLeftIsUnknownBeforeTheFirstTrialEnds) {
  SweepView view = running_view();
  view.mean_duration_ms = 0;
  EXPECT_EQ(time_left_ms(view), std::nullopt);
}

TEST(LiveViewTest, APausedSweepSaysSoAndPromisesNoEnd) {
  SweepView view = running_view();
  view.sweep.trials_reused = 2;
  EXPECT_THAT(progress_line(view), testing::HasSubstr("2 reused"));
  view.sweep.paused = true;
  EXPECT_THAT(progress_line(view), testing::StartsWith("paused: 2 of 4 trials done"));
  EXPECT_THAT(live_lines(view, kRoomy), testing::Not(Contains(HasSubstr("left"))));
  view.sweep.trials_total = 0;
  EXPECT_THAT(progress_line(view), testing::StartsWith("paused; "));
}

TEST(LiveViewTest, AWorkerThatIsToLeaveSaysSo) {
  SweepView view = running_view();
  EXPECT_THAT(live_lines(view, kRoomy), testing::Not(Contains(HasSubstr("leave"))));
  view.workers[0].draining = true;
  EXPECT_THAT(live_lines(view, kRoomy), Contains(HasSubstr("host-1 (cpu), is to leave")));
}

TEST(LiveViewTest, ABestWithoutAnObjectiveIsNotShown) {
  SweepView view = running_view();
  view.best->objective.reset();
  EXPECT_THAT(progress_line(view), testing::Not(HasSubstr("best")));
}

TEST(LiveViewTest, ShowsCountsBestWorkersAndWarnings) {
  SweepView view = running_view();
  view.sweep.warnings = {"3 recordings stand on both sides"};
  const auto lines = live_lines(view, kRoomy);
  EXPECT_THAT(lines, Contains(HasSubstr("2 of 4 trials done, 1 running")));
  EXPECT_THAT(lines, Contains(HasSubstr("best validation/accuracy 0.7500 (trial 2: learning_rate=0.05)")));
  EXPECT_THAT(lines, Contains(HasSubstr("training 50/100")));
  EXPECT_THAT(lines, Contains(HasSubstr("warning: 3 recordings stand on both sides")));
}

TEST(LiveViewTest, EveryLineIsNarrowerThanTheTerminal) {
  SweepView view = running_view();
  view.sweep.name = "鳥の声鳥の声鳥の声鳥の声";
  const auto lines = live_lines(view, {.columns = 20, .rows = 50});
  EXPECT_EQ(lines.front(), "鳥の声鳥の声鳥の声");  // 18 columns; a tenth character would take the twentieth
  for (const std::string& line : lines) EXPECT_LT(display_width(line), 20U) << line;
}

TEST(LiveViewTest, FewerLinesThanTheTerminalHasRows) {
  SweepView view = running_view();
  view.workers.resize(30, view.workers.front());
  const auto lines = live_lines(view, {.columns = 80, .rows = 10});
  ASSERT_EQ(lines.size(), 9U);
  EXPECT_EQ(lines.back(), "... and 25 lines more");  // of 33: state, bar, best, 30 workers
  EXPECT_EQ(live_lines(view, {.columns = 80, .rows = 1}).size(), 1U);
}

TEST(LiveViewTest, AWorkersStageIsReadableWhereItsNameDoesNotFit) {
  SweepView view = running_view();
  view.workers[0].id.value = std::string(100, 'w');
  EXPECT_THAT(live_lines(view, {.columns = 40, .rows = 50}), Contains(HasSubstr("training 50/100")));
}

TEST(LiveViewTest, WorkersThatLeftAreNotShown) {
  SweepView view = running_view();
  view.now_ms += 120'000;
  EXPECT_THAT(live_lines(view, kRoomy), testing::Not(Contains(HasSubstr("host-1"))));
}

TEST(LiveViewTest, LineBeforeTheTrialsExistNamesTheState) {
  SweepView view = running_view();
  view.sweep.state = SweepState::kPreparing;
  view.sweep.trials_total = 0;
  view.best.reset();
  view.workers[0].progress = {.stage = "reading data", .done = 7, .total = 400};
  EXPECT_EQ(progress_line(view), "preparing; reading data 7/400");
}

TEST(LiveViewTest, LineOfASweepThatWaitsNamesThoseItWaitsFor) {
  SweepView view = running_view();
  view.sweep.state = SweepState::kWaiting;
  view.sweep.waits_for = "grid";
  view.sweep.trials_total = 0;
  view.best.reset();
  view.workers.clear();
  EXPECT_EQ(progress_line(view), "waiting for grid");
}

TEST(LiveViewTest, LineOfASweepThatNoWorkerSuitsSaysWhy) {
  SweepView view = running_view();
  view.sweep.unmet = "it asks for 1 GPU, which no worker has; there is 1 with no GPU, 2 CPUs";
  EXPECT_THAT(progress_line(view), testing::StartsWith("waiting: " + view.sweep.unmet));
}

TEST(LiveViewTest, LineOfASweepWithoutWorkersSaysSo) {
  SweepView view = running_view();
  view.sweep.reason = "there is no worker now";
  EXPECT_THAT(progress_line(view), testing::StartsWith("waiting: there is no worker now"));
  view.sweep.state = SweepState::kFailed;
  EXPECT_THAT(progress_line(view), testing::Not(testing::HasSubstr("waiting")));
}

}  // namespace
}  // namespace melsweep::output
