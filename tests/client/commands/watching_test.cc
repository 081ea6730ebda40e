#include "client/commands/watching.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <utility>
#include <vector>

namespace melsweep::commands {
namespace {

using results::SweepSummary;
using results::TrialSummary;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;

class SetClock final : public Clock {
 public:
  Now now() const override { return now_; }
  void pass(milliseconds time) { now_.monotonic += time; }

 private:
  Now now_{};
};

// A sweep as it stands look by look, each at its time.
class ScriptedResults final : public results::Results {
 public:
  struct Look {
    milliseconds later;  // than the look before
    SweepSummary sweep;
  };

  ScriptedResults(std::deque<Look> looks, SetClock& clock) : looks_(std::move(looks)), clock_(clock) {}

  absl::StatusOr<results::SweepProgress> progress(SweepId) override {
    if (looks_.empty()) return absl::InternalError("looked once too often");
    const Look look = looks_.front();
    looks_.pop_front();
    clock_.pass(look.later);
    return results::SweepProgress{.sweep = look.sweep, .best = std::nullopt};
  }
  absl::StatusOr<std::vector<results::WorkerSummary>> workers() override {
    return std::vector<results::WorkerSummary>();
  }

  absl::StatusOr<std::vector<SweepSummary>> sweeps() override { return absl::NotFoundError("none"); }
  absl::StatusOr<SweepSummary> sweep(const std::string&) override { return absl::NotFoundError("none"); }
  absl::StatusOr<std::vector<TrialSummary>> trials(SweepId, const results::TrialRange&) override {
    return absl::NotFoundError("none");
  }
  absl::StatusOr<std::vector<TrialSummary>> leaderboard(SweepId, const results::TrialRange&) override {
    return absl::NotFoundError("none");
  }
  absl::StatusOr<TrialSummary> best(SweepId) override { return absl::NotFoundError("none"); }
  absl::StatusOr<std::vector<ClassMetrics>> class_metrics(TrialId) override {
    return absl::NotFoundError("none");
  }

 private:
  std::deque<Look> looks_;
  SetClock& clock_;
};

SweepSummary in_state(SweepState state, const std::string& reason = "") {
  SweepSummary sweep;
  sweep.id = SweepId{1};
  sweep.state = state;
  sweep.reason = reason;
  return sweep;
}

// What is said on standard error while the sweep is watched to its end.
std::string said_of(std::deque<ScriptedResults::Look> looks) {
  SetClock clock;
  ScriptedResults results(std::move(looks), clock);
  local::InterruptWatch interrupt;
  testing::internal::CaptureStderr();
  const auto ended = watch_sweep(results, SweepId{1}, clock, interrupt);
  std::string said = testing::internal::GetCapturedStderr();
  EXPECT_TRUE(ended.ok()) << ended.status();
  return said;
}

TEST(WatchingTest, WorkersHaveTimeToComeBeforeTheyAreMissed) {
  const SweepSummary lonely = in_state(SweepState::kPreparing, "there is no worker now");
  const SweepSummary finished = in_state(SweepState::kFinished);
  EXPECT_THAT(said_of({{seconds(1), lonely}, {seconds(1), finished}}), Not(HasSubstr("no worker")));
  EXPECT_THAT(said_of({{seconds(1), lonely}, {seconds(11), lonely}, {seconds(1), finished}}),
              HasSubstr("waiting: there is no worker now"));
}

TEST(WatchingTest, WhatASweepFailedOfIsHandedOnAtOnce) {
  SetClock clock;
  ScriptedResults results({{seconds(1), in_state(SweepState::kFailed, "there is no data set")}}, clock);
  local::InterruptWatch interrupt;
  const auto ended = watch_sweep(results, SweepId{1}, clock, interrupt);
  ASSERT_TRUE(ended.ok()) << ended.status();
  EXPECT_EQ(ended->reason, "there is no data set");
}

}  // namespace
}  // namespace melsweep::commands
