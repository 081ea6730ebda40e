#include "coordinator/engine/engine.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <utility>
#include <variant>
#include <vector>

#include "tests/coordinator/engine/fake_store.h"
#include "tests/coordinator/store/faulty_store.h"

namespace melsweep::engine {
namespace {

using core::Event;
using std::chrono::milliseconds;

class SettableClock final : public Clock {
 public:
  Now now() const override { return now_; }
  void pass(milliseconds time) { now_.monotonic += time; }

 private:
  Now now_{MonotonicTime(std::chrono::hours(1)), WallTime(milliseconds(1'700'000'000'000))};
};

SweepSpec any_sweep() {
  SweepSpec spec;
  spec.name = "any";
  return spec;
}

class EngineTest : public testing::Test {
 protected:
  std::vector<core::Reply> process(const std::vector<Event>& events) {
    Engine::Result result = engine_.process(events);
    EXPECT_TRUE(result.fatal.ok()) << result.fatal;
    return result.replies;
  }
  // What this request is refused with.
  static absl::Status refusal(const std::vector<core::Reply>& replies, std::uint64_t token) {
    for (const core::Reply& reply : replies) {
      if (reply.token != core::Token{token}) continue;
      const auto* refused = std::get_if<core::Refused>(&reply.answer);
      return refused == nullptr ? absl::OkStatus() : refused->status;
    }
    return absl::NotFoundError("not answered");
  }
  void fail(const char* why) { faults_->fail_commits(absl::UnavailableError(why)); }
  void recover() { faults_->fail_commits(absl::OkStatus()); }

  static Event submit(std::uint64_t token) { return core::SweepSubmitted{{token}, {"s"}, any_sweep(), ""}; }
  static Event register_anna(std::uint64_t token) {
    return core::WorkerRegistered{{token}, {"anna"}, "host", "cpu"};
  }
  static Event register_bert(std::uint64_t token) {
    return core::WorkerRegistered{{token}, {"bert"}, "host", "cpu"};
  }
  static Event lease(std::uint64_t token, milliseconds wait) {
    return core::LeaseRequested{{token}, {"anna"}, {"l"}, wait};
  }

