#include <gtest/gtest.h>

#include "tests/coordinator/core/coordinator_under_test.h"

namespace melsweep::core {
namespace {

using std::chrono::milliseconds;

const Leased* leased(const Reply& reply) {
  return std::get_if<Leased>(&reply.answer);
}

TEST(Registration, TellsTheTimesAndIsWrittenOnce) {
  Coordinator coordinator;
  const auto registered = coordinator.ask<Registered>(WorkerRegistered{{}, kAnna, "host", "cpu"});
  EXPECT_EQ(registered.lease_ttl, coordinator.state().options.lease_ttl);
  EXPECT_EQ(registered.heartbeat_interval, coordinator.state().options.heartbeat_interval);
  EXPECT_EQ(coordinator.last_writes().size(), 1U);
  coordinator.add_worker(kAnna);
  EXPECT_TRUE(coordinator.last_writes().empty());
}

TEST(Registration, AgainKeepsTheLeases) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(1));
  const AttemptRef attempt = coordinator.lease_trial(kAnna);
  coordinator.add_worker(kAnna);
  EXPECT_TRUE(coordinator.heartbeat(kAnna, attempt).empty());
}

TEST(Registration, IsNeededForWorkAndHeartbeats) {
  Coordinator coordinator;
  const auto lease = coordinator.ask<Refused>(LeaseRequested{{}, kAnna, {"r"}, {}});
  EXPECT_EQ(lease.status.code(), absl::StatusCode::kNotFound);
  const auto heartbeat = coordinator.ask<Refused>(HeartbeatReceived{{}, kAnna, {}});
  EXPECT_EQ(heartbeat.status.code(), absl::StatusCode::kNotFound);
}

TEST(Lease, IsWrittenAsARunningAttempt) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(1));
  const AttemptRef attempt = coordinator.lease_trial(kAnna);
  ASSERT_EQ(coordinator.last_writes().size(), 2U);
  EXPECT_EQ(std::get<store::PutTrialState>(coordinator.last_writes()[0]).state, TrialState::kRunning);
  const AttemptRecord& written = std::get<store::PutAttempt>(coordinator.last_writes()[1]).attempt;
  EXPECT_EQ(written.ref, attempt);
  EXPECT_EQ(written.worker, kAnna);
  EXPECT_EQ(written.state, AttemptState::kRunning);
}

TEST(Lease, AskedForAgainByTheSameRequestIsTheSame) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(2));
  const auto first = coordinator.lease(kAnna, "one");
  EXPECT_EQ(coordinator.lease(kAnna, "one"), first);
  EXPECT_TRUE(coordinator.last_writes().empty());
  EXPECT_NE(coordinator.lease(kAnna, "two"), first);
}

TEST(Lease, WaitsForWorkThatIsSubmittedLater) {
  Coordinator coordinator;
  coordinator.add_worker(kAnna);
  EXPECT_TRUE(coordinator.apply(LeaseRequested{{1001}, kAnna, {"r"}, milliseconds(5000)}).empty());
  const std::vector<Reply> replies = coordinator.apply(SweepSubmitted{{1002}, {"s"}, sweep_of(1), ""});
  ASSERT_EQ(replies.size(), 2U);
  EXPECT_EQ(replies[1].token, Token{1001});
  ASSERT_NE(leased(replies[1]), nullptr);
  EXPECT_FALSE(leased(replies[1])->assignments.empty());
}

TEST(Lease, ThatFindsNoWorkIsAnsweredEmptyWhenItsWaitIsOver) {
  Coordinator coordinator;
  coordinator.add_worker(kAnna);
  coordinator.apply(LeaseRequested{{1001}, kAnna, {"r"}, milliseconds(5000)});
  EXPECT_EQ(next_deadline(coordinator.state()), coordinator.now().monotonic + milliseconds(5000));
  EXPECT_TRUE(coordinator.pass(milliseconds(4999)).empty());
  const std::vector<Reply> replies = coordinator.pass(milliseconds(1));
  ASSERT_EQ(replies.size(), 1U);
  EXPECT_TRUE(leased(replies[0])->assignments.empty());
  EXPECT_EQ(next_deadline(coordinator.state()), std::nullopt);
}

