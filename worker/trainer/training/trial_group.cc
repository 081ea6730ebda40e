#include "worker/trainer/training/trial_group.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cstdio>
#include <new>
#include <string>
#include <string_view>
#include <utility>

#include "shared/files/digest.h"
#include "shared/spec/head_only.h"
#include "shared/spec/settings_check.h"
#include "worker/trainer/rendering/misclassified_archive.h"
#include "worker/trainer/training/checkpoint_file.h"

namespace melsweep::training {
namespace {

namespace stages = features::stages;
using Span = features::StageTimes::Span;

// In place of the trained model's.
constexpr char kMisclassifiedExtension[] = ".misclassified.tar";

TrialEnd as_end(std::variant<Failure, Interrupted> end) {
  return std::visit([](auto which) { return TrialEnd(std::move(which)); }, std::move(end));
}

Failure out_of_memory() {
  return {.kind = FailureKind::kOutOfMemory, .message = "the trainer ran out of memory"};
}

bool share_material(const TrialPlan& one, const TrialPlan& other) {
  return one.dataset == other.dataset && one.dataset_hash == other.dataset_hash &&
         one.validation_fold == other.validation_fold && one.weights_hash == other.weights_hash &&
         one.evaluate == other.evaluate && one.train_on == other.train_on &&
         one.settings.features == other.settings.features && one.settings.model == other.settings.model &&
         one.settings.training.augmentation == other.settings.training.augmentation &&
         one.settings.training.variants == other.settings.training.variants;
}

absl::Status check_plan(const TrialPlan& plan, const TrialPlan& first) {
  if (absl::Status status = spec::check_settings(plan.settings); !status.ok()) return status;
  if (const auto head_only = spec::head_only_settings(plan.settings); !head_only.empty()) {
    return absl::InvalidArgumentError(fmt::format("{}; {}", head_only[0].message, head_only[0].hint));
  }
  if (share_material(plan, first)) return absl::OkStatus();
  return absl::InvalidArgumentError(fmt::format(
      "trials {} and {} cannot be trained together: they differ in more than how they are trained",
      first.id.value, plan.id.value));
}

template <class Work>
auto timed(const TrialMaterial& material, std::string_view stage, Work work) {
  const Span at_work(&material.times, stage);
  return work();
}

// The steps that the model has behind it: those of work.resume_from, or 0 where there is none that can be
// taken up. An error where the model may be neither here nor there.
absl::StatusOr<std::int64_t> take_up_checkpoint(const TrialWork& work, const inception::Metadata& trial,
                                                Model& model) {
  if (work.resume_from.empty()) return 0;
  const auto stored = read_checkpoint(work.resume_from, trial);
  absl::Status status = stored.status();
  if (stored.ok()) {
    status = model.restore(stored->file);
    if (status.ok()) return stored->step;
    if (!absl::IsInvalidArgument(status)) return status;
    status = absl::InvalidArgumentError(
        fmt::format("{}: {}", work.resume_from.string(), std::string(status.message())));
  }
  fmt::print(stderr, "melsweep-trainer: trial {} begins at step 0: {}\n", work.plan.id.value,
             std::string(status.message()));
  return 0;
}

}  // namespace

struct TrialGroup::Trial {
  explicit Trial(const TrialTask& trial_task) : task(trial_task), plan(trial_task.work.plan) {}

