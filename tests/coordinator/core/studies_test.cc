#include "coordinator/core/studies.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "SQLiteCpp/Database.h"
#include "coordinator/store/sqlite_store.h"
#include "tests/coordinator/core/coordinator_under_test.h"
#include "tests/coordinator/store/sample_records.h"
#include "tests/coordinator/store/temporary_folder.h"

namespace melsweep::core {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

SweepSpec named(SweepSpec spec, const std::string& name) {
  spec.name = name;
  return spec;
}

// The sweep `first` of learning rates 0.1, 0.2, ...; `second` of two batch sizes with its winner's rate; and
// the final training of that one's.
SweepSubmitted study(const std::string& request = "submission") {
  SweepSpec second = named(sweep_of(0), "second");
  second.parameters = {{"batch_size", "training.batch_size", {std::int64_t{5}, std::int64_t{7}}}};
  second.takes = {{"first", {"training.learning_rate"}}};
  SweepSpec final = named(sweep_of(0), "second-final");
  final.parameters.clear();
  final.takes = {{"second", {"training.batch_size", "training.learning_rate"}}};
  final.objective.metric = "test/accuracy";
  final.evaluate = Split::kTest;
  final.train_on = TrainOn::kTrainingAndValidation;
  SweepSubmitted submitted{{}, {request}, named(sweep_of(3), "first"), "study"};
  submitted.study = "study";
  submitted.followers = {second, final};
  return submitted;
}

class Studies : public testing::Test {
 protected:
  Studies() { coordinator_.add_worker(kAnna); }

  std::vector<SweepId> submit(const SweepSubmitted& submitted) {
    return coordinator_.ask<Submitted>(submitted).sweeps;
  }

  void prepare() { coordinator_.report(kAnna, coordinator_.lease_preparation(kAnna), two_clips()); }

  // Every trial that waits, with an objective that falls with each where there is none given.
  void run_trials(std::vector<double> objectives) {
    for (const double objective : objectives) {
      coordinator_.complete(kAnna, coordinator_.lease_trial(kAnna), objective);
    }
  }

  const SweepSpec& spec(std::int64_t id) const { return coordinator_.sweep(SweepId{id}).spec; }
  SweepState state(std::int64_t id) const { return coordinator_.sweep(SweepId{id}).state; }
  const std::string& reason(std::int64_t id) const { return coordinator_.sweep(SweepId{id}).reason; }

