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
#include "shared/time/clock.h"
#include "worker/trainer/features/bottleneck_cache.h"
#include "worker/trainer/features/stage_times.h"
#include "worker/trainer/training/outcome.h"
#include "worker/trainer/training/training_loop.h"
#include "worker/trainer/training/trial_group.h"
#include "worker/trainer/training/weights.h"

namespace melsweep::training {

// Keeps, between trials, the embedder and the opened bottleneck cache of the latest features: the next trial
// on them begins at once. Not thread-safe.
class TrialRunner {
 public:
  struct Options {
    std::filesystem::path data_dir;  // caches; processes may share it
    unsigned threads = 0;            // to compute with; 0 = as many as the machine has
    torch::Device device = torch::kCPU;
    // What frozen layers give may be kept between steps in this much, and in a quarter of the memory that is
    // free when a trial begins.
    std::size_t max_activation_bytes = std::size_t{2} << 30;
  };

  // The clock outlives the runner.
  TrialRunner(Options options, const Clock& clock);

  // Looks at the data and at all of the weights, which are named as ModelSettings::weights are.
  std::variant<DatasetReport, Failure, Interrupted> prepare(const DatasetSpec& dataset,
                                                            std::span<const std::string> weights,
                                                            const TrainingObserver& observer,
                                                            const std::stop_token& stop);

  // Checkpoints are artifacts_dir/step-N.safetensors, the final one too; one that is made before the end is
  // told to the observer. On a CPU their bytes, the metrics and the evaluation are the same wherever the
  // trial was interrupted and resumed. A resume_from that cannot be taken up is passed over, and standard
  // error told why. Settings that the sweep schema refuses are kBadConfiguration. Since preparation has found
  // the data and the weights good, what is missing or different here is this machine's fault and kInternal,
  // so that the trial is tried elsewhere.
  TrialEnd run(const TrialWork& work, const TrainingObserver& observer, const std::stop_token& stop);

  // As many of them together as can be; each as run() does it, with the same result. Returns when the last
  // has ended.
  void run_group(std::span<const TrialTask> tasks);

 private:
  // The bottlenecks of one kind of features.
  struct Source {
    Weights weights;
    Precision precision;
    FeatureSettings features;
    std::unique_ptr<LazyEmbedder> embedder;
    std::unique_ptr<features::BottleneckCache> cache;
  };

  // What a group has come to know on its way.
  struct Shared;

  absl::StatusOr<DatasetReport> read_data(const DatasetSpec& dataset, const TrainingObserver& observer,
                                          const std::stop_token& stop, features::StageTimes& times);
  void carry_out(TrialGroup& group, features::StageTimes& times);
  absl::Status find_examples(Shared& shared);
  absl::Status find_weights(Shared& shared);
  absl::Status make_learners(Shared& shared);
  absl::Status make_head_learners(Shared& shared);
  absl::Status make_network_learner(Shared& shared);
  features::BottleneckCache& bottleneck_cache(const TrialSettings& settings, const Weights& weights);

  Options options_;
  const Clock& clock_;
  WeightsFinder weights_finder_;
  std::optional<Source> source_;
};

}  // namespace melsweep::training
