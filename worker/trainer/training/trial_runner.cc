#include "worker/trainer/training/trial_runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <new>
#include <utility>

#include "shared/spec/settings_check.h"
#include "worker/trainer/dataset/partition.h"
#include "worker/trainer/dataset/prepare.h"
#include "worker/trainer/features/spectrogram_cache.h"
#include "worker/trainer/training/available_memory.h"
#include "worker/trainer/training/checkpoint_file.h"
#include "worker/trainer/training/checkpoint_writer.h"
#include "worker/trainer/training/head_learner.h"
#include "worker/trainer/training/network_learner.h"

namespace melsweep::training {
namespace {

// The steps that the learner has behind it: those of work.resume_from, or 0 where there is none that can be
// taken up. An error where the learner may be neither here nor there.
absl::StatusOr<std::int64_t> take_up_checkpoint(const TrialWork& work, const inception::Metadata& trial,
                                                Learner& learner) {
  if (work.resume_from.empty()) return 0;
  const auto stored = read_checkpoint(work.resume_from, trial);
  absl::Status status = stored.status();
  if (stored.ok()) {
    status = learner.restore(stored->file);
    if (status.ok()) return stored->step;
    if (!absl::IsInvalidArgument(status)) return status;
    status = absl::InvalidArgumentError(
        fmt::format("{}: {}", work.resume_from.string(), std::string(status.message())));
  }
  fmt::print(stderr, "melsweep-trainer: trial {} begins at step 0: {}\n", work.plan.id.value,
             std::string(status.message()));
  return 0;
}

template <class End>
End as(std::variant<Failure, Interrupted> end) {
  return std::visit([](auto which) { return End(std::move(which)); }, std::move(end));
}

}  // namespace

struct TrialRunner::Trial {
  const TrialWork& work;
  const TrainingObserver& observer;
  const std::stop_token& stop;
  const TrialPlan& plan = work.plan;
  DatasetReport data{};
  Examples examples{};
  Weights weights{};
  std::unique_ptr<Learner> learner{};
  std::int64_t steps_done = 0;  // of earlier attempts
  std::optional<CheckpointWriter> checkpoints{};
};

TrialRunner::TrialRunner(Options options, const Clock& clock) : options_(std::move(options)), clock_(clock) {}

absl::StatusOr<DatasetReport> TrialRunner::read_data(const DatasetSpec& dataset,
                                                     const TrainingObserver& observer,
                                                     const std::stop_token& stop) {
  return dataset::prepare_dataset(dataset, {.cache_dir = options_.data_dir / "datasets",
                                            .progress = observer.progress,
                                            .stop = stop,
                                            .threads = options_.threads});
}

std::variant<DatasetReport, Failure, Interrupted> TrialRunner::prepare(const DatasetSpec& dataset,
                                                                       std::span<const std::string> weights,
                                                                       const TrainingObserver& observer,
                                                                       const std::stop_token& stop) {
  using End = std::variant<DatasetReport, Failure, Interrupted>;
  // The weights first: they are quickly looked at, and wrong ones make the rest useless.
  std::map<std::string, std::string> hashes;
  for (const std::string& name : weights) {
    const auto found = weights_finder_.find(name);
    const absl::Status status = found.ok() ? weights_finder_.check(*found) : found.status();
    if (!status.ok()) return as<End>(end_of(status, FailureKind::kBadConfiguration));
    hashes.emplace(name, found->hash);
  }
  auto report = read_data(dataset, observer, stop);
  if (!report.ok()) return as<End>(end_of(report.status(), FailureKind::kBadData));
  report->weights_hashes = std::move(hashes);
  return *std::move(report);
}

std::variant<Trained, Failure, Interrupted> TrialRunner::run(const TrialWork& work,
                                                             const TrainingObserver& observer,
                                                             const std::stop_token& stop) {
  try {
    Trial trial{.work = work, .observer = observer, .stop = stop};
    auto end = carry_out(trial);
    if (std::holds_alternative<Interrupted>(end) && trial.checkpoints) trial.checkpoints->stopped();
    return end;
  } catch (const std::bad_alloc&) {
    return Failure{.kind = FailureKind::kOutOfMemory, .message = "the trainer ran out of memory"};
  }
}

std::variant<Trained, Failure, Interrupted> TrialRunner::carry_out(Trial& trial) {
  using End = std::variant<Trained, Failure, Interrupted>;
  struct Stage {
    absl::Status (TrialRunner::*work)(Trial&);
    FailureKind failure;
  };
  constexpr Stage kStages[] = {{&TrialRunner::check_plan, FailureKind::kBadConfiguration},
                               {&TrialRunner::find_examples, FailureKind::kBadData},
                               {&TrialRunner::find_weights, FailureKind::kBadConfiguration},
                               {&TrialRunner::make_learner, FailureKind::kBadData},
                               {&TrialRunner::resume, FailureKind::kInternal},
                               {&TrialRunner::learn, FailureKind::kBadConfiguration}};
  for (const Stage& stage : kStages) {
    const absl::Status status = (this->*stage.work)(trial);
    if (!status.ok()) return as<End>(end_of(on_this_machine(status), stage.failure));
  }
  auto trained = finish(trial);
  if (!trained.ok()) return as<End>(end_of(trained.status(), FailureKind::kInternal));
  return *std::move(trained);
}

absl::Status TrialRunner::check_plan(Trial& trial) {
  return spec::check_settings(trial.plan.settings);
}

absl::Status TrialRunner::find_examples(Trial& trial) {
  const TrialPlan& plan = trial.plan;
  auto data = read_data(plan.dataset, trial.observer, trial.stop);
  // The sweep's preparation could read them: whatever is wrong is wrong here.
  if (absl::IsInvalidArgument(data.status())) return absl::FailedPreconditionError(data.status().message());
  if (!data.ok()) return data.status();
  trial.data = *std::move(data);
  if (trial.data.content_hash != plan.dataset_hash) {
    return absl::FailedPreconditionError(fmt::format(
        "the data in {} are not those the sweep was prepared with (content hash {} here, {} "
        "then): files were added, removed or changed; restore them here, or submit the sweep again",
        plan.dataset.path, trial.data.content_hash, plan.dataset_hash));
  }
  const dataset::Partition parts = dataset::partition(trial.data, plan.dataset, plan.validation_fold);
  if (parts.train.empty() || parts.validation.empty()) {
    return absl::InvalidArgumentError(
        fmt::format("the split leaves no clip of {} for {}; change dataset.split", plan.dataset.path,
                    parts.train.empty() ? "training" : "validation"));
  }
  trial.examples = make_examples(trial.data, plan.dataset, parts, plan.settings.training.augmentation);
  return absl::OkStatus();
}

absl::Status TrialRunner::find_weights(Trial& trial) {
  const std::string& name = trial.plan.settings.model.weights;
  auto weights = weights_finder_.find(name);
  if (!weights.ok()) return weights.status();
  trial.weights = *std::move(weights);
  if (trial.weights.hash != trial.plan.weights_hash) {
    return absl::FailedPreconditionError(fmt::format(
        "the weights {} are not those the sweep was prepared with (SHA-256 {} here, {} then); put "
        "the same file here as on the other workers, or submit the sweep again",
        trial.weights.path.empty() ? name : trial.weights.path.string(), trial.weights.hash,
        trial.plan.weights_hash));
  }
  return weights_finder_.check(trial.weights);
}

absl::Status TrialRunner::make_learner(Trial& trial) {
  const bool head = trial.plan.settings.model.trainable.kind == TrainableKind::kHead;
  auto learner = head ? head_learner(trial) : network_learner(trial);
  if (!learner.ok()) return learner.status();
  trial.learner = *std::move(learner);
  return absl::OkStatus();
}

features::BottleneckCache& TrialRunner::bottleneck_cache(const FeatureSettings& features,
                                                         const Weights& weights) {
  if (!source_ || source_->features != features || source_->weights != weights) {
    std::unique_ptr<LazyEmbedder> embedder;
    // A loaded network serves every kind of features.
    if (source_ && source_->weights == weights) embedder = std::move(source_->embedder);
    source_.reset();
    if (embedder == nullptr) embedder = std::make_unique<LazyEmbedder>(weights, options_.device);
    auto cache = std::make_unique<features::BottleneckCache>(options_.data_dir, features, *embedder,
                                                             static_cast<int>(options_.threads));
    source_ = Source{weights, features, std::move(embedder), std::move(cache)};
  }
  return *source_->cache;
}

absl::StatusOr<std::unique_ptr<Learner>> TrialRunner::head_learner(const Trial& trial) {
  const TrialSettings& settings = trial.plan.settings;
  features::BottleneckCache& cache = bottleneck_cache(settings.features, trial.weights);
  if (absl::Status status = cache.ensure(trial.examples.items, trial.observer.progress, trial.stop);
      !status.ok()) {
    return status;
  }
  auto table = cache.open(trial.examples.items);
  if (!table.ok()) return table.status();
  return std::make_unique<HeadLearner>(trial.examples, *std::move(table), settings.training.learning_rate,
                                       trial.plan.seed);
}

absl::StatusOr<std::unique_ptr<Learner>> TrialRunner::network_learner(const Trial& trial) {
  const TrialSettings& settings = trial.plan.settings;
  features::SpectrogramCache cache(options_.data_dir, settings.features, static_cast<int>(options_.threads));
  if (absl::Status status = cache.ensure(trial.examples.items, trial.observer.progress, trial.stop);
      !status.ok()) {
    return status;
  }
  auto table = cache.open(trial.examples.items);
  if (!table.ok()) return table.status();
  // Its own network: this trial changes it.
  auto network = load(trial.weights);
  if (!network.ok()) return network.status();
  return std::make_unique<NetworkLearner>(
      trial.examples, *std::move(table), *std::move(network),
      NetworkLearner::Options{
          .features = settings.features,
          .trainable = settings.model.trainable,
          .learning_rate = settings.training.learning_rate,
          .seed = trial.plan.seed,
          .device = options_.device,
          .activation_budget_bytes = std::min(options_.max_activation_bytes, available_memory_bytes() / 4)});
}

absl::Status TrialRunner::resume(Trial& trial) {
  const inception::Metadata metadata = checkpoint_metadata(trial.plan, trial.data);
  const auto steps_done = take_up_checkpoint(trial.work, metadata, *trial.learner);
  if (!steps_done.ok()) return steps_done.status();
  trial.steps_done = *steps_done;
  if (*steps_done > 0 && trial.observer.resumed) trial.observer.resumed(*steps_done);
  trial.checkpoints.emplace(
      CheckpointWriter::Options{.folder = std::filesystem::absolute(trial.work.artifacts_dir),
                                .trial = metadata,
                                .every_s = trial.work.checkpoint_every_s,
                                .steps_done = *steps_done,
                                .written = trial.observer.checkpointed},
      *trial.learner, clock_);
  return absl::OkStatus();
}

absl::Status TrialRunner::learn(Trial& trial) {
  return train({.learner = *trial.learner,
                .examples = trial.examples,
                .settings = trial.plan.settings.training,
                .seed = trial.plan.seed,
                .steps_done = trial.steps_done,
                .after_step = [&](std::int64_t step) { trial.checkpoints->step_done(step); }},
               trial.observer, trial.stop);
}

absl::StatusOr<Trained> TrialRunner::finish(Trial& trial) {
  const std::int64_t steps = trial.plan.settings.training.steps;
  if (trial.observer.progress) trial.observer.progress({.stage = "evaluating", .done = 0, .total = 0});
  auto evaluation =
      evaluate(*trial.learner, trial.examples, trial.data.classes, steps, trial.observer, trial.stop);
  if (!evaluation.ok()) return evaluation.status();
  auto checkpoint = trial.checkpoints->finish(steps);
  if (!checkpoint.ok()) return checkpoint.status();
  return Trained{.checkpoint = *std::move(checkpoint), .evaluation = *std::move(evaluation)};
}

}  // namespace melsweep::training