  Coordinator coordinator_;
};

TEST_F(Studies, WaitForTheWinnersTheyTakeFrom) {
  EXPECT_THAT(submit(study()), ElementsAre(SweepId{1}, SweepId{2}, SweepId{3}));
  EXPECT_EQ(state(1), SweepState::kPreparing);
  EXPECT_EQ(state(2), SweepState::kWaiting);
  prepare();
  run_trials({0.5, 0.9});
  EXPECT_EQ(state(2), SweepState::kWaiting);
  run_trials({0.7});
  EXPECT_EQ(state(1), SweepState::kFinished);
  EXPECT_EQ(state(2), SweepState::kPreparing);
  EXPECT_EQ(state(3), SweepState::kWaiting);
  EXPECT_EQ(spec(2).base.training.learning_rate, 0.2);
  EXPECT_THAT(coordinator_.sweep(SweepId{2}).study.sources, ElementsAre(TakingSource{SweepId{1}, 2}));
}

TEST_F(Studies, EndWithTheOneTestOfTheWinner) {
  submit(study());
  prepare();
  run_trials({0.5, 0.9, 0.7});
  prepare();
  run_trials({0.3, 0.4});
  prepare();
  const std::optional<Assignment> assignment = coordinator_.lease(kAnna);
  const TrialPlan& plan = std::get<TrialAssignment>(*assignment).plan;
  EXPECT_EQ(plan.evaluate, Split::kTest);
  EXPECT_EQ(plan.train_on, TrainOn::kTrainingAndValidation);
  EXPECT_EQ(plan.settings.training.learning_rate, 0.2);
  EXPECT_EQ(plan.settings.training.batch_size, 7);
  const AttemptRef attempt{plan.id, 1};
  coordinator_.report(kAnna, attempt, MetricsReport{{{100, "test/accuracy", 0.8}}});
  CompletedReport report = completed(100);
  report.evaluation.split = Split::kTest;
  coordinator_.report(kAnna, attempt, report);
  EXPECT_EQ(state(3), SweepState::kFinished);
  EXPECT_EQ(coordinator_.trial(attempt).objective, 0.8);
}

TEST_F(Studies, AnEvaluationOfAnotherPartIsRefused) {
  SweepSpec test = sweep_of(0);
  test.parameters.clear();
  test.evaluate = Split::kTest;
  coordinator_.submit(test);
  prepare();
  const AttemptRef attempt = coordinator_.lease_trial(kAnna);
  coordinator_.complete(kAnna, attempt, 0.5);
  EXPECT_EQ(coordinator_.trial(attempt).state, TrialState::kPending);
  EXPECT_THAT(coordinator_.state().trials.at(attempt.trial).attempt->failure->message,
              HasSubstr("it is not of the test clips"));
}

TEST_F(Studies, GoOnAfterARestartAtAnyTime) {
  submit(study());
  coordinator_.restart();
  prepare();
  run_trials({0.5, 0.9});
  coordinator_.restart();
  run_trials({0.7});
  coordinator_.restart();
  EXPECT_EQ(state(2), SweepState::kPreparing);
  EXPECT_EQ(spec(2).base.training.learning_rate, 0.2);
  prepare();
  run_trials({0.3, 0.4});
  coordinator_.restart();
  EXPECT_EQ(spec(3).base.training.batch_size, 7);
  EXPECT_EQ(spec(3).base.training.learning_rate, 0.2);
}

TEST_F(Studies, OneThatTakesFromSeveralWaitsForAll) {
  SweepSubmitted submitted = study();
  submitted.followers[0].takes.clear();
  submitted.followers[1].takes = {{"first", {"training.learning_rate"}}, {"second", {"training.batch_size"}}};
  submit(submitted);
  prepare();
  prepare();
  run_trials({0.5, 0.9, 0.7});
  EXPECT_EQ(state(1), SweepState::kFinished);
  EXPECT_EQ(state(3), SweepState::kWaiting);
  coordinator_.restart();
  run_trials({0.4, 0.3});
  EXPECT_EQ(state(3), SweepState::kPreparing);
  EXPECT_EQ(spec(3).base.training.learning_rate, 0.2);
  EXPECT_EQ(spec(3).base.training.batch_size, 5);
}

TEST_F(Studies, FailWithTheOneTheyWaitFor) {
  submit(study());
  prepare();
  for (int i = 0; i < 3; ++i) {
    coordinator_.report(kAnna, coordinator_.lease_trial(kAnna),
                        Failure{FailureKind::kBadConfiguration, "no luck"});
  }
  EXPECT_EQ(state(2), SweepState::kFailed);
  EXPECT_THAT(reason(2), HasSubstr("the sweep 1 (first), which has failed: every trial failed"));
  EXPECT_EQ(state(3), SweepState::kFailed);
  EXPECT_THAT(reason(3), HasSubstr("the sweep 2 (second), which has failed: it was to take over"));
}

TEST_F(Studies, FailWhereTheOneTheyWaitForIsCancelled) {
  submit(study());
  coordinator_.ask<Done>(SweepCancelled{{}, SweepId{2}, {"cancel"}});
  EXPECT_EQ(state(2), SweepState::kCancelled);
  EXPECT_THAT(reason(3), HasSubstr("the sweep 2 (second), which was cancelled"));
  prepare();
  run_trials({0.5, 0.9, 0.7});
  EXPECT_EQ(state(1), SweepState::kFinished) << "it waits for nobody";
}

TEST_F(Studies, FailWhereWhatComesOutIsImpossible) {
  SweepSubmitted submitted = study();
  submitted.spec.parameters = {{"warmup_steps", "training.warmup_steps", {std::int64_t{50}}}};
  submitted.followers.resize(1);
  submitted.followers[0].takes = {{"first", {"training.warmup_steps"}}};
  submitted.followers[0].base.training.steps = 20;
  submit(submitted);
  prepare();
  run_trials({0.5});
  EXPECT_EQ(state(2), SweepState::kFailed);
  EXPECT_EQ(reason(2),
            "with the settings taken over it is impossible: warmup_steps 50 is more than the 20 steps "
            "(warmup_steps "
            "can be at most 20)");
}

TEST_F(Studies, APausedOneWaitsOnThoughItHasWhatItWaitedFor) {
  submit(study());
  coordinator_.pause(SweepId{2}, "pause");
  prepare();
  run_trials({0.5, 0.9, 0.7});
  EXPECT_EQ(state(2), SweepState::kPreparing);
  EXPECT_EQ(coordinator_.lease(kAnna), std::nullopt);
  coordinator_.resume(SweepId{2}, "resume");
  prepare();
}

TEST_F(Studies, TheSameRequestOrTextGivesTheSameSweeps) {
  const std::vector<SweepId> sweeps = submit(study());
  EXPECT_EQ(submit(study()), sweeps);
  SweepSubmitted again = study("another");
  again.continue_unfinished = true;
  EXPECT_EQ(submit(again), sweeps);
  prepare();
  run_trials({0.5, 0.9, 0.7});
  coordinator_.restart();
  again.request = {"third"};
  EXPECT_EQ(submit(again), sweeps) << "one of them has not ended";
  EXPECT_EQ(submit(study()), sweeps);
}

TEST_F(Studies, AnEditedOneRunsOnlyWhatTheEditTouches) {
  const auto prepare_known = [&] {
    DatasetReport report = two_clips();
    report.trainer = "trainer 1";
    coordinator_.report(kAnna, coordinator_.lease_preparation(kAnna), report);
  };
  SweepSubmitted submitted = study();
  submitted.followers.resize(1);
  submit(submitted);
  prepare_known();
  run_trials({0.5, 0.9, 0.7});
  prepare_known();
  run_trials({0.3, 0.4});
  SweepSubmitted edited = study("edited");
  edited.followers.resize(1);
  edited.followers[0].parameters[0].values.emplace_back(std::int64_t{9});
  EXPECT_THAT(submit(edited), ElementsAre(SweepId{3}, SweepId{4}));
  prepare_known();
  EXPECT_EQ(state(3), SweepState::kFinished);
  prepare_known();
  run_trials({0.2});
  EXPECT_EQ(state(4), SweepState::kFinished);
}

TEST_F(Studies, OfAStudyThatIsServedFirstAllSweepsAre) {
  coordinator_.submit(sweep_of(1), "older");
  SweepSubmitted submitted = study();
  submitted.serve_first = true;
  submit(submitted);
  prepare();
  run_trials({0.5, 0.9, 0.7});
  EXPECT_EQ(coordinator_.lease_preparation(kAnna).sweep, SweepId{3});
}

TEST_F(Studies, InvariantsCatchAWaitThatDoesNotEndAndOneForNothing) {
  submit(study());
  State state = coordinator_.state();
  state.sweeps.at({2}).record.study.sources[0].trial = 1;
  EXPECT_FALSE(check_invariants(state).ok());
  state = coordinator_.state();
  state.sweeps.at({2}).record.study.sources.clear();
  EXPECT_FALSE(check_invariants(state).ok());
  state = coordinator_.state();
  state.sweeps.at({2}).record.study.sources[0].sweep = {3};
  EXPECT_FALSE(check_invariants(state).ok());
}

// Sweeps that have ended in every way, with many objectives alike.
class Winners : public testing::TestWithParam<Goal> {
 protected:
  int below(int bound) { return static_cast<int>(random_() % static_cast<std::uint64_t>(bound)); }

