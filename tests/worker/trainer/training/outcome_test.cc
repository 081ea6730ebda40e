#include "worker/trainer/training/outcome.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace melsweep::training {
namespace {

FailureKind kind_of(const absl::Status& status, FailureKind of_the_stage) {
  return std::get<Failure>(end_of(status, of_the_stage)).kind;
}

TEST(Outcome, ACancelledStageIsAnInterruption) {
  EXPECT_TRUE(std::holds_alternative<Interrupted>(end_of(absl::CancelledError(""), FailureKind::kBadData)));
}

TEST(Outcome, WhatTheMachineDidIsTriedAgain) {
  EXPECT_EQ(kind_of(absl::InternalError(""), FailureKind::kBadData), FailureKind::kInternal);
  EXPECT_EQ(kind_of(absl::UnavailableError(""), FailureKind::kBadData), FailureKind::kInternal);
  EXPECT_EQ(kind_of(absl::ResourceExhaustedError(""), FailureKind::kBadData), FailureKind::kOutOfMemory);
}

TEST(Outcome, NumbersOutOfAllBoundsAreABadConfigurationInEveryStage) {
  EXPECT_EQ(kind_of(absl::OutOfRangeError(""), FailureKind::kBadData), FailureKind::kBadConfiguration);
}

TEST(Outcome, WhatIsMissingOrDifferentOnThisMachineIsTriedElsewhere) {
  for (const absl::Status& status :
       {absl::NotFoundError("no a.wav"), absl::FailedPreconditionError("no a.wav")}) {
    const absl::Status here = on_this_machine(status);
    EXPECT_EQ(kind_of(here, FailureKind::kBadData), FailureKind::kInternal);
    EXPECT_THAT(std::string(here.message()), testing::HasSubstr("no a.wav (on "));
  }
  EXPECT_EQ(on_this_machine(absl::InvalidArgumentError("a.wav is empty")),
            absl::InvalidArgumentError("a.wav is empty"));
}

TEST(Outcome, WhatTheUserDidIsOfTheStagesKindWithItsWords) {
  EXPECT_EQ(kind_of(absl::NotFoundError(""), FailureKind::kBadConfiguration), FailureKind::kBadConfiguration);
  const auto end = end_of(absl::InvalidArgumentError("clip1.wav is empty"), FailureKind::kBadData);
  EXPECT_EQ(std::get<Failure>(end),
            (Failure{.kind = FailureKind::kBadData, .message = "clip1.wav is empty"}));
}

}  // namespace
}  // namespace melsweep::training