TEST(Lease, WaitsNoLongerThanTheCoordinatorAllows) {
  Coordinator coordinator;
  coordinator.add_worker(kAnna);
  coordinator.apply(LeaseRequested{{1001}, kAnna, {"r"}, std::chrono::hours(1000)});
  EXPECT_EQ(coordinator.pass(coordinator.state().options.max_lease_wait).size(), 1U);
  coordinator.apply(LeaseRequested{{1002}, kBert, {"r"}, milliseconds(-5)});
  EXPECT_TRUE(coordinator.state().parked.empty());
}

TEST(Lease, AskedForAnewEndsTheEarlierWait) {
  Coordinator coordinator;
  coordinator.add_worker(kAnna);
  coordinator.apply(LeaseRequested{{1001}, kAnna, {"r"}, milliseconds(5000)});
  const std::vector<Reply> replies =
      coordinator.apply(LeaseRequested{{1002}, kAnna, {"s"}, milliseconds(5000)});
  ASSERT_EQ(replies.size(), 1U);
  EXPECT_EQ(replies[0].token, Token{1001});
  EXPECT_TRUE(leased(replies[0])->assignments.empty());
}

TEST(Lease, DoubledOnItsWayIsOneRequestAnsweredAlike) {
  Coordinator coordinator;
  coordinator.add_worker(kAnna);
  coordinator.apply(LeaseRequested{{1001}, kAnna, {"r"}, milliseconds(5000)});
  EXPECT_TRUE(coordinator.apply(LeaseRequested{{1002}, kAnna, {"r"}, milliseconds(5000)}).empty());
  const std::vector<Reply> replies = coordinator.apply(SweepSubmitted{{1003}, {"s"}, sweep_of(1), ""});
  ASSERT_EQ(replies.size(), 3U);
  EXPECT_EQ(replies[1].token, Token{1001});
  EXPECT_EQ(replies[2].token, Token{1002});
  ASSERT_FALSE(leased(replies[1])->assignments.empty());
  EXPECT_EQ(leased(replies[1])->assignments, leased(replies[2])->assignments);
  EXPECT_EQ(coordinator.state().expiries.size(), 1U);
}

TEST(Lease, AskedForAgainWithoutWaitingIsAnsweredAtOnce) {
  Coordinator coordinator;
  coordinator.add_worker(kAnna);
  coordinator.apply(LeaseRequested{{1001}, kAnna, {"r"}, milliseconds(5000)});
  EXPECT_EQ(coordinator.apply(LeaseRequested{{1002}, kAnna, {"r"}, milliseconds(0)}).size(), 2U);
}

TEST(Lease, ThatWasAnsweredAndComesLateIsGivenNothing) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(3));
  coordinator.lease(kAnna, "one");
  const auto attempt = std::get<AttemptRef>(work_of(*coordinator.lease(kAnna, "two")));
  coordinator.heartbeat(kAnna, attempt);
  EXPECT_EQ(coordinator.lease(kAnna, "one"), std::nullopt);
  EXPECT_TRUE(coordinator.last_writes().empty());
  coordinator.complete(kAnna, attempt, 0.5);
  EXPECT_EQ(coordinator.lease(kAnna, "two"), std::nullopt) << "its work is done";
}

TEST(Lease, ThatComesBehindALaterOneTakesNothingBack) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(3));
  const auto later = coordinator.ask<Leased>(LeaseRequested{{}, kAnna, {"later"}, {}, 1, 2}).assignments;
  const auto attempt = std::get<AttemptRef>(work_of(later.at(0)));
  EXPECT_TRUE(coordinator.ask<Leased>(LeaseRequested{{}, kAnna, {"held up"}, {}, 1, 1}).assignments.empty());
  EXPECT_TRUE(coordinator.last_writes().empty());
  EXPECT_TRUE(coordinator.heartbeat(kAnna, attempt).empty()) << "it is still anna's";
}

TEST(Lease, ThatNeverArrivedIsTakenBackUncountedWhenItsWorkerAsksAnew) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(1));
  const AttemptRef lost = coordinator.lease_trial(kAnna);
  const AttemptRef again = coordinator.lease_trial(kAnna);
  EXPECT_EQ(again, (AttemptRef{lost.trial, lost.epoch + 1}));
  EXPECT_EQ(coordinator.trial(again).failed_attempts, 0);
  EXPECT_EQ(coordinator.heartbeat(kAnna, lost), (std::vector<WorkRef>{lost}));
}