  void add_sweep(std::int64_t id) {
    SweepRecord sweep = store::sample_sweep(id);
    sweep.state = SweepState::kFinished;
    sweep.spec.objective.goal = GetParam();
    SweepEntry& entry = state_.sweeps[sweep.id];
    entry.record = sweep;
    entry.first_trial = {next_trial_};
    writes_.emplace_back(store::PutSweep{sweep});
    const int cells = 1 + below(5);
    const int of_a_cell = 1 + below(4);
    const bool may_fail = below(2) == 0;
    for (int i = 0; i < cells * of_a_cell; ++i)
      add_trial(entry, i / of_a_cell, i == 0 || !may_fail || below(6) > 0);
  }

  void add_trial(SweepEntry& sweep, int cell, bool finishes) {
    static const std::vector<double> objectives = {0.1, 0.2, 0.3, 0.7, 0.1 + 0.2, 1.0 / 3.0};
    TrialRecord trial = store::sample_trial(next_trial_++, sweep.record.id.value, ++sweep.trials);
    trial.cell.index = cell;
    trial.epoch = 1;
    trial.state = finishes ? TrialState::kFinished : TrialState::kFailed;
    if (finishes) trial.objective = objectives[static_cast<std::size_t>(below(6))];
    state_.trials[trial.id].record = trial;
    writes_.emplace_back(store::PutTrial{trial});
  }

  std::mt19937_64 random_{7};
  State state_;
  std::int64_t next_trial_ = 1;
  std::vector<store::Write> writes_;
};

TEST_P(Winners, AreThoseOfTheViewBestRun) {
  constexpr std::int64_t kSweeps = 500;
  for (std::int64_t id = 1; id <= kSweeps; ++id) add_sweep(id);
  const store::TemporaryFolder folder;
  const std::string path = (folder.path() / "results.db").string();
  ASSERT_TRUE(store::open_sqlite_store(path).value()->commit(writes_).ok());
  SQLite::Database database(path, SQLite::OPEN_READONLY);
  SQLite::Statement select(database, "SELECT sweep_id, trial FROM ranked_trials WHERE rank = 1");
  std::int64_t seen = 0;
  while (select.executeStep()) {
    const SweepEntry& sweep = state_.sweeps.at(SweepId{select.getColumn(0).getInt64()});
    const TrialEntry* winner = winner_of(state_, sweep);
    ASSERT_NE(winner, nullptr);
    EXPECT_EQ(winner->record.number, select.getColumn(1).getInt64()) << "sweep " << sweep.record.id.value;
    ++seen;
  }
  EXPECT_EQ(seen, kSweeps);
}

INSTANTIATE_TEST_SUITE_P(Goals, Winners, testing::Values(Goal::kMaximize, Goal::kMinimize));

}  // namespace
}  // namespace melsweep::core
