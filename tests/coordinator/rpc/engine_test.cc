#include "coordinator/rpc/engine.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <utility>
#include <variant>
#include <vector>

#include "tests/coordinator/rpc/fake_store.h"
#include "tests/coordinator/store/faulty_store.h"

namespace melsweep::rpc {
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
    EXPECT_TRUE(result.status.ok()) << result.status;
    return result.replies;
  }
  absl::Status failure_of(const std::vector<Event>& events) {
    const Engine::Result result = engine_.process(events);
    EXPECT_TRUE(result.replies.empty());
    return result.status;
  }

  static Event submit(std::uint64_t token) { return core::SweepSubmitted{{token}, {"s"}, any_sweep(), ""}; }
  static Event register_anna(std::uint64_t token) {
    return core::WorkerRegistered{{token}, {"anna"}, "host", "cpu"};
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
  EXPECT_TRUE(std::get<core::Leased>(replies[2].answer).assignment);
}

TEST_F(EngineTest, DoesNotRunAheadOfAStoreThatFails) {
  process({register_anna(1)});
  faults_->fail_next_commit(absl::UnavailableError("disk full"));
  const absl::Status status = failure_of({submit(2), lease(3, milliseconds(0))});
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_NE(status.ToString().find("disk full"), std::string::npos);
  EXPECT_FALSE(std::get<core::Leased>(process({lease(4, milliseconds(0))})[0].answer).assignment)
      << "the sweep was not recorded";
  EXPECT_EQ(std::get<core::Submitted>(process({submit(5)})[0].answer).sweep, SweepId{1});
}

TEST_F(EngineTest, FindsWhatWasRecordedWithoutItsKnowing) {
  store::MemoryStore memory;
  auto faulty = std::make_unique<store::FaultyStore>(memory);
  faulty->fail_commit(1, store::FaultyStore::Moment::kAfter, absl::UnavailableError("no answer"));
  Engine engine({}, std::move(faulty), clock_);
  EXPECT_EQ(engine.process(std::vector<Event>{submit(1)}).status.code(), absl::StatusCode::kUnavailable);
  const auto result = engine.process(std::vector<Event>{submit(2)});
  ASSERT_EQ(result.replies.size(), 1U);
  EXPECT_EQ(std::get<core::Submitted>(result.replies[0].answer).sweep, SweepId{1});
  EXPECT_EQ(memory.load()->sweeps.size(), 1U);
}

TEST_F(EngineTest, NeedsNoStoreForWhatWritesNothing) {
  process({register_anna(1)});
  faults_->fail_next_commit(absl::UnavailableError("disk full"));
  EXPECT_EQ(process({core::HeartbeatReceived{{2}, {"anna"}, {}}}).size(), 1U);
}

TEST_F(EngineTest, ComesBackWhenTheStoreCanBeReadAgain) {
  faults_->fail_next_load(absl::UnavailableError("busy"));
  EXPECT_EQ(failure_of({register_anna(1)}).code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(engine_.next_deadline(), std::nullopt);
  EXPECT_EQ(process({register_anna(2)}).size(), 1U);
}

TEST_F(EngineTest, PassesOnWhatCannotBeOvercome) {
  faults_->fail_next_commit(absl::DataLossError("torn page"));
  EXPECT_EQ(failure_of({register_anna(1)}).code(), absl::StatusCode::kDataLoss);
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
}  // namespace melsweep::rpc