// Its worker has it after all, and only the coordinator did not hear of that: what it measured was recorded
// nowhere, and must not be acknowledged as if it had been.
TEST(Lease, ThatSeemedNotToArriveTakesNoMetrics) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(1));
  const AttemptRef attempt = coordinator.lease_trial(kAnna);
  coordinator.pass(coordinator.state().options.lease_ttl);
  coordinator.beat(kAnna, {});
  coordinator.pass(coordinator.state().options.lease_grace);
  EXPECT_EQ(coordinator.refused_report(kAnna, attempt, accuracy(100, 0.5)),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(coordinator.last_writes().empty());
  coordinator.report(kAnna, attempt, ReleasedReport{});
}

TEST(Lease, ThatItsWorkerSpokeOfOutlivesAnotherRequest) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(1));
  const AttemptRef attempt = coordinator.lease_trial(kAnna);
  coordinator.heartbeat(kAnna, attempt);
  EXPECT_EQ(coordinator.lease(kAnna), std::nullopt);
  EXPECT_TRUE(coordinator.heartbeat(kAnna, attempt).empty());
}

TEST(Lease, AbandonedByOneOfItsCallsStillWaits) {
  Coordinator coordinator;
  coordinator.add_worker(kAnna);
  coordinator.apply(LeaseRequested{{1001}, kAnna, {"r"}, milliseconds(5000)});
  coordinator.apply(LeaseRequested{{1002}, kAnna, {"r"}, milliseconds(5000)});
  EXPECT_EQ(coordinator.apply(LeaseAbandoned{{1001}}).size(), 1U);
  EXPECT_EQ(coordinator.apply(SweepSubmitted{{1003}, {"s"}, sweep_of(1), ""}).size(), 2U);
}

TEST(Lease, AbandonedIsGivenNoWork) {
  Coordinator coordinator;
  coordinator.add_worker(kAnna);
  coordinator.apply(LeaseRequested{{1001}, kAnna, {"r"}, milliseconds(5000)});
  const std::vector<Reply> replies = coordinator.apply(LeaseAbandoned{{1001}});
  ASSERT_EQ(replies.size(), 1U);
  EXPECT_EQ(std::get<Refused>(replies[0].answer).status.code(), absl::StatusCode::kCancelled);
  EXPECT_TRUE(coordinator.apply(LeaseAbandoned{{1001}}).empty());
  EXPECT_EQ(coordinator.apply(SweepSubmitted{{1002}, {"s"}, sweep_of(1), ""}).size(), 1U);
  EXPECT_TRUE(coordinator.state().expiries.empty());
}

TEST(Lease, GoesToWhoWaitedLongest) {
  Coordinator coordinator;
  coordinator.add_worker(kAnna);
  coordinator.add_worker(kBert);
  coordinator.apply(LeaseRequested{{1001}, kBert, {"b"}, milliseconds(5000)});
  coordinator.apply(LeaseRequested{{1002}, kAnna, {"a"}, milliseconds(5000)});
  coordinator.submit(sweep_of(1));
  EXPECT_EQ(coordinator.state().sweeps.begin()->second.preparation.worker, kBert);
  EXPECT_EQ(coordinator.state().parked.size(), 1U);
}

TEST(Upload, IsTakenOfWhatTheWorkerHolds) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(1));
  const AttemptRef attempt = coordinator.lease_trial(kAnna);
  coordinator.pass(milliseconds(10));
  const auto accepted = coordinator.ask<UploadAccepted>(UploadOffered{{}, kAnna, attempt});
  EXPECT_EQ(accepted.sweep, coordinator.trial(attempt).sweep);
  EXPECT_TRUE(coordinator.last_writes().empty());
  const auto workers = coordinator.ask<WorkersListed>(WorkersAsked{}).workers;
  ASSERT_EQ(workers.size(), 1U);
  EXPECT_EQ(workers[0].last_seen_ms, coordinator.now().wall.time_since_epoch().count()) << "it was heard of";
}

