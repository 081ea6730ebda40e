// The simulation itself: that it repeats exactly, that it reaches what it is to test, and that it notices
// what must not be.
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/simulation/world.h"

namespace melsweep::simulation {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class SimulationTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { spdlog::set_level(spdlog::level::off); }
};

Outcome run(const WorldOptions& options) {
  return World(options).run();
}

WorldOptions seed(std::uint64_t number) {
  WorldOptions options;
  options.seed = number;
  return options;
}

// The violation that the first of these seeds that has one reports; empty where none has.
std::string first_violation(WorldOptions options, std::uint64_t seeds) {
  for (options.seed = 1; options.seed <= seeds; ++options.seed) {
    if (const Outcome outcome = run(options); outcome.violation) return *outcome.violation;
  }
  return "";
}

TEST_F(SimulationTest, TheSameSeedIsTheSameStory) {
  for (std::uint64_t number = 1; number <= 20; ++number) {
    const Outcome first = run(seed(number));
    const Outcome second = run(seed(number));
    EXPECT_EQ(first.trace_hash, second.trace_hash) << "seed " << number;
    EXPECT_EQ(first.steps, second.steps) << "seed " << number;
  }
  EXPECT_NE(run(seed(1)).trace_hash, run(seed(2)).trace_hash);
}

TEST_F(SimulationTest, JumpsOfTheWallClockChangeNothing) {
  for (std::uint64_t number = 1; number <= 20; ++number) {
    Random random(number);
    WorldOptions options = seed(number);
    options.chaos = draw_plan(random);
    options.chaos->wall_jump = milliseconds(0);
    const Outcome steady = run(options);
    options.chaos->wall_jump = seconds(1);
    World jumping(options);
    EXPECT_EQ(jumping.run().trace_hash, steady.trace_hash) << "seed " << number;
    EXPECT_GT(jumping.trace().count(Happening::kWallJumps), 0);
  }
}

// How the attempts of all trials ended, over many worlds.
struct Endings {
  std::int64_t finished = 0;
  std::int64_t failed = 0;
  std::int64_t lost = 0;
  std::int64_t released = 0;
  std::int64_t cancelled = 0;
  std::map<ReleaseReason, std::int64_t> reasons;  // of the released ones

  void add(Disk& disk) {
    const store::Snapshot snapshot = *disk.load_durable();
    for (const AttemptRecord& attempt : snapshot.attempts) {
      finished += attempt.state == AttemptState::kFinished ? 1 : 0;
      failed += attempt.state == AttemptState::kFailed ? 1 : 0;
      lost += attempt.state == AttemptState::kLost ? 1 : 0;
      released += attempt.state == AttemptState::kReleased ? 1 : 0;
      cancelled += attempt.state == AttemptState::kCancelled ? 1 : 0;
      if (attempt.release_reason) ++reasons[*attempt.release_reason];
    }
  }
};

