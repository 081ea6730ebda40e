#include "shared/wire/results_messages.h"

#include <gtest/gtest.h>

#include "shared/wire/decoding.h"

namespace melsweep::wire {
namespace {

results::SweepSummary sample_sweep() {
  results::SweepSummary sweep;
  sweep.id = SweepId{3};
  sweep.name = "lr-batch-grid";
  sweep.state = SweepState::kFailed;
  sweep.reason = "no such folder";
  sweep.objective_metric = "validation/loss";
  sweep.goal = Goal::kMinimize;
  sweep.trials_total = 9;
  sweep.trials_running = 1;
  sweep.trials_finished = 2;
  sweep.trials_failed = 3;
  sweep.trials_reused = 2;
  sweep.clips = 400;
  sweep.clips_skipped = 4;
  sweep.warnings = {"leaks"};
  sweep.created_ms = 1'700'000'000'000;
  sweep.finished_ms = 1'700'000'001'000;
  sweep.study = "esc10-study";
  sweep.study_id = SweepId{2};
  sweep.waits_for = "grid";
  sweep.unmet = "it asks for 1 GPU";
  return sweep;
}

results::TrialSummary sample_trial() {
  results::TrialSummary trial;
  trial.id = TrialId{7};
  trial.sweep = SweepId{3};
  trial.number = 5;
  trial.rank = 1;
  trial.parameters = {{"learning_rate", 0.05}, {"batch_size", std::int64_t{200}}};
  trial.seed = 18'446'744'073'709'551'615u;
  trial.validation_fold = 4;
  trial.state = TrialState::kFinished;
  trial.attempts = 2;
  trial.worker = "node-1-abc";
  trial.objective = 0.0;
  trial.last_metrics = {{30000, "validation/accuracy", 0.913}};
  trial.failure = "the trainer died";
  trial.checkpoint = "/data/head";
  trial.started_ms = 1;
  trial.finished_ms = 2;
  return trial;
}

// The summaries have no operator==; their messages say the same.
template <class Summary>
std::string text_of(const Summary& summary) {
  return encode(summary).SerializeAsString();
}

TEST(ResultsMessages, ASweepComesBackWithEveryField) {
  const auto decoded = decode(encode(sample_sweep()));
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(text_of(*decoded), text_of(sample_sweep()));
  EXPECT_EQ(decoded->id, SweepId{3});
  EXPECT_EQ(decoded->state, SweepState::kFailed);
  EXPECT_EQ(decoded->goal, Goal::kMinimize);
  EXPECT_EQ(decoded->trials_running, 1);
  EXPECT_EQ(decoded->trials_finished, 2);
  EXPECT_EQ(decoded->trials_failed, 3);
  EXPECT_EQ(decoded->trials_reused, 2);
  EXPECT_EQ(decoded->clips_skipped, 4);
  EXPECT_EQ(decoded->warnings, std::vector<std::string>{"leaks"});
  EXPECT_EQ(decoded->study, "esc10-study");
  EXPECT_EQ(decoded->study_id, SweepId{2});
  EXPECT_EQ(decoded->waits_for, "grid");
  EXPECT_EQ(decoded->unmet, "it asks for 1 GPU");
  EXPECT_EQ(decoded->finished_ms, 1'700'000'001'000);
}

TEST(ResultsMessages, APausedSweepComesBackPaused) {
  results::SweepSummary sweep = sample_sweep();
  EXPECT_FALSE(decode(encode(sweep))->paused);
  sweep.paused = true;
  EXPECT_TRUE(decode(encode(sweep))->paused);
}

TEST(ResultsMessages, SweepsInEveryStateComeBack) {
  for (const SweepState state : {SweepState::kWaiting, SweepState::kPreparing, SweepState::kRunning,
                                 SweepState::kFinished, SweepState::kFailed, SweepState::kCancelled}) {
    results::SweepSummary sweep = sample_sweep();
    sweep.state = state;
    EXPECT_EQ(decode(encode(sweep))->state, state);
  }
}

TEST(ResultsMessages, ATrialComesBackWithEveryField) {
  const auto decoded = decode(encode(sample_trial()));
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(text_of(*decoded), text_of(sample_trial()));
  EXPECT_EQ(decoded->parameters, sample_trial().parameters);
  EXPECT_EQ(decoded->last_metrics, sample_trial().last_metrics);
  EXPECT_EQ(decoded->seed, sample_trial().seed);
  EXPECT_EQ(decoded->checkpoint, "/data/head");
}

TEST(ResultsMessages, AnObjectiveOfZeroIsNotAMissingOne) {
  results::TrialSummary trial = sample_trial();
  EXPECT_EQ(decode(encode(trial))->objective, 0.0);
  trial.objective.reset();
  EXPECT_EQ(decode(encode(trial))->objective, std::nullopt);
}

TEST(ResultsMessages, TrialsInEveryStateComeBack) {
  for (const TrialState state : {TrialState::kPending, TrialState::kRunning, TrialState::kFinished,
                                 TrialState::kFailed, TrialState::kCancelled}) {
    results::TrialSummary trial = sample_trial();
    trial.state = state;
    EXPECT_EQ(decode(encode(trial))->state, state);
  }
}

TEST(ResultsMessages, ProgressComesBackWithOrWithoutABest) {
  results::SweepProgress progress{sample_sweep(), sample_trial(), 1500};
  const auto decoded = decode(encode(progress));
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(text_of(decoded->sweep), text_of(progress.sweep));
  EXPECT_EQ(text_of(decoded->best.value()), text_of(*progress.best));
  EXPECT_EQ(decoded->mean_duration_ms, 1500);
  progress.best.reset();
  EXPECT_EQ(decode(encode(progress))->best.has_value(), false);
  progress.mean_duration_ms = -1;
  EXPECT_TRUE(absl::IsInvalidArgument(decode(encode(progress)).status()));
}

TEST(ResultsMessages, AWorkerComesBackWithEveryField) {
  const results::WorkerSummary worker{WorkerId{"node-1-abc"}, "node-1", "cuda:0", TrialId{7},
                                      {"training", 1, 2},     99};
  const auto decoded = decode(encode(worker));
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(text_of(*decoded), text_of(worker));
  EXPECT_EQ(decoded->trial, TrialId{7});
  EXPECT_EQ(decoded->progress, (Progress{"training", 1, 2}));
  EXPECT_EQ(decoded->last_seen_ms, 99);
}

TEST(ResultsMessages, AWorkerThatIsAliveOrIsToLeaveComesBackSo) {
  results::WorkerSummary worker{WorkerId{"node-1-abc"}, "node-1", "cpu", std::nullopt, {}, 99};
  EXPECT_FALSE(decode(encode(worker))->draining);
  EXPECT_FALSE(decode(encode(worker))->alive);
  worker.draining = true;
  EXPECT_TRUE(decode(encode(worker))->draining);
  EXPECT_FALSE(decode(encode(worker))->alive);
  worker.alive = true;
  EXPECT_TRUE(decode(encode(worker))->alive);
}

TEST(ResultsMessages, AWorkerComesBackWithWhatItHas) {
  results::WorkerSummary worker{WorkerId{"node-1-abc"}, "node-1", "cpu", std::nullopt, {}, 99};
  EXPECT_EQ(decode(encode(worker))->resources, WorkerResources{});
  worker.resources = {.gpus = 2, .gpu_memory = {24'000'000'000}, .cpus = 8, .labels = {"fast", "near"}};
  EXPECT_EQ(decode(encode(worker))->resources, worker.resources);
}

TEST(ResultsMessages, ResourcesThatCannotBeAreRefused) {
  v1::WorkerSummary worker =
      encode(results::WorkerSummary{WorkerId{"a"}, "node-1", "cpu", std::nullopt, {}, 99});
  worker.mutable_resources()->set_gpus(-1);
  EXPECT_TRUE(absl::IsInvalidArgument(decode(worker).status()));
  worker.mutable_resources()->set_gpus(0);
  for (int i = 0; i <= kMaxLabels; ++i) worker.mutable_resources()->add_labels("a");
  EXPECT_TRUE(absl::IsInvalidArgument(decode(worker).status()));
  worker.mutable_resources()->clear_labels();
  worker.mutable_resources()->add_labels(std::string(kMaxNameBytes + 1, 'a'));
  EXPECT_TRUE(absl::IsInvalidArgument(decode(worker).status()));
}

TEST(ResultsMessages, AnIdleWorkerHasNoTrial) {
  const results::WorkerSummary worker{WorkerId{"node-1-abc"}, "node-1", "cpu", std::nullopt, {}, 99};
  EXPECT_EQ(decode(encode(worker))->trial, std::nullopt);
}

TEST(ResultsMessages, WhatHasNoIdIsRefused) {
  results::SweepSummary sweep = sample_sweep();
  sweep.id = {};
  EXPECT_TRUE(absl::IsInvalidArgument(decode(encode(sweep)).status()));
  results::TrialSummary trial = sample_trial();
  trial.sweep = {};
  EXPECT_TRUE(absl::IsInvalidArgument(decode(encode(trial)).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(decode(encode(results::WorkerSummary())).status()));
}

TEST(ResultsMessages, StatesMustBeSaid) {
  v1::SweepSummary sweep = encode(sample_sweep());
  sweep.clear_state();
  EXPECT_TRUE(absl::IsInvalidArgument(decode(sweep).status()));
  v1::TrialSummary trial = encode(sample_trial());
  trial.clear_state();
  EXPECT_TRUE(absl::IsInvalidArgument(decode(trial).status()));
}

TEST(ResultsMessages, NegativeCountsAreRefused) {
  results::SweepSummary sweep = sample_sweep();
  sweep.trials_failed = -1;
  const auto decoded = decode(encode(sweep));
  ASSERT_TRUE(absl::IsInvalidArgument(decoded.status()));
  EXPECT_EQ(std::string(decoded.status().message()), "trials_failed: must not be negative, is -1");
}

TEST(ResultsMessages, ListsKeepTheirOrder) {
  v1::ListTrialsResponse response;
  for (const int number : {3, 1, 2}) {
    results::TrialSummary trial = sample_trial();
    trial.number = number;
    *response.add_trials() = encode(trial);
  }
  const auto trials = decode(response.trials());
  ASSERT_TRUE(trials.ok());
  ASSERT_EQ(trials->size(), 3u);
  EXPECT_EQ((*trials)[0].number, 3);
  EXPECT_EQ((*trials)[2].number, 2);
}

}  // namespace
}  // namespace melsweep::wire