  SettableClock clock_;
  std::shared_ptr<StoreFaults> faults_ = std::make_shared<StoreFaults>();
  Engine engine_{{}, std::make_unique<FakeStore>(faults_), clock_};
};

TEST_F(EngineTest, AnswersEveryEventOfABatch) {
  const auto replies = process({register_anna(1), submit(2), lease(3, milliseconds(0))});
  ASSERT_EQ(replies.size(), 3U);
  EXPECT_FALSE(std::get<core::Leased>(replies[2].answer).assignments.empty());
}

TEST_F(EngineTest, DoesNotRunAheadOfAStoreThatFails) {
  process({register_anna(1)});
  faults_->fail_next_commit(absl::UnavailableError("disk full"));
  const auto replies = process({submit(2), lease(3, milliseconds(0))});
  EXPECT_EQ(refusal(replies, 2).code(), absl::StatusCode::kUnavailable);
  EXPECT_NE(refusal(replies, 2).ToString().find("disk full"), std::string::npos);
  ASSERT_EQ(replies.size(), 2U);
  EXPECT_TRUE(refusal(replies, 3).ok());
  EXPECT_TRUE(std::get<core::Leased>(replies[1].answer).assignments.empty()) << "the sweep was not recorded";
  clock_.pass(milliseconds(500));
  EXPECT_EQ(std::get<core::Submitted>(process({submit(5)})[0].answer).sweeps.front(), SweepId{1});
}

TEST_F(EngineTest, ShowsTheStateThatIsDurable) {
  EXPECT_EQ(engine_.state(), nullptr);
  process({submit(1)});
  ASSERT_NE(engine_.state(), nullptr);
  EXPECT_EQ(engine_.state()->sweeps.size(), 1U);
  faults_->fail_next_commit(absl::UnavailableError("disk full"));
  EXPECT_FALSE(refusal(process({register_anna(2)}), 2).ok());
  ASSERT_NE(engine_.state(), nullptr);
  EXPECT_TRUE(engine_.state()->workers.empty());
}

TEST_F(EngineTest, FindsWhatWasRecordedWithoutItsKnowing) {
  store::MemoryStore memory;
  auto faulty = std::make_unique<store::FaultyStore>(memory);
  faulty->fail_commit(1, store::FaultyStore::Moment::kAfter, absl::UnavailableError("no answer"));
  Engine engine({}, std::move(faulty), clock_);
  EXPECT_TRUE(refusal(engine.process(std::vector<Event>{submit(1)}).replies, 1).ok())
      << "it was recorded, and needs no writes any more";
  clock_.pass(milliseconds(500));
  const auto result = engine.process(std::vector<Event>{submit(2)});
  ASSERT_EQ(result.replies.size(), 1U);
  EXPECT_EQ(std::get<core::Submitted>(result.replies[0].answer).sweeps.front(), SweepId{1});
  EXPECT_EQ(memory.load()->sweeps.size(), 1U);
}

TEST_F(EngineTest, NeedsNoStoreForWhatWritesNothing) {
  process({register_anna(1)});
  faults_->fail_next_commit(absl::UnavailableError("disk full"));
  EXPECT_EQ(process({core::HeartbeatReceived{{2}, {"anna"}, {}}}).size(), 1U);
}

TEST_F(EngineTest, ServesWhatNeedsNoWritesWhileTheStoreFails) {
  process({register_anna(1), submit(2), lease(3, milliseconds(0)), register_bert(4)});
  fail("disk full");
  const core::HeartbeatReceived heartbeat{{11}, {"anna"}, {{PrepareRef{{1}, 1}, {}}}};
  for (int batch = 0; batch < 3; ++batch) {
    const auto replies =
        process({core::SweepSubmitted{{10}, {"t"}, any_sweep(), ""}, heartbeat, core::WorkersAsked{{12}},
                 core::LeaseRequested{{13}, {"bert"}, {"r"}, milliseconds(0)}});
    ASSERT_EQ(replies.size(), 4U);
    EXPECT_EQ(refusal(replies, 10).code(), absl::StatusCode::kUnavailable);
    for (const std::uint64_t token : {11U, 12U, 13U}) EXPECT_TRUE(refusal(replies, token).ok()) << token;
    clock_.pass(milliseconds(10'000));
  }
  EXPECT_FALSE(engine_.trouble().ok());
  recover();
  EXPECT_TRUE(std::get<core::HeartbeatAnswered>(process({heartbeat})[0].answer).stop.empty())
      << "the lease was kept";
  EXPECT_TRUE(refusal(process({submit(20)}), 20).ok());
  EXPECT_TRUE(refusal(process({core::SweepSubmitted{{21}, {"t"}, any_sweep(), ""}}), 21).ok());
  EXPECT_TRUE(engine_.trouble().ok());
}

TEST_F(EngineTest, TriesAFailingStoreAgainOnlyNowAndThen) {
  process({register_anna(1)});
  const int loads = faults_->loads_tried();
  const int commits = faults_->commits_tried();
  fail("locked");
  for (std::uint64_t i = 0; i < 100; ++i) EXPECT_FALSE(refusal(process({submit(10 + i)}), 10 + i).ok());
  EXPECT_EQ(faults_->commits_tried(), commits + 1);
  EXPECT_EQ(faults_->loads_tried(), loads + 1);
  clock_.pass(milliseconds(500));
  process({submit(200)});
  process({submit(201)});
  EXPECT_EQ(faults_->commits_tried(), commits + 2);
  clock_.pass(milliseconds(500));
  process({submit(202)});
  EXPECT_EQ(faults_->commits_tried(), commits + 2) << "the second pause is longer";
  recover();
  clock_.pass(milliseconds(500));
  EXPECT_TRUE(refusal(process({submit(203)}), 203).ok());
}

TEST_F(EngineTest, KeepsWhoWaitsForWorkWaitingThroughAFailure) {
  process({register_anna(1), lease(2, milliseconds(60'000))});
  fail("disk full");
  process({register_bert(3)});
  recover();
  clock_.pass(milliseconds(500));
  const auto replies = process({submit(4)});
  ASSERT_EQ(replies.size(), 2U);
  EXPECT_EQ(replies[1].token, core::Token{2});
  EXPECT_FALSE(std::get<core::Leased>(replies[1].answer).assignments.empty());
}

TEST_F(EngineTest, EndsWaitsInTimeWhileTheStoreFails) {
  process({register_anna(1), lease(2, milliseconds(700))});
  fail("disk full");
  process({register_bert(3)});
  ASSERT_EQ(engine_.next_deadline(), clock_.now().monotonic + milliseconds(700));
  clock_.pass(milliseconds(700));
  const auto replies = process({});
  ASSERT_EQ(replies.size(), 1U);
  EXPECT_TRUE(std::get<core::Leased>(replies[0].answer).assignments.empty());
}

TEST_F(EngineTest, RefusesWhoWasAboutToGetWorkThatIsUndone) {
  process({register_anna(1), lease(2, milliseconds(60'000))});
  fail("disk full");
  const auto replies = process({submit(3)});
  ASSERT_EQ(replies.size(), 2U);
  EXPECT_EQ(refusal(replies, 2).code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(refusal(replies, 3).code(), absl::StatusCode::kUnavailable);
}

TEST_F(EngineTest, DoesNotSpinWhenALeaseEndsWhileTheStoreFails) {
  process({register_anna(1), submit(2), lease(3, milliseconds(0))});
  fail("disk full");
  clock_.pass(std::chrono::hours(1));
  process({});
  ASSERT_TRUE(engine_.next_deadline());
  EXPECT_GT(*engine_.next_deadline(), clock_.now().monotonic);
}

TEST_F(EngineTest, RefusesOnlyTheOneWhoseWriteIsNeverTaken) {
  process({register_anna(1)});
  faults_->fail_commits_of(
      [](const store::Write& write) {
        const auto* worker = std::get_if<store::PutWorker>(&write);
        return worker != nullptr && worker->worker.id == WorkerId{"bert"};
      },
      absl::FailedPreconditionError("UNIQUE constraint failed"));
  const auto replies = process(
      {submit(2), register_bert(3), core::HeartbeatReceived{{4}, {"anna"}, {}}, lease(5, milliseconds(0))});
  ASSERT_EQ(replies.size(), 4U);
  EXPECT_TRUE(refusal(replies, 2).ok());
  EXPECT_EQ(refusal(replies, 3).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(refusal(replies, 3).ToString().find("UNIQUE"), std::string::npos);
  EXPECT_TRUE(refusal(replies, 4).ok());
  EXPECT_TRUE(refusal(replies, 5).ok());
  EXPECT_TRUE(engine_.trouble().ok());
}

TEST_F(EngineTest, SaysWhatItRecorded) {
  EXPECT_EQ(engine_.process(std::vector<Event>{register_anna(1)}).recorded.size(), 1U);
  fail("disk full");
  EXPECT_TRUE(engine_.process(std::vector<Event>{register_bert(2)}).recorded.empty());
}

TEST_F(EngineTest, ComesBackWhenTheStoreCanBeReadAgain) {
  faults_->fail_next_load(absl::UnavailableError("busy"));
  EXPECT_EQ(refusal(process({register_anna(1)}), 1).code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(engine_.next_deadline(), std::nullopt);
  EXPECT_FALSE(refusal(process({register_anna(2)}), 2).ok()) << "not tried again at once";
  clock_.pass(milliseconds(500));
  EXPECT_TRUE(refusal(process({register_anna(3)}), 3).ok());
}

TEST_F(EngineTest, PassesOnWhatCannotBeOvercome) {
  faults_->fail_next_commit(absl::DataLossError("torn page"));
  const Engine::Result result = engine_.process(std::vector<Event>{register_anna(1)});
  EXPECT_TRUE(result.replies.empty());
  EXPECT_EQ(result.fatal.code(), absl::StatusCode::kDataLoss);
}

TEST_F(EngineTest, MeetsDeadlinesAfterTheEventsOfTheBatch) {
  process({register_anna(1), submit(2), lease(3, milliseconds(0))});
  const auto deadline = engine_.next_deadline();
  ASSERT_TRUE(deadline);
  clock_.pass(*deadline - clock_.now().monotonic);
  const core::HeartbeatReceived heartbeat{{4}, {"anna"}, {{PrepareRef{{1}, 1}, {}}}};
  const auto replies = process({heartbeat});
  EXPECT_TRUE(std::get<core::HeartbeatAnswered>(replies[0].answer).stop.empty())
      << "it came in time, if only just";
  clock_.pass(*engine_.next_deadline() - clock_.now().monotonic);
  process({});
  EXPECT_FALSE(std::get<core::HeartbeatAnswered>(process({heartbeat})[0].answer).stop.empty());
}

}  // namespace
}  // namespace melsweep::engine