TEST(Upload, IsRefusedOfWhatTheWorkerDoesNotHold) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(1));
  coordinator.add_worker(kBert);
  const AttemptRef attempt = coordinator.lease_trial(kAnna);
  const auto refused = [&](const WorkerId& worker, const AttemptRef& of) {
    return coordinator.ask<Refused>(UploadOffered{{}, worker, of}).status.code();
  };
  EXPECT_EQ(refused(kBert, attempt), absl::StatusCode::kFailedPrecondition) << "another's";
  EXPECT_EQ(refused(kAnna, {attempt.trial, attempt.epoch + 1}), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(refused(kAnna, {{99}, 1}), absl::StatusCode::kFailedPrecondition) << "there is no such trial";
  EXPECT_EQ(refused({"nobody"}, attempt), absl::StatusCode::kNotFound) << "it must register";
  coordinator.pass_until_lease_is_lost();
  EXPECT_EQ(refused(kAnna, attempt), absl::StatusCode::kFailedPrecondition) << "the lease is lost";
}

TEST(Heartbeat, KeepsTheLeaseAndShowsProgress) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(1));
  const AttemptRef attempt = coordinator.lease_trial(kAnna);
  for (int i = 0; i < 10; ++i) {
    coordinator.pass(coordinator.state().options.lease_ttl);
    EXPECT_TRUE(coordinator.heartbeat(kAnna, attempt).empty());
  }
  EXPECT_EQ(coordinator.trial(attempt).state, TrialState::kRunning);
  const auto workers = coordinator.ask<WorkersListed>(WorkersAsked{}).workers;
  ASSERT_EQ(workers.size(), 1U);
  EXPECT_EQ(workers[0].trial, attempt.trial);
  EXPECT_EQ(workers[0].progress, (Progress{"training", 1, 2}));
  EXPECT_EQ(workers[0].last_seen_ms, coordinator.now().wall.time_since_epoch().count());
}

TEST(Heartbeat, TellsTheTimesAsTheyAreNow) {
  Coordinator coordinator;
  coordinator.add_worker(kAnna);
  const auto answered = coordinator.ask<HeartbeatAnswered>(HeartbeatReceived{{}, kAnna, {}});
  EXPECT_EQ(answered.lease_ttl, coordinator.state().options.lease_ttl);
  EXPECT_EQ(answered.heartbeat_interval, coordinator.state().options.heartbeat_interval);
}

TEST(Heartbeat, WritesNothingThoughSomebodyWaitsForWorkThatIsDue) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(2));
  coordinator.add_worker(kBert);
  const AttemptRef kept = coordinator.lease_trial(kAnna);
  const AttemptRef failed = coordinator.lease_trial(kBert);
  coordinator.report(kBert, failed, Failure{FailureKind::kTrainerDied, "died"});
  coordinator.apply(LeaseRequested{{1001}, kBert, {"r"}, milliseconds(60'000)});
  State state = coordinator.state();
  const Now later{coordinator.now().monotonic + std::chrono::seconds(30), coordinator.now().wall};
  const Outbox outbox = on_heartbeat(state, {{1002}, kAnna, {{kept, {}}}}, later);
  EXPECT_TRUE(outbox.writes.empty());
  EXPECT_LE(*next_deadline(state), later.monotonic) << "which then leases it";
}

TEST(Heartbeat, OfAnothersWorkOrAnOlderEpochIsToldToStop) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(1));
  coordinator.add_worker(kBert);
  const AttemptRef attempt = coordinator.lease_trial(kAnna);
  EXPECT_EQ(coordinator.heartbeat(kBert, attempt), (std::vector<WorkRef>{attempt}));
  const AttemptRef other{attempt.trial, attempt.epoch + 1};
  EXPECT_EQ(coordinator.heartbeat(kAnna, other), (std::vector<WorkRef>{other}));
  const AttemptRef unknown{{99}, 1};
  EXPECT_EQ(coordinator.heartbeat(kAnna, unknown), (std::vector<WorkRef>{unknown}));
}

TEST(Heartbeat, DoesNotKeepWhatItDoesNotName) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(1));
  const AttemptRef attempt = coordinator.lease_trial(kAnna);
  coordinator.pass(coordinator.state().options.lease_ttl);
  coordinator.ask<HeartbeatAnswered>(HeartbeatReceived{{}, kAnna, {}});
  coordinator.pass(coordinator.state().options.lease_grace);
  EXPECT_EQ(coordinator.trial(attempt).state, TrialState::kPending);
}

}  // namespace
}  // namespace melsweep::core
