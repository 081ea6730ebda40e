#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <string>
#include <vector>

#include "shared/wire/worker_messages.h"
#include "tests/shared/wire/sample_messages.h"

namespace melsweep::wire {
namespace {

const WorkRef kAttempt = AttemptRef{TrialId{7}, 2};
const WorkRef kPreparation = PrepareRef{SweepId{3}, 1};

TEST(ReportMessages, EveryKindComesBackEqual) {
  const WorkReport reports[] = {
      {kAttempt, MetricsReport{{{500, "train/loss", 1.5}, {500, "validation/accuracy", 0.5}}}},
      {kAttempt, MetricsReport{}},
      {kPreparation, sample_report()},
      {kAttempt, CompletedReport{{30000, "/data/head", "beef"}, sample_evaluation()}},
      {kAttempt,
       CompletedReport{{30000, "/data/head", "beef"}, sample_evaluation(), {"it is odd", "and slow"}}},
      {kAttempt, CompletedReport{{30000, "/data/head", "beef"},
                                 sample_evaluation(),
                                 {},
                                 {{"training", 12.5, 30000, 0}, {"bottlenecks", 0.0, 0, 320}}}},
      {kAttempt, Failure{FailureKind::kOutOfMemory, "the GPU is full"}},
      {kPreparation, Failure{FailureKind::kBadData, "no such folder"}},
      {kAttempt, ReleasedReport{}},
      {kAttempt, ReleasedReport{ReleaseReason::kNoContact}},
      {kAttempt, ResumedReport{{2, 500}}},
      {kAttempt, CheckpointReport{{500, "/artifacts/step-500.safetensors", "c0de"}}},
      {kPreparation, ReleasedReport{}},
  };
  for (const WorkReport& report : reports) {
    const auto decoded = decode(encode(report));
    ASSERT_TRUE(decoded.ok()) << decoded.status();
    EXPECT_EQ(*decoded, report);
  }
}

TEST(ReportMessages, FailuresOfEveryKindComeBackEqual) {
  for (const FailureKind kind :
       {FailureKind::kBadData, FailureKind::kBadConfiguration, FailureKind::kOutOfMemory,
        FailureKind::kTrainerDied, FailureKind::kInternal}) {
    const Failure failure{kind, "why"};
    EXPECT_EQ(*decode(encode(failure)), failure);
  }
}

TEST(ReportMessages, AFailureOfNoKindIsRefused) {
  EXPECT_TRUE(absl::IsInvalidArgument(decode(v1::Failed()).status()));
}

TEST(ReportMessages, AReportThatSaysNothingIsRefused) {
  v1::Report message;
  *message.mutable_work() = encode(kAttempt);
  EXPECT_TRUE(absl::IsInvalidArgument(decode(message).status()));
}

TEST(ReportMessages, AReportOfNothingIsRefused) {
  v1::Report message;
  message.mutable_released();
  EXPECT_TRUE(absl::IsInvalidArgument(decode(message).status()));
}

TEST(ReportMessages, WhatDoesNotFitItsWorkIsRefused) {
  EXPECT_TRUE(absl::IsInvalidArgument(decode(encode(WorkReport{kPreparation, MetricsReport{}})).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(
      decode(encode(WorkReport{kPreparation, CompletedReport{{}, sample_evaluation()}})).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(decode(encode(WorkReport{kAttempt, sample_report()})).status()));
}

TEST(ReportMessages, StagesThatNoTrainerMeasuredAreRefused) {
  const auto decoded = [](const std::vector<StageTime>& stages) {
    return decode(encode(WorkReport{kAttempt,
                                    CompletedReport{{1, "/head", "beef"}, sample_evaluation(), {}, stages}}))
        .status();
  };
  EXPECT_EQ(decoded({{"training", 1.0, 1, 1}}), absl::OkStatus());
  EXPECT_EQ(
      decoded({{"training", -1.0, 1, 1}}),
      absl::InvalidArgumentError(
          "completed.stages: has the stage 'training', whose seconds are no number from 0 to 1000000000"));
  EXPECT_TRUE(absl::IsInvalidArgument(decoded({{"training", std::nan(""), 1, 1}})));
  EXPECT_TRUE(absl::IsInvalidArgument(decoded({{"training", 1.0, -1, 1}})));
  EXPECT_TRUE(absl::IsInvalidArgument(decoded({{std::string(257, 's'), 1.0, 1, 1}})));
  EXPECT_TRUE(absl::IsInvalidArgument(decoded({{"a", 1.0, 1, 1}, {"a", 1.0, 1, 1}})));
  EXPECT_TRUE(absl::IsInvalidArgument(decoded(std::vector<StageTime>(33, {"a", 1.0, 1, 1}))));
}

TEST(ReportMessages, ReportsKeepTheirOrder) {
  EXPECT_TRUE(rc::check([](const std::vector<std::uint32_t>& steps) {
    v1::ReportRequest request;
    std::vector<WorkReport> reports;
    for (const std::uint32_t step : steps) {
      reports.push_back({kAttempt, MetricsReport{{{step, "train/loss", 0.5}}}});
      *request.add_reports() = encode(reports.back());
    }
    RC_ASSERT(*decode(request.reports()) == reports);
  }));
}

}  // namespace
}  // namespace melsweep::wire
