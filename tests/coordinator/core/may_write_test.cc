#include "coordinator/core/may_write.h"

#include <gtest/gtest.h>

#include "tests/coordinator/core/coordinator_under_test.h"

namespace melsweep::core {
namespace {

using std::chrono::milliseconds;

// That what does write is never said not to is checked with every event of every test.
TEST(MayWrite, IsFalseForWhatWorkersNeedToGoOn) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(1));
  const AttemptRef attempt = coordinator.lease_trial(kAnna);
  coordinator.heartbeat(kAnna, attempt);
  coordinator.add_worker(kBert);
  const auto writes = [&](const Event& event) {
    return may_write(coordinator.state(), event, coordinator.now());
  };
  EXPECT_FALSE(writes(HeartbeatReceived{{}, kAnna, {{attempt, {}}}}));
  EXPECT_FALSE(writes(WorkerRegistered{{}, kAnna, "host", "cpu"}));
  EXPECT_FALSE(writes(LeaseRequested{{}, kBert, {"r"}, milliseconds(5000)})) << "there is no work";
  EXPECT_FALSE(writes(LeaseAbandoned{{1}}));
  EXPECT_FALSE(writes(UploadOffered{{}, kAnna, attempt}));
  EXPECT_FALSE(writes(WorkersAsked{}));
  EXPECT_FALSE(writes(SweepSubmitted{{}, {"submission"}, sweep_of(1), "yaml"})) << "it was submitted before";
  EXPECT_FALSE(writes(TimePassed{}));
}

TEST(MayWrite, IsTrueForWhatChangesARecord) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(2));
  const AttemptRef attempt = coordinator.lease_trial(kAnna);
  const auto writes = [&](const Event& event) {
    return may_write(coordinator.state(), event, coordinator.now());
  };
  EXPECT_TRUE(writes(WorkerRegistered{{}, kBert, "host", "cpu"}));
  EXPECT_TRUE(writes(LeaseRequested{{}, kAnna, {"r"}, {}}));
  EXPECT_TRUE(writes(ReportReceived{{}, kAnna, {{attempt, accuracy(1, 0.5)}}}));
  EXPECT_TRUE(writes(SweepSubmitted{{}, {"other"}, sweep_of(1), "yaml"}));
  const Now later{coordinator.now().monotonic + std::chrono::hours(1), coordinator.now().wall};
  EXPECT_TRUE(may_write(coordinator.state(), TimePassed{}, later)) << "a lease runs out";
}

}  // namespace
}  // namespace melsweep::core