  const TrialTask& task;
  const TrialPlan& plan;
  std::int64_t steps_done = 0;  // of earlier attempts
  std::optional<CheckpointWriter> checkpoints{};
  std::atomic<bool> counted_out{false};
  std::optional<StopCallback> on_stop{};
  std::atomic<bool> ended{false};
};

TrialGroup::TrialGroup(std::span<const TrialTask> tasks, const Clock& clock)
    : clock_(clock), not_stopped_(tasks.size()) {
  for (const TrialTask& task : tasks) {
    Trial& trial = *trials_.emplace_back(std::make_unique<Trial>(task));
    trial.on_stop.emplace(task.stop, [this, &trial] { count_out(trial); });
    const absl::Status status = check_plan(trial.plan, tasks[0].work.plan);
    if (!status.ok()) end(trial, as_end(end_of(status, FailureKind::kBadConfiguration)));
  }
  std::erase_if(trials_, [](const auto& trial) { return trial->ended.load(); });
}

TrialGroup::~TrialGroup() = default;

std::vector<const TrialPlan*> TrialGroup::plans() const {
  std::vector<const TrialPlan*> plans;
  for (const auto& trial : trials_) plans.push_back(&trial->plan);
  return plans;
}

TrainingObserver TrialGroup::observer() {
  return {.progress = [this](const Progress& progress) {
    for (const auto& trial : trials_) {
      if (trial->task.observer.progress) trial->task.observer.progress(progress);
    }
    if (trials_.size() > 1) end_stopped();
  }};
}

// The last one is left: the work that goes on ends with it.
void TrialGroup::end_stopped() {
  for (const auto& trial : trials_) {
    if (trial->task.stop.stop_requested() && not_stopped_ > 0) end(*trial, Interrupted{});
  }
  std::erase_if(trials_, [](const auto& trial) { return trial->ended.load(); });
}

void TrialGroup::count_out(Trial& trial) {
  if (!trial.counted_out.exchange(true) && --not_stopped_ == 0) all_stopped_.request_stop();
}

void TrialGroup::end(Trial& trial, TrialEnd end) {
  trial.ended = true;
  count_out(trial);
  trial.task.ended(std::move(end));
}

void TrialGroup::end(const absl::Status& status, FailureKind of_the_stage) {
  for (const auto& trial : trials_) {
    if (!trial->ended) end(*trial, as_end(end_of(on_this_machine(status), of_the_stage)));
  }
  trials_.clear();
}

absl::Status TrialGroup::resume(Trial& trial, Model& model, const TrialMaterial& material) {
  const inception::Metadata metadata = checkpoint_metadata(trial.plan, material.data);
  const TrialWork& work = trial.task.work;
  const Span reading(work.resume_from.empty() ? nullptr : &material.times, stages::kReadingCheckpoints);
  const auto steps_done = take_up_checkpoint(work, metadata, model);
  if (!steps_done.ok()) return steps_done.status();
  trial.steps_done = *steps_done;
  const TrainingObserver& observer = trial.task.observer;
  if (*steps_done > 0 && observer.resumed) observer.resumed(*steps_done);
  trial.checkpoints.emplace(CheckpointWriter::Options{.folder = std::filesystem::absolute(work.artifacts_dir),
                                                      .trial = metadata,
                                                      .every_s = work.checkpoint_every_s,
                                                      .steps_done = *steps_done,
                                                      .written = observer.checkpointed},
                            model, clock_);
  return absl::OkStatus();
}

void TrialGroup::learn(const TrialMaterial& material) {
  assert(material.models.size() == trials_.size());
  std::vector<TrainingRun> runs;
  for (std::size_t place = 0; place < trials_.size(); ++place) {
    Trial& trial = *trials_[place];
    const absl::Status resumed = resume(trial, *material.models[place], material);
    if (!resumed.ok()) {
      end(trial, as_end(end_of(on_this_machine(resumed), FailureKind::kInternal)));
      continue;
    }
    runs.push_back({.settings = trial.plan.settings.training,
                    .place = place,
                    .seed = trial.plan.seed,
                    .steps_done = trial.steps_done,
                    .observer = trial.task.observer,
                    .stop = trial.task.stop,
                    .after_step = [&trial](std::int64_t step) { trial.checkpoints->step_done(step); },
                    .ended =
                        [this, &trial, &material, place](const absl::Status& status) {
                          end(trial, end_of_training(trial, place, material, status));
                        }});
  }
  if (!runs.empty()) train(material.learners, material.examples, runs, material.threads, &material.times);
  trials_.clear();
}

TrialEnd TrialGroup::end_of_training(Trial& trial, std::size_t place, const TrialMaterial& material,
                                     const absl::Status& status) {
  try {
    TrialEnd end = Interrupted{};
    if (status.ok()) {
      auto trained = finish(trial, place, material);
      end = trained.ok() ? TrialEnd(*std::move(trained))
                         : as_end(end_of(trained.status(), FailureKind::kInternal));
    } else {
      end = as_end(end_of(on_this_machine(status), FailureKind::kBadConfiguration));
    }
    if (std::holds_alternative<Interrupted>(end)) trial.checkpoints->stopped();
    return end;
  } catch (const std::bad_alloc&) {
    return out_of_memory();
  }
}

absl::StatusOr<Trained> TrialGroup::finish(Trial& trial, std::size_t place, const TrialMaterial& material) {
  const std::int64_t steps = trial.plan.settings.training.steps;
  const TrainingObserver& observer = trial.task.observer;
  if (observer.progress) observer.progress({.stage = "evaluating", .done = 0, .total = 0});
  auto evaluation = timed(material, stages::kEvaluating, [&] {
    return evaluate(material.learners, place, material.examples, material.data.classes, steps, observer,
                    trial.task.stop);
  });
  if (!evaluation.ok()) return evaluation.status();
  auto checkpoint = timed(material, stages::kWritingModel, [&] { return trial.checkpoints->finish(steps); });
  if (!checkpoint.ok()) return checkpoint.status();
  Trained trained{.checkpoint = *std::move(checkpoint), .evaluation = *std::move(evaluation)};
  if (trial.plan.evaluate == Split::kTest) {
    keep_misclassified(trial, trained, material);
  }
  trained.stages = material.times.so_far();
  return trained;
}

// The result stands without it: what goes wrong is told, and nothing else comes of it.
void TrialGroup::keep_misclassified(const Trial& trial, Trained& trained, const TrialMaterial& material) {
  const std::vector<rendering::RenderItem> items = rendering::misclassified_items(
      trained.evaluation, trial.plan.dataset, material.data.clips, trial.plan.settings.features);
  if (items.empty()) return;
  const Span drawing(&material.times, stages::kMisclassified);
  const std::filesystem::path target =
      std::filesystem::path(trained.checkpoint.path).replace_extension(kMisclassifiedExtension);
  const TrainingObserver& observer = trial.task.observer;
  const absl::Status status = rendering::write_misclassified(
      items, {.target = target,
              .threads = static_cast<unsigned>(material.threads),
              .progress =
                  [&observer](std::size_t done, std::size_t total) {
                    if (!observer.progress) return;
                    observer.progress({.stage = "misclassified clips",
                                       .done = static_cast<std::int64_t>(done),
                                       .total = static_cast<std::int64_t>(total)});
                  },
              .is_interrupted = [&trial] { return trial.task.stop.stop_requested(); }});
  absl::StatusOr<std::string> sha256 =
      status.ok() ? files::sha256_file(target) : absl::StatusOr<std::string>(status);
  if (sha256.ok()) {
    trained.misclassified = {.path = target, .sha256 = *std::move(sha256)};
    return;
  }
  trained.warnings.push_back(fmt::format(
      "the archive of its misclassified clips could not be made ({}), so that a report shows them only "
      "where the data set is",
      std::string(sha256.status().message())));
}

}  // namespace melsweep::training
