#include "worker/trainer/training/trial_runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <map>
#include <new>
#include <string_view>
#include <thread>
#include <utility>

#include "worker/trainer/dataset/partition.h"
#include "worker/trainer/dataset/prepare.h"
#include "worker/trainer/features/spectrogram_cache.h"
#include "worker/trainer/training/available_memory.h"
#include "worker/trainer/training/examples.h"
#include "worker/trainer/training/head_learners.h"
#include "worker/trainer/training/network_learner.h"

namespace melsweep::training {
namespace {

namespace stages = features::stages;
using Span = features::StageTimes::Span;

template <class End>
End as(std::variant<Failure, Interrupted> end) {
  return std::visit([](auto which) { return End(std::move(which)); }, std::move(end));
}

// What the cache has of all examples, once it has it; `shared`: TrialRunner::Shared.
template <class Cache, class Shared>
auto table_of(Cache& cache, std::string_view stage, Shared& shared)
    -> decltype(cache.open(shared.examples.items)) {
  const absl::Status status =
      cache.ensure(shared.examples.items, shared.observer.progress, shared.stop, &shared.times);
  if (!status.ok()) return status;
  const Span at_work(&shared.times, stage);
  return cache.open(shared.examples.items);
}

}  // namespace

struct TrialRunner::Shared {
  TrialGroup& group;
  // Any of the trials': they differ in nothing that is looked at here.
  const TrialPlan& plan;
  features::StageTimes& times;
  TrainingObserver observer = group.observer();
  std::stop_token stop = group.stop();
  DatasetReport data{};
  Examples examples{};
  Weights weights{};
  std::unique_ptr<LearnerGroup> learners{};
  std::unique_ptr<NetworkLearner> network{};  // outlives `learners`
  std::vector<Model*> models{};               // of the learners
};

TrialRunner::TrialRunner(Options options, const Clock& clock) : options_(std::move(options)), clock_(clock) {}

absl::StatusOr<DatasetReport> TrialRunner::read_data(const DatasetSpec& dataset,
                                                     const TrainingObserver& observer,
                                                     const std::stop_token& stop,
                                                     features::StageTimes& times) {
  const Span at_work(&times, stages::kReadingData);
  dataset::ScanCounts counts;
  auto data = dataset::prepare_dataset(dataset, {.cache_dir = options_.data_dir / "datasets",
                                                 .progress = observer.progress,
                                                 .stop = stop,
                                                 .threads = options_.threads,
                                                 .counts = &counts});
  times.count_made(stages::kReadingData, counts.read);
  times.count_found(stages::kReadingData, counts.known);
  return data;
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
  auto report = dataset::prepare_dataset(dataset, {.cache_dir = options_.data_dir / "datasets",
                                                   .progress = observer.progress,
                                                   .stop = stop,
                                                   .threads = options_.threads,
                                                   .with_fingerprints = true});
  if (!report.ok()) return as<End>(end_of(report.status(), FailureKind::kBadData));
  report->weights_hashes = std::move(hashes);
  return *std::move(report);
}

TrialEnd TrialRunner::run(const TrialWork& work, const TrainingObserver& observer,
                          const std::stop_token& stop) {
  TrialEnd result = Interrupted{};
  const TrialTask task{.work = work, .observer = observer, .stop = stop, .ended = [&](TrialEnd end) {
                         result = std::move(end);
                       }};
  run_group({&task, 1});
  return result;
}

void TrialRunner::run_group(std::span<const TrialTask> tasks) {
  if (tasks.empty()) return;
  // A network takes the whole machine, whatever its company.
  const bool heads = tasks[0].work.plan.settings.model.trainable.kind == TrainableKind::kHead;
  if (tasks.size() > 1 && !heads) {
    for (const TrialTask& task : tasks) run_group({&task, 1});
    return;
  }
  features::StageTimes times;
  TrialGroup group(tasks, clock_);
  try {
    carry_out(group, times);
  } catch (const std::bad_alloc&) {
    group.end(absl::ResourceExhaustedError("the trainer ran out of memory"), FailureKind::kOutOfMemory);
  } catch (const std::exception& error) {
    group.end(absl::InternalError(error.what()), FailureKind::kInternal);
  }
}

void TrialRunner::carry_out(TrialGroup& group, features::StageTimes& times) {
  struct Stage {
    absl::Status (TrialRunner::*work)(Shared&);
    FailureKind failure;
  };
  constexpr Stage kStages[] = {{&TrialRunner::find_examples, FailureKind::kBadData},
                               {&TrialRunner::find_weights, FailureKind::kBadConfiguration},
                               {&TrialRunner::make_learners, FailureKind::kBadData}};
  if (group.plans().empty()) return;
  Shared shared{.group = group, .plan = *group.plans().front(), .times = times};
  for (const Stage& stage : kStages) {
    const absl::Status status = (this->*stage.work)(shared);
    if (!status.ok()) return group.end(status, stage.failure);
  }
  const unsigned threads = options_.threads > 0 ? options_.threads : std::thread::hardware_concurrency();
  group.learn({.data = shared.data,
               .examples = shared.examples,
               .learners = *shared.learners,
               .models = shared.models,
               .threads = threads,
               .times = times});
}

absl::Status TrialRunner::find_examples(Shared& shared) {
  const TrialPlan& plan = shared.plan;
  auto data = read_data(plan.dataset, shared.observer, shared.stop, shared.times);
  // The sweep's preparation could read them: whatever is wrong is wrong here.
  if (absl::IsInvalidArgument(data.status())) return absl::FailedPreconditionError(data.status().message());
  if (!data.ok()) return data.status();
  shared.data = *std::move(data);
  if (shared.data.content_hash != plan.dataset_hash) {
    return absl::FailedPreconditionError(fmt::format(
        "the data in {} are not those the sweep was prepared with (content hash {} here, {} "
        "then): files were added, removed or changed; restore them here, or submit the sweep again",
        plan.dataset.path, shared.data.content_hash, plan.dataset_hash));
  }
  const dataset::Partition parts = dataset::partition(shared.data, plan);
  const bool validates = plan.train_on == TrainOn::kTraining;
  const bool tests = plan.evaluate == Split::kTest;
  if (parts.train.empty() || (validates && parts.validation.empty()) || (tests && parts.test.empty())) {
    const bool lacks_validation = validates && parts.validation.empty();
    return absl::InvalidArgumentError(
        fmt::format("the split leaves no clip of {} for {}; change dataset.split", plan.dataset.path,
                    parts.train.empty() ? "training" : (lacks_validation ? "validation" : "the test")));
  }
  shared.examples = make_examples(shared.data, plan.dataset, parts, plan.settings.training);
  return absl::OkStatus();
}

absl::Status TrialRunner::find_weights(Shared& shared) {
  const Span at_work(&shared.times, stages::kReadingWeights);
  const std::string& name = shared.plan.settings.model.weights;
  auto weights = weights_finder_.find(name);
  if (!weights.ok()) return weights.status();
  shared.weights = *std::move(weights);
  if (shared.weights.hash != shared.plan.weights_hash) {
    return absl::FailedPreconditionError(fmt::format(
        "the weights {} are not those the sweep was prepared with (SHA-256 {} here, {} then); put "
        "the same file here as on the other workers, or submit the sweep again",
        shared.weights.path.empty() ? name : shared.weights.path.string(), shared.weights.hash,
        shared.plan.weights_hash));
  }
  return weights_finder_.check(shared.weights);
}

absl::Status TrialRunner::make_learners(Shared& shared) {
  const bool heads = shared.plan.settings.model.trainable.kind == TrainableKind::kHead;
  return heads ? make_head_learners(shared) : make_network_learner(shared);
}

features::BottleneckCache& TrialRunner::bottleneck_cache(const TrialSettings& settings,
                                                         const Weights& weights) {
  const FeatureSettings& features = settings.features;
  const Precision precision = settings.model.precision;
  const bool same_network = source_ && source_->weights == weights && source_->precision == precision;
  if (!same_network || source_->features != features) {
    std::unique_ptr<LazyEmbedder> embedder;
    // A loaded network serves every kind of features.
    if (same_network) embedder = std::move(source_->embedder);
    source_.reset();
    if (embedder == nullptr) embedder = std::make_unique<LazyEmbedder>(weights, options_.device, precision);
    auto cache = std::make_unique<features::BottleneckCache>(options_.data_dir, features, *embedder,
                                                             static_cast<int>(options_.threads));
    source_ = Source{weights, precision, features, std::move(embedder), std::move(cache)};
  }
  return *source_->cache;
}

absl::Status TrialRunner::make_head_learners(Shared& shared) {
  const TrialSettings& settings = shared.plan.settings;
  features::BottleneckCache& cache = bottleneck_cache(settings, shared.weights);
  auto table = table_of(cache, stages::kBottlenecks, shared);
  if (!table.ok()) return table.status();
  const Span at_work(&shared.times, stages::kTraining);
  auto learners = std::make_unique<HeadLearners>(shared.examples, *std::move(table));
  for (const TrialPlan* plan : shared.group.plans()) {
    shared.models.push_back(&learners->add(plan->settings.training, plan->seed));
  }
  shared.learners = std::move(learners);
  return absl::OkStatus();
}

absl::Status TrialRunner::make_network_learner(Shared& shared) {
  const TrialSettings& settings = shared.plan.settings;
  features::SpectrogramCache cache(options_.data_dir, settings.features, static_cast<int>(options_.threads));
  auto table = table_of(cache, stages::kSpectrograms, shared);
  if (!table.ok()) return table.status();
  // Its own network: this trial changes it.
  auto network = [&] {
    const Span at_work(&shared.times, stages::kReadingWeights);
    return load(shared.weights);
  }();
  if (!network.ok()) return network.status();
  const Span at_work(&shared.times, stages::kTraining);
  shared.network = std::make_unique<NetworkLearner>(
      shared.examples, *std::move(table), *std::move(network),
      NetworkLearner::Options{
          .features = settings.features,
          .trainable = settings.model.trainable,
          .training = settings.training,
          .seed = shared.plan.seed,
          .device = options_.device,
          .activation_budget_bytes = std::min(options_.max_activation_bytes, available_memory_bytes() / 4)});
  shared.learners = std::make_unique<OneLearner>(*shared.network);
  shared.models = {shared.network.get()};
  return absl::OkStatus();
}

}  // namespace melsweep::training
