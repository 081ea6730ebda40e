#include "coordinator/core/trial_making.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <variant>
#include <vector>

#include "tests/coordinator/core/coordinator_under_test.h"

namespace melsweep::core {
namespace {

using testing::ElementsAre;

class TrialMaking : public testing::Test {
 protected:
  static Options options() {
    Options options;
    options.trials_at_once = 2;
    return options;
  }

  // What the loop does for as long as there is something to do at once. How often that was.
  int make_all() {
    int parts = 0;
    while (!coordinator_.state().making.empty()) {
      const auto deadline = next_deadline(coordinator_.state());
      EXPECT_TRUE(deadline && *deadline <= coordinator_.now().monotonic);
      coordinator_.pass(std::chrono::milliseconds(0));
      EXPECT_LE(made_now(), 2);
      ++parts;
    }
    return parts;
  }

  std::int64_t made_now() const {
    const std::vector<store::Write>& writes = coordinator_.last_writes();
    return std::count_if(writes.begin(), writes.end(), [](const store::Write& write) {
      return std::holds_alternative<store::PutTrial>(write);
    });
  }

  // "sweep/number/cell/seed" by id.
  std::vector<std::string> trials() const {
    std::vector<std::string> trials;
    for (const auto& [id, trial] : coordinator_.state().trials) {
      const TrialRecord& record = trial.record;
      trials.push_back(std::to_string(record.sweep.value) + "/" + std::to_string(record.number) + "/" +
                       std::to_string(record.cell.index) + "/" + std::to_string(record.seed));
    }
    return trials;
  }

  Coordinator coordinator_{options()};
};

TEST_F(TrialMaking, IsDoneInPartsBetweenWhichOthersAreServed) {
  const SweepId sweep = coordinator_.running_sweep(sweep_of(5));
  EXPECT_THAT(trials(), ElementsAre("1/1/0/0", "1/2/1/0"));
  EXPECT_TRUE(coordinator_.heartbeat(kAnna, coordinator_.lease_trial(kAnna)).empty());
  EXPECT_EQ(make_all(), 2);
  EXPECT_THAT(trials(), ElementsAre("1/1/0/0", "1/2/1/0", "1/3/2/0", "1/4/3/0", "1/5/4/0"));
  EXPECT_EQ(coordinator_.sweep(sweep).state, SweepState::kRunning);
}

TEST_F(TrialMaking, KeepsTheTrialsOfACellTogether) {
  SweepSpec spec = sweep_of(2);
  spec.seeds = 3;
  coordinator_ = Coordinator([] {
    Options four = options();
    four.trials_at_once = 4;
    return four;
  }());
  coordinator_.running_sweep(spec);
  EXPECT_THAT(trials(), ElementsAre("1/1/0/0", "1/2/0/1", "1/3/0/2"));
}

TEST_F(TrialMaking, DividesACellThatIsTooLarge) {
  SweepSpec spec = sweep_of(2);
  spec.seeds = 3;
  coordinator_.running_sweep(spec);
  EXPECT_THAT(trials(), ElementsAre("1/1/0/0", "1/2/0/1"));
  EXPECT_EQ(make_all(), 2);
  EXPECT_THAT(trials(), ElementsAre("1/1/0/0", "1/2/0/1", "1/3/0/2", "1/4/1/0", "1/5/1/1", "1/6/1/2"));
}

TEST_F(TrialMaking, GoesOnThoughAllThatThereAreHaveEnded) {
  const SweepId sweep = coordinator_.running_sweep(sweep_of(3));
  coordinator_.complete(kAnna, coordinator_.lease_trial(kAnna), 0.5);
  coordinator_.complete(kAnna, coordinator_.lease_trial(kAnna), 0.5);
  EXPECT_EQ(coordinator_.sweep(sweep).state, SweepState::kRunning);
  make_all();
  coordinator_.complete(kAnna, coordinator_.lease_trial(kAnna), 0.5);
  EXPECT_EQ(coordinator_.sweep(sweep).state, SweepState::kFinished);
}

TEST_F(TrialMaking, FailsASweepOnlyOnceItHasAllItsTrials) {
  const SweepId sweep = coordinator_.running_sweep(sweep_of(3));
  const Failure hopeless{FailureKind::kBadConfiguration, "no"};
  coordinator_.report(kAnna, coordinator_.lease_trial(kAnna), hopeless);
  coordinator_.report(kAnna, coordinator_.lease_trial(kAnna), hopeless);
  EXPECT_EQ(coordinator_.sweep(sweep).state, SweepState::kRunning);
  make_all();
  coordinator_.report(kAnna, coordinator_.lease_trial(kAnna), hopeless);
  EXPECT_EQ(coordinator_.sweep(sweep).state, SweepState::kFailed);
}

TEST_F(TrialMaking, EndsASweepWhoseLastTrialsAreKnownToEnd) {
  const auto known = [] {
    DatasetReport report = two_clips();
    report.trainer = "trainer 1";
    return report;
  };
  coordinator_.add_worker(kAnna);
  coordinator_.submit(sweep_of(3));
  coordinator_.report(kAnna, coordinator_.lease_preparation(kAnna), known());
  make_all();
  for (int i = 0; i < 3; ++i) coordinator_.complete(kAnna, coordinator_.lease_trial(kAnna), 0.5);
  const SweepId again = coordinator_.submit(sweep_of(3), "again");
  coordinator_.report(kAnna, coordinator_.lease_preparation(kAnna), known());
  EXPECT_EQ(coordinator_.sweep(again).state, SweepState::kRunning);
  make_all();
  EXPECT_EQ(coordinator_.sweep(again).state, SweepState::kFinished);
}

TEST_F(TrialMaking, GoesOnAfterARestart) {
  coordinator_.running_sweep(sweep_of(5));
  coordinator_.restart();
  EXPECT_EQ(make_all(), 2);
  EXPECT_THAT(trials(), ElementsAre("1/1/0/0", "1/2/1/0", "1/3/2/0", "1/4/3/0", "1/5/4/0"));
}

TEST_F(TrialMaking, GivesEachSweepIdsOfItsOwn) {
  coordinator_.running_sweep(sweep_of(3), "first");
  coordinator_.running_sweep(sweep_of(3), "second");
  coordinator_.restart();
  coordinator_.running_sweep(sweep_of(1), "third");
  make_all();
  EXPECT_THAT(trials(),
              ElementsAre("1/1/0/0", "1/2/1/0", "1/3/2/0", "2/1/0/0", "2/2/1/0", "2/3/2/0", "3/1/0/0"));
}

TEST_F(TrialMaking, EndsWithACancelledSweep) {
  const SweepId sweep = coordinator_.running_sweep(sweep_of(5));
  coordinator_.ask<Done>(SweepCancelled{{}, sweep});
  EXPECT_TRUE(coordinator_.state().making.empty());
  coordinator_.restart();
  EXPECT_EQ(make_all(), 0);
  EXPECT_EQ(trials().size(), 2U);
}

TEST_F(TrialMaking, GoesOnWhileASweepIsPausedAndHandsNothingOut) {
  const SweepId sweep = coordinator_.running_sweep(sweep_of(3));
  coordinator_.pause(sweep, "p");
  make_all();
  EXPECT_EQ(coordinator_.lease(kAnna), std::nullopt);
  coordinator_.resume(sweep, "r");
  for (int i = 0; i < 3; ++i) coordinator_.complete(kAnna, coordinator_.lease_trial(kAnna), 0.5);
  EXPECT_EQ(coordinator_.sweep(sweep).state, SweepState::kFinished);
}

}  // namespace
}  // namespace melsweep::core
