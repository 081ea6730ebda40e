#include "worker/agent/report_queue.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace melsweep::agent {
namespace {

const WorkRef kWork = AttemptRef{TrialId{1}, 1};

std::vector<MetricPoint> points(std::size_t count, std::int64_t first_step = 0) {
  std::vector<MetricPoint> made;
  for (std::size_t i = 0; i < count; ++i) {
    made.push_back({first_step + static_cast<std::int64_t>(i), "train/loss", 0.5});
  }
  return made;
}

TEST(ReportQueue, MergesMetricsThatFollowMetrics) {
  ReportQueue queue;
  queue.push_metrics(kWork, points(2));
  queue.push_metrics(kWork, points(3, 2));
  const auto batch = queue.take_batch();
  ASSERT_EQ(batch.size(), 1u);
  EXPECT_EQ(std::get<MetricsReport>(batch[0].event).points, points(5));
}

TEST(ReportQueue, ForgetsOnlyWhatIsAcknowledged) {
  ReportQueue queue;
  queue.push_metrics(kWork, points(2));
  const auto first = queue.take_batch();
  queue.push_metrics(kWork, points(1, 2));
  queue.give_back();
  EXPECT_EQ(queue.pending_points(), 3u);
  EXPECT_EQ(queue.take_batch().front(), first.front());
  queue.acknowledge();
  EXPECT_TRUE(queue.empty());
}

TEST(ReportQueue, WhatComesWhileABatchIsOutIsNotPartOfIt) {
  ReportQueue queue;
  queue.push_metrics(kWork, points(2));
  queue.take_batch();
  queue.push_metrics(kWork, points(1, 2));
  queue.acknowledge();
  const auto batch = queue.take_batch();
  ASSERT_EQ(batch.size(), 1u);
  EXPECT_EQ(std::get<MetricsReport>(batch[0].event).points, points(1, 2));
}

TEST(ReportQueue, BatchesAreBoundedAndKeepTheOrder) {
  ReportQueue queue;
  queue.push_metrics(kWork, points(25'000));
  queue.push({kWork, ReleasedReport{}});
  std::int64_t next_step = 0;
  for (const std::size_t expected : {10'000, 10'000, 5'000}) {
    const auto batch = queue.take_batch();
    const auto& sent = std::get<MetricsReport>(batch[0].event).points;
    ASSERT_EQ(sent.size(), expected);
    EXPECT_EQ(sent.front().step, next_step);
    next_step = sent.back().step + 1;
    EXPECT_EQ(batch.size(), expected == 5'000 ? 2u : 1u);
    queue.acknowledge();
  }
  EXPECT_TRUE(queue.empty());
}

TEST(ReportQueue, AnEndIsUrgentMetricsAreNot) {
  ReportQueue queue;
  queue.push_metrics(kWork, points(1));
  EXPECT_FALSE(queue.is_urgent());
  queue.push({kWork, ReleasedReport{}});
  EXPECT_TRUE(queue.is_urgent());
}

TEST(ReportQueue, AnAnswerToWhatWasClearedChangesNothing) {
  ReportQueue queue;
  queue.push_metrics(kWork, points(2));
  queue.take_batch();
  queue.forget(kWork);
  queue.push({kWork, ReleasedReport{}});
  queue.acknowledge();
  EXPECT_FALSE(queue.empty());
}

const WorkRef kOther = AttemptRef{TrialId{2}, 1};

// How many reports of each work.
std::map<WorkRef, int> counted(const std::vector<WorkReport>& batch) {
  std::map<WorkRef, int> counts;
  for (const WorkReport& report : batch) ++counts[report.work];
  return counts;
}

TEST(ReportQueue, MetricsOfSeveralWorksGoTogetherAndBecomeOneReportOfEach) {
  ReportQueue queue;
  for (std::int64_t step = 0; step < 10; ++step) {
    queue.push_metrics(kWork, points(1, step));
    queue.push_metrics(kOther, points(1, step));
  }
  EXPECT_EQ(counted(queue.take_batch()), (std::map<WorkRef, int>{{kWork, 1}, {kOther, 1}}));
}

TEST(ReportQueue, OneWorksFloodDoesNotKeepTheOthersWaiting) {
  ReportQueue queue;
  queue.push_metrics(kWork, points(50'000));
  queue.push({kOther, ReleasedReport{}});
  queue.take_batch();
  queue.acknowledge();
  EXPECT_TRUE(counted(queue.take_batch()).contains(kOther));
}

TEST(ReportQueue, LargeResultsOfSeveralWorksAreNotSentTogether) {
  ReportQueue queue;
  CompletedReport large;
  large.evaluation.predictions.resize(ReportQueue::kMaxBatchPoints);
  queue.push({kWork, large});
  queue.push({kOther, large});
  EXPECT_EQ(queue.take_batch().size(), 1U);
}

TEST(ReportQueue, WhatIsRefusedTogetherIsHandedOutWorkByWorkAndThenTogetherAgain) {
  ReportQueue queue;
  const auto push_both = [&queue] {
    queue.push({kWork, CheckpointReport{}});
    queue.push({kOther, CheckpointReport{}});
  };
  push_both();
  EXPECT_EQ(counted(queue.take_batch()).size(), 2U);
  queue.give_back_apart();
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(queue.is_urgent());
    EXPECT_EQ(queue.take_batch().size(), 1U);
    queue.acknowledge();
  }
  EXPECT_TRUE(queue.empty());
  push_both();
  EXPECT_EQ(counted(queue.take_batch()).size(), 2U);
}

TEST(ReportQueue, ForgettingOneWorkKeepsTheOthersReports) {
  ReportQueue queue;
  queue.push({kWork, CheckpointReport{}});
  queue.push({kOther, ReleasedReport{}});
  queue.take_batch();
  queue.forget(kWork);
  EXPECT_FALSE(queue.has(kWork));
  queue.give_back();
  EXPECT_EQ(counted(queue.take_batch()), (std::map<WorkRef, int>{{kOther, 1}}));
}

}  // namespace
}  // namespace melsweep::agent
