// From a TrialPlan to a trained head: everything a trainer does, whoever asks for it.
#pragma once

#include <torch/torch.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <variant>

#include "shared/model/dataset.h"
#include "shared/model/trial.h"
#include "worker/trainer/features/bottleneck_cache.h"
#include "worker/trainer/training/examples.h"
#include "worker/trainer/training/learner.h"
#include "worker/trainer/training/outcome.h"
#include "worker/trainer/training/training_loop.h"
#include "worker/trainer/training/weights.h"

namespace melsweep::training {

// Keeps, between trials, the embedder and the opened bottleneck cache of the latest features: the next trial
// on them begins at once. Not thread-safe.
class TrialRunner {
 public:
  struct Options {
    std::filesystem::path data_dir;  // caches; processes may share it
    unsigned threads = 0;            // for reading sound; 0 = as many as the machine has
    torch::Device device = torch::kCPU;
    // What frozen layers give may be kept between steps in this much, and in a quarter of the memory that is
    // free when a trial begins.
    std::size_t max_activation_bytes = std::size_t{2} << 30;
  };

  explicit TrialRunner(Options options);

  // Looks at the data and at all of the weights, which are named as ModelSettings::weights are.
  std::variant<DatasetReport, Failure, Interrupted> prepare(const DatasetSpec& dataset,
                                                            std::span<const std::string> weights,
                                                            const TrainingObserver& observer,
                                                            const std::stop_token& stop);

  // The checkpoint is artifacts_dir/checkpoint.safetensors; the folder is made. Settings that the sweep
  // schema refuses are kBadConfiguration. Since preparation has found the data and the weights good, what is
  // missing or different here is this machine's fault and kInternal, so that the trial is tried elsewhere.
  std::variant<Trained, Failure, Interrupted> run(const TrialPlan& plan,
                                                  const std::filesystem::path& artifacts_dir,
                                                  const TrainingObserver& observer,
                                                  const std::stop_token& stop);

 private:
  // The bottlenecks of one kind of features.
  struct Source {
    Weights weights;
    FeatureSettings features;
    std::unique_ptr<LazyEmbedder> embedder;
    std::unique_ptr<features::BottleneckCache> cache;
  };

  // What a trial has come to know on its way.
  struct Trial;

  absl::StatusOr<DatasetReport> read_data(const DatasetSpec& dataset, const TrainingObserver& observer,
                                          const std::stop_token& stop);
  absl::Status check_plan(Trial& trial);
  absl::Status find_examples(Trial& trial);
  absl::Status find_weights(Trial& trial);
  absl::Status make_learner(Trial& trial);
  absl::Status learn(Trial& trial);
  absl::StatusOr<Trained> finish(Trial& trial, const std::filesystem::path& artifacts_dir);

  absl::StatusOr<std::unique_ptr<Learner>> head_learner(const Trial& trial);
  absl::StatusOr<std::unique_ptr<Learner>> network_learner(const Trial& trial);
  features::BottleneckCache& bottleneck_cache(const FeatureSettings& features, const Weights& weights);

  Options options_;
  WeightsFinder weights_finder_;
  std::optional<Source> source_;
};

}  // namespace melsweep::training
