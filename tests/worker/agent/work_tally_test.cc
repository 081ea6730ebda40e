#include "worker/agent/work_tally.h"

#include <gtest/gtest.h>

namespace melsweep::agent {
namespace {

constexpr TrialId kOne{1};
constexpr TrialId kTwo{2};

News training(std::int64_t done) {
  return Progress{"training", done, 30'000};
}

News measured(std::int64_t step) {
  return MetricsReport{{{step, "train/loss", 0.5}}};
}

TEST(WorkTally, CountsStepsOnceHoweverTheyAreTold) {
  WorkTally tally;
  tally.begin();
  tally.hear(kOne, training(400));
  tally.hear(kOne, measured(500));
  tally.hear(kOne, training(450));
  tally.hear(kOne, protocol::Checkpointed{{600, "/data/step-600", "beef"}});
  EXPECT_EQ(tally.counts().steps, 600);
  tally.hear(kTwo, training(10));
  tally.hear(kOne, protocol::Finished{{1000, "/data/step-1000", "beef"}, {}});
  EXPECT_EQ(tally.counts().steps, 1010);
}

TEST(WorkTally, CountsOfATrialThatResumedOnlyWhatItDoesHere) {
  WorkTally tally;
  tally.begin();
  tally.hear(kOne, protocol::Resumed{20'000});
  tally.hear(kOne, training(20'100));
  EXPECT_EQ(tally.counts().steps, 100);
}

TEST(WorkTally, CountsTheStepsOfEveryLease) {
  WorkTally tally;
  tally.begin();
  tally.hear(kOne, training(100));
  tally.begin();
  tally.hear(kOne, training(30));  // from its beginning: there was no checkpoint
  EXPECT_EQ(tally.counts().steps, 130);
}

TEST(WorkTally, TakesTheFirstThatIsSaidOfACacheForWhatItHad) {
  WorkTally tally;
  tally.begin();
  tally.hear(kOne, Progress{"reading data", 1, 400});
  tally.hear(kOne, Progress{"bottlenecks", 100, 400});
  tally.hear(kTwo, Progress{"bottlenecks", 100, 400});  // the same, told of all of a group
  tally.hear(kOne, Progress{"spectrograms", 0, 128});   // made for bottlenecks
  tally.hear(kOne, Progress{"bottlenecks", 400, 400});
  EXPECT_EQ(tally.counts().features.at("bottlenecks"), (WorkCounts::Features{100, 300}));
  EXPECT_EQ(tally.counts().features.at("spectrograms"), (WorkCounts::Features{0, 0}));
  tally.begin();
  tally.hear(kOne, Progress{"bottlenecks", 400, 400});
  EXPECT_EQ(tally.counts().features.at("bottlenecks"), (WorkCounts::Features{500, 300}));
}

TEST(WorkTally, CountsEndsOfAttemptsAndNotOfLooksAtData) {
  WorkTally tally;
  const WorkRef attempt = AttemptRef{kOne, 1};
  const WorkRef look = PrepareRef{SweepId{1}, 1};
  tally.end({attempt, CompletedReport{}});
  tally.end({attempt, Failure{}});
  tally.end({attempt, Failure{}});
  tally.end({attempt, ReleasedReport{}});
  tally.end({look, Failure{}});
  tally.abandon(attempt);
  tally.abandon(look);
  EXPECT_EQ(tally.counts().finished, 1);
  EXPECT_EQ(tally.counts().failed, 2);
  EXPECT_EQ(tally.counts().released, 1);
  EXPECT_EQ(tally.counts().abandoned, 1);
}

}  // namespace
}  // namespace melsweep::agent
