#include "worker/agent/report_queue.h"

#include <gtest/gtest.h>

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
  queue.clear();
  queue.push({kWork, ReleasedReport{}});
  queue.acknowledge();
  EXPECT_FALSE(queue.empty());
}

}  // namespace
}  // namespace melsweep::agent