TEST_F(SimulationTest, ReachesWhatItIsToTest) {
  std::vector<std::int64_t> counts(static_cast<std::size_t>(Happening::kCount));
  Endings endings;
  for (std::uint64_t number = 1; number <= 250; ++number) {
    World world(seed(number));
    const Outcome outcome = world.run();
    ASSERT_FALSE(outcome.violation) << "seed " << number << ": " << *outcome.violation;
    endings.add(world.disk());
    for (std::size_t i = 0; i < counts.size(); ++i)
      counts[i] += world.trace().count(static_cast<Happening>(i));
  }
  for (std::size_t i = 0; i < counts.size(); ++i) {
    EXPECT_GT(counts[i], 0) << to_text({{}, static_cast<Happening>(i)});
  }
  EXPECT_GT(endings.finished, 2'000);
  EXPECT_GT(endings.failed, 200);
  EXPECT_GT(endings.lost, 100);
  EXPECT_GT(endings.released, 50);
  EXPECT_GT(endings.cancelled, 2);
  for (const ReleaseReason reason :
       {ReleaseReason::kDrained, ReleaseReason::kPaused, ReleaseReason::kNoContact,
        ReleaseReason::kUndelivered, ReleaseReason::kGroupDied}) {
    EXPECT_GT(endings.reasons[reason], 10) << static_cast<int>(reason);
  }
}

// How many attempts a trial lost to the death of its group's trainer.
std::int64_t died_with_group(const store::Snapshot& snapshot, TrialId trial) {
  return std::count_if(snapshot.attempts.begin(), snapshot.attempts.end(), [&](const AttemptRecord& attempt) {
    return attempt.ref.trial == trial && attempt.release_reason == ReleaseReason::kGroupDied;
  });
}

TEST_F(SimulationTest, WithoutFaultsEverySoundTrialTakesOneAttemptBesideOneThatAPoisonTrialTookWithIt) {
  for (std::uint64_t number = 1; number <= 20; ++number) {
    WorldOptions options = seed(number);
    options.chaos = ChaosPlan{};
    World world(options);
    ASSERT_FALSE(world.run().violation) << "seed " << number;
    const store::Snapshot snapshot = *world.disk().load_durable();
    for (const AttemptRecord& attempt : snapshot.attempts) {
      EXPECT_NE(attempt.state, AttemptState::kLost) << "seed " << number;
      EXPECT_EQ(attempt.release_reason.value_or(ReleaseReason::kGroupDied), ReleaseReason::kGroupDied)
          << "seed " << number;
    }
    for (const TrialRecord& trial : snapshot.trials) {
      const std::int64_t taken = died_with_group(snapshot, trial.id);
      EXPECT_LE(taken, 1) << "seed " << number;
      if (trial.state == TrialState::kFinished) {
        EXPECT_EQ(trial.epoch, 1 + taken) << "seed " << number;
      }
    }
  }
}

// A poison trial alone can take its group with it: where no trainer does more than one, none is taken.
TEST_F(SimulationTest, WithoutGroupsNoTrialIsTakenByAnother) {
  for (std::uint64_t number = 1; number <= 10; ++number) {
    WorldOptions options = seed(number);
    options.max_group = 1;
    World world(options);
    ASSERT_FALSE(world.run().violation) << "seed " << number;
    EXPECT_EQ(world.trace().count(Happening::kGroupBegins), 0);
    const store::Snapshot snapshot = *world.disk().load_durable();
    for (const AttemptRecord& attempt : snapshot.attempts) {
      EXPECT_NE(attempt.release_reason, ReleaseReason::kGroupDied) << "seed " << number;
    }
  }
}

// --- doubles that break a promise, each of which must be noticed

// Forgets some of the commits that it says are durable.
class LyingStore final : public store::Store {
 public:
  explicit LyingStore(Disk& disk) : honest_(disk) {}

  absl::Status commit(std::span<const store::Write> writes) override {
    return ++commits_ % 50 == 0 ? absl::OkStatus() : honest_.commit(writes);
  }
  absl::StatusOr<store::Snapshot> load() override { return honest_.load(); }

 private:
  SimulatedStore honest_;
  int commits_ = 0;
};

TEST_F(SimulationTest, NoticesAStoreThatAcknowledgesWhatItDoesNotWrite) {
  WorldOptions options;
  options.make_store = [](Disk& disk) { return std::make_unique<LyingStore>(disk); };
  EXPECT_NE(first_violation(options, 5), "");
}

// Opens the database after a crash without syncing what it finds.
class TrustingStore final : public store::Store {
 public:
  explicit TrustingStore(Disk& disk) : disk_(disk) {}
  absl::Status commit(std::span<const store::Write> writes) override { return disk_.commit(writes); }
  absl::StatusOr<store::Snapshot> load() override { return disk_.load(); }

 private:
  Disk& disk_;
};

TEST_F(SimulationTest, NoticesAStoreThatBuildsOnWhatIsNotDurable) {
  WorldOptions options;
  options.make_store = [](Disk& disk) { return std::make_unique<TrustingStore>(disk); };
  EXPECT_NE(first_violation(options, 500), "");
}

// Changes some of the writes on their way.
class TamperingStore final : public store::Store {
 public:
  using Tamper = std::function<void(store::Write&)>;

  TamperingStore(Disk& disk, Tamper tamper) : honest_(disk), tamper_(std::move(tamper)) {}

  absl::Status commit(std::span<const store::Write> writes) override {
    std::vector<store::Write> changed(writes.begin(), writes.end());
    for (store::Write& write : changed) tamper_(write);
    return honest_.commit(changed);
  }
  absl::StatusOr<store::Snapshot> load() override { return honest_.load(); }

 private:
  SimulatedStore honest_;
  Tamper tamper_;
};

std::string violation_of_tampered(const TamperingStore::Tamper& tamper) {
  WorldOptions options;
  options.make_store = [tamper](Disk& disk) { return std::make_unique<TamperingStore>(disk, tamper); };
  return first_violation(options, 50);
}

TEST_F(SimulationTest, NoticesAMetricThatIsLost) {
  EXPECT_NE(violation_of_tampered([](store::Write& write) {
              if (auto* metrics = std::get_if<store::AddMetrics>(&write)) metrics->points.pop_back();
            }),
            "");
}

TEST_F(SimulationTest, NoticesStagesThatAreLost) {
  EXPECT_NE(violation_of_tampered([](store::Write& write) {
              if (auto* stages = std::get_if<store::PutStages>(&write)) stages->stages.clear();
            }),
            "");
}

TEST_F(SimulationTest, NoticesAMetricThatIsNotInherited) {
  EXPECT_NE(violation_of_tampered([](store::Write& write) {
              if (auto* inherit = std::get_if<store::InheritMetrics>(&write)) inherit->from.step = 0;
            }),
            "");
}

TEST_F(SimulationTest, NoticesACheckpointThatIsForgotten) {
  EXPECT_NE(violation_of_tampered([](store::Write& write) {
              if (auto* put = std::get_if<store::PutCheckpoint>(&write)) {
                put->checkpoint.checkpoint.step += 1'000'000;
              }
            }),
            "");
}

TEST_F(SimulationTest, NoticesAnEpochThatFalls) {
  EXPECT_NE(violation_of_tampered([](store::Write& write) {
              if (auto* trial = std::get_if<store::PutTrialState>(&write); trial && trial->epoch == 3) {
                trial->epoch = 2;
              }
            }),
            "");
}

TEST_F(SimulationTest, NoticesADrainThatCountsAsAnAttempt) {
  EXPECT_NE(violation_of_tampered([](store::Write& write) {
              if (auto* attempt = std::get_if<store::PutAttempt>(&write);
                  attempt && attempt->attempt.state == AttemptState::kReleased) {
                attempt->attempt.state = AttemptState::kFailed;
              }
            }),
            "");
}

TEST_F(SimulationTest, NoticesAGroupsDeathThatCountsAsAnAttempt) {
  const std::string violation = violation_of_tampered([](store::Write& write) {
    if (auto* attempt = std::get_if<store::PutAttempt>(&write);
        attempt && attempt->attempt.release_reason == ReleaseReason::kGroupDied) {
      attempt->attempt.state = AttemptState::kFailed;
      attempt->attempt.release_reason.reset();
      attempt->attempt.failure = Failure{FailureKind::kTrainerDied, "the trainer died"};
    }
  });
  EXPECT_NE(violation, "");
}

TEST_F(SimulationTest, NoticesAPauseThatIsForgotten) {
  const std::string violation = violation_of_tampered([](store::Write& write) {
    if (auto* pause = std::get_if<store::PutSweepPaused>(&write)) pause->sweep.paused = false;
  });
  EXPECT_NE(violation, "");
}

TEST_F(SimulationTest, NoticesARequestThatIsForgotten) {
  const std::string violation = violation_of_tampered([](store::Write& write) {
    if (auto* action = std::get_if<store::PutSweepAction>(&write)) action->action.request.value += "'";
  });
  EXPECT_NE(violation, "");
}

TEST_F(SimulationTest, NoticesAWorkerThatMayStayAfterAll) {
  const std::string violation = violation_of_tampered([](store::Write& write) {
    if (auto* worker = std::get_if<store::PutWorker>(&write)) worker->worker.draining = false;
  });
  EXPECT_NE(violation, "");
}

TEST_F(SimulationTest, NoticesAResultThatIsAnother) {
  EXPECT_NE(violation_of_tampered([](store::Write& write) {
              if (auto* trial = std::get_if<store::PutTrialState>(&write); trial && trial->objective) {
                trial->objective = 0.5;
              }
            }),
            "");
}

// Faults of the trainers that never end.
WorldOptions with_trainers(const TrainerFaults& faults) {
  WorldOptions options;
  options.chaos = ChaosPlan{};
  options.chaos->trainer = faults;
  options.chaos->end = std::chrono::hours(24);
  options.max_group = 16;
  return options;
}

TEST_F(SimulationTest, NoticesAMemberOfAGroupThatIsNeverDone) {
  const std::string violation = first_violation(with_trainers({.forgets_one = 1.0, .keeps_talking = 1.0}), 2);
  EXPECT_NE(violation.find("not every sweep has ended"), std::string::npos) << violation;
}

TEST_F(SimulationTest, AMemberThatIsForgottenInSilenceIsDoneAlone) {
  EXPECT_EQ(first_violation(with_trainers({.forgets_one = 1.0}), 5), "");
}

TEST_F(SimulationTest, NoticesMembersOfAGroupThatAreMixedUp) {
  EXPECT_NE(first_violation(with_trainers({.mixes_up = 1.0}), 5), "");
}

TEST_F(SimulationTest, NoticesAnArchiveWithoutItsModelAndAModelWithoutItsArchive) {
  const ArtifactName model{SweepId{1}, {TrialId{2}, 3}, 400};
  ArtifactName archive = model;
  archive.kind = ArtifactKind::kMisclassified;
  ArtifactFolder folder{Random(1)};
  folder.store(archive, {});
  EXPECT_EQ(folder.misplaced({}), archive);
  folder.store(model, {});
  EXPECT_EQ(folder.misplaced({model}), std::nullopt);
  folder.remove({.names = {model}});
  folder.store(model, {});
  EXPECT_EQ(folder.misplaced({model}), archive);
}

// A trainer that outlives its lease by far.
TEST_F(SimulationTest, NoticesTwoTrainersOnOneTrial) {
  WorldOptions options;
  options.longest_trainer_death = seconds(120);
  EXPECT_NE(first_violation(options, 200).find("still trains it"), std::string::npos);
}

}  // namespace
}  // namespace melsweep::simulation
