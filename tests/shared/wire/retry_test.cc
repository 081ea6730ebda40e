#include "shared/wire/retry.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <vector>

namespace melsweep::wire {
namespace {

using std::chrono::milliseconds;

// Time that passes only while somebody sleeps.
class SleepingClock final : public Clock {
 public:
  Now now() const override { return {MonotonicTime(elapsed_), WallTime(elapsed_)}; }

  Sleeper sleeper() {
    return [this](milliseconds delay) { elapsed_ += delay; };
  }

  milliseconds elapsed() const { return elapsed_; }

 private:
  milliseconds elapsed_{0};
};

TEST(BackoffDelay, StaysBetweenNothingAndItsBound) {
  EXPECT_TRUE(rc::check([](std::uint64_t seed, std::uint8_t failures) {
    const BackoffPolicy policy{.initial = milliseconds(100), .longest = milliseconds(5000), .factor = 2.0};
    std::mt19937_64 random(seed);
    const double grown = 100.0 * std::pow(2.0, std::max<int>(failures, 1) - 1);
    const milliseconds delay = backoff_delay(policy, failures, random);
    RC_ASSERT(delay >= milliseconds(0));
    RC_ASSERT(static_cast<double>(delay.count()) <= std::min(grown, 5000.0));
  }));
}

TEST(BackoffDelay, GrowsToItsLongest) {
  const BackoffPolicy policy{.initial = milliseconds(100), .longest = milliseconds(5000), .factor = 2.0};
  std::mt19937_64 random(1);
  milliseconds longest_early{0};
  milliseconds longest_late{0};
  for (int i = 0; i < 1000; ++i) {
    longest_early = std::max(longest_early, backoff_delay(policy, 1, random));
    longest_late = std::max(longest_late, backoff_delay(policy, 1'000'000, random));
  }
  EXPECT_LE(longest_early, milliseconds(100));
  EXPECT_GT(longest_late, milliseconds(4500));
}

TEST(BackoffDelay, ComesFromTheSeed) {
  const BackoffPolicy policy;
  std::mt19937_64 one(5);
  std::mt19937_64 same(5);
  std::mt19937_64 other(6);
  std::vector<milliseconds> delays[3];
  for (int i = 1; i <= 20; ++i) {
    delays[0].push_back(backoff_delay(policy, i, one));
    delays[1].push_back(backoff_delay(policy, i, same));
    delays[2].push_back(backoff_delay(policy, i, other));
  }
  EXPECT_EQ(delays[0], delays[1]);
  EXPECT_NE(delays[0], delays[2]);
}

TEST(IsRetryable, OnlyWhereTheSameRequestMaySucceed) {
  EXPECT_TRUE(is_retryable(absl::StatusCode::kUnavailable));
  EXPECT_TRUE(is_retryable(absl::StatusCode::kDeadlineExceeded));
  EXPECT_TRUE(is_retryable(absl::StatusCode::kAborted));
  EXPECT_TRUE(is_retryable(absl::StatusCode::kCancelled));
  EXPECT_FALSE(is_retryable(absl::StatusCode::kOk));
  EXPECT_FALSE(is_retryable(absl::StatusCode::kInvalidArgument));
  EXPECT_FALSE(is_retryable(absl::StatusCode::kFailedPrecondition));
  EXPECT_FALSE(is_retryable(absl::StatusCode::kNotFound));
  EXPECT_FALSE(is_retryable(absl::StatusCode::kResourceExhausted));
}

// Runs retry() over calls that answer so, one after the other.
absl::Status retry_over(std::deque<absl::Status> answers, SleepingClock& clock, int* calls) {
  std::mt19937_64 random(3);
  return retry({}, clock, clock.sleeper(), random, [&] {
    ++*calls;
    const absl::Status answer = answers.front();
    if (answers.size() > 1) answers.pop_front();
    return answer;
  });
}

TEST(Retry, EndsWithTheFirstSuccess) {
  SleepingClock clock;
  int calls = 0;
  EXPECT_TRUE(
      retry_over({absl::UnavailableError("down"), absl::DeadlineExceededError("slow"), absl::OkStatus()},
                 clock, &calls)
          .ok());
  EXPECT_EQ(calls, 3);
}

TEST(Retry, DoesNotRepeatWhatCannotSucceed) {
  SleepingClock clock;
  int calls = 0;
  EXPECT_TRUE(absl::IsInvalidArgument(retry_over({absl::InvalidArgumentError("bad")}, clock, &calls)));
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(clock.elapsed(), milliseconds(0));
}

TEST(Retry, GivesUpWhenTheTimeIsOver) {
  SleepingClock clock;
  int calls = 0;
  EXPECT_TRUE(absl::IsUnavailable(retry_over({absl::UnavailableError("down")}, clock, &calls)));
  EXPECT_GT(calls, 5);
  EXPECT_LE(clock.elapsed(), RetryOptions().total);
  EXPECT_GT(clock.elapsed(), RetryOptions().total - RetryOptions().backoff.longest);
}

}  // namespace
}  // namespace melsweep::wire
