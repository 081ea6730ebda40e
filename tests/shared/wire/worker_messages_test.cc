#include "shared/wire/worker_messages.h"

#include <gtest/gtest.h>

#include "tests/shared/wire/sample_messages.h"

namespace melsweep::wire {
namespace {

// The message of an InvalidArgument, or what was there instead.
template <class T>
std::string refusal(const absl::StatusOr<T>& decoded) {
  if (decoded.ok()) return "accepted";
  return absl::IsInvalidArgument(decoded.status()) ? std::string(decoded.status().message())
                                                   : decoded.status().ToString();
}

TEST(WorkerMessages, ATrialComesBackEqual) {
  const auto decoded = decode(encode(Assignment(sample_trial())));
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(*decoded, Assignment(sample_trial()));
}

TEST(WorkerMessages, APreparationComesBackEqual) {
  const auto decoded = decode(encode(Assignment(sample_preparation())));
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(*decoded, Assignment(sample_preparation()));
}

TEST(WorkerMessages, AnAssignmentWithoutWorkIsRefused) {
  EXPECT_EQ(refusal(decode(v1::Assignment())), "assignment: has no work");
}

TEST(WorkerMessages, AnAssignmentNamesItsSweepAndEpoch) {
  v1::Assignment message = encode(Assignment(sample_trial()));
  message.mutable_trial()->set_sweep_id(0);
  EXPECT_EQ(refusal(decode(message)), "sweep_id: must be positive, is 0");
  message = encode(Assignment(sample_trial()));
  message.mutable_trial()->clear_attempt();
  EXPECT_EQ(refusal(decode(message)), "trial_id: must be positive, is 0");
  message = encode(Assignment(sample_preparation()));
  message.mutable_prepare()->set_epoch(0);
  EXPECT_EQ(refusal(decode(message)), "epoch: must be positive, is 0");
}

TEST(WorkerMessages, SettingsThatAreNoJsonAreRefusedByName) {
  v1::Assignment message = encode(Assignment(sample_trial()));
  message.mutable_trial()->set_settings_json("{");
  EXPECT_EQ(refusal(decode(message)), "settings_json: is no JSON");
  message = encode(Assignment(sample_trial()));
  message.mutable_trial()->set_dataset_json("");
  EXPECT_EQ(refusal(decode(message)), "dataset_json: is no JSON");
}

TEST(WorkerMessages, SettingsThatLackAFieldAreRefusedByName) {
  v1::Assignment message = encode(Assignment(sample_trial()));
  message.mutable_trial()->set_settings_json("{}");
  EXPECT_EQ(refusal(decode(message)).rfind("settings_json: ", 0), 0u);
  message = encode(Assignment(sample_preparation()));
  message.mutable_prepare()->set_dataset_json("[]");
  EXPECT_EQ(refusal(decode(message)).rfind("dataset_json: ", 0), 0u);
}

TEST(WorkerMessages, WorkComesBackEqual) {
  const WorkRef attempt = AttemptRef{TrialId{4}, 2};
  const WorkRef preparation = PrepareRef{SweepId{4}, 2};
  EXPECT_EQ(*decode(encode(attempt)), attempt);
  EXPECT_EQ(*decode(encode(preparation)), preparation);
  EXPECT_NE(*decode(encode(attempt)), preparation);
}

TEST(WorkerMessages, WorkOfNoKindIsRefused) {
  EXPECT_EQ(refusal(decode(v1::WorkRef())), "work: is neither an attempt nor a preparation");
}

TEST(WorkerMessages, RunningWorkComesBackEqual) {
  const RunningWork running{AttemptRef{TrialId{4}, 2}, {"training", 500, 30000}};
  EXPECT_EQ(*decode(encode(running)), running);
}

TEST(WorkerMessages, OneBadElementSpoilsTheList) {
  v1::HeartbeatRequest request;
  *request.add_running() = encode(RunningWork{AttemptRef{TrialId{4}, 2}, {}});
  request.add_running();
  EXPECT_TRUE(absl::IsInvalidArgument(decode(request.running()).status()));
  request.mutable_running()->RemoveLast();
  EXPECT_EQ(decode(request.running())->size(), 1u);
}

}  // namespace
}  // namespace melsweep::wire
