#include "worker/agent/transfer_turns.h"

#include <gmock/gmock.h>

#include <array>
#include <random>

#include "tests/worker/agent/agent_under_test.h"

namespace melsweep::agent {
namespace {

class TransferTurnsTest : public testing::Test {
 protected:
  TransferTurnsTest() {
    for (std::size_t i = 0; i < all.size(); ++i) {
      const TrialId trial{static_cast<std::int64_t>(i + 1)};
      const std::filesystem::path folder = "/data/" + std::to_string(trial.value);
      all[i]->begin({kStore, SweepId{3}, {trial, 1}, folder}, {});
    }
  }

  // The checkpoint of the trial whose place this is.
  static Checkpoint made_by(std::size_t place, std::int64_t step = 100) {
    return {step, "/data/" + std::to_string(place + 1), "beef"};
  }

  void answer_store(const absl::Status& status) {
    ASSERT_NE(storing(all), nullptr);
    transfer.storing.reset();
    storing(all)->on(ArtifactStored{status}, now);
  }

  MonotonicTime now{seconds(1000)};
  FakeTransfer transfer;
  std::mt19937_64 random;
  CheckpointExchange one{transfer, {}, random};
  CheckpointExchange two{transfer, {}, random};
  CheckpointExchange three{transfer, {}, random};
  const std::array<CheckpointExchange*, 3> all{&one, &two, &three};
  const std::array<const CheckpointExchange*, 3> all_seen{&one, &two, &three};
};

TEST_F(TransferTurnsTest, OneCallOfAKindAtATime) {
  one.offer(made_by(0));
  two.offer(made_by(1));
  make_transfers(all, now);
  EXPECT_EQ(transfer.storing, made_by(0));
  EXPECT_EQ(storing(all), &one);
  EXPECT_FALSE(next_transfer(all_seen)) << "until it is answered";
  transfer.storing.reset();
  make_transfers(all, now);
  EXPECT_FALSE(transfer.storing);
}

TEST_F(TransferTurnsTest, ItIsTheTurnOfTheOneThatWaitedLongest) {
  for (std::size_t place : {0U, 1U, 2U}) all[place]->offer(made_by(place));
  for (std::size_t place : {0U, 1U, 2U, 0U, 1U}) {
    make_transfers(all, now);
    EXPECT_EQ(transfer.storing, made_by(place));
    answer_store(absl::OkStatus());
    all[place]->offer(made_by(place));
    now += milliseconds(1);
  }
}

TEST_F(TransferTurnsTest, OneThatHasToWaitDoesNotHoldTheOthersUp) {
  one.offer(made_by(0));
  make_transfers(all, now);
  answer_store(absl::UnavailableError("down"));  // to be made again after a pause
  now += milliseconds(1);
  two.offer(made_by(1));
  EXPECT_LE(next_transfer(all_seen).value(), now);
  make_transfers(all, now);
  EXPECT_EQ(transfer.storing, made_by(1));
}

TEST_F(TransferTurnsTest, WithoutAnythingToDoThereIsNoDeadline) {
  EXPECT_FALSE(next_transfer(all_seen));
  EXPECT_EQ(storing(all), nullptr);
  EXPECT_EQ(fetching(all), nullptr);
}

}  // namespace
}  // namespace melsweep::agent
