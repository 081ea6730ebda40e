#include "worker/trainer/training/training_loop.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <span>
#include <utility>

#include "worker/trainer/training/minibatches.h"
#include "worker/trainer/training/softmax.h"

namespace melsweep::training {
namespace {

using Indices = std::span<const std::uint32_t>;

// How many examples are asked for at once, and so how soon a stop is noticed while measuring.
constexpr std::size_t kChunk = 64;

absl::Status stopped() {
  return absl::CancelledError("stopped");
}

absl::Status diverged(std::int64_t step, double learning_rate) {
  return absl::OutOfRangeError(
      fmt::format("training diverged: the loss is not a finite number after step {} with learning_rate {}; "
                  "use a smaller one",
                  step, learning_rate));
}

// What measuring goes on.
struct Session {
  Learner& learner;
  const Examples& examples;
  const TrainingObserver& observer;
  const std::stop_token& stop;

  void tell(std::string stage, std::size_t done, std::size_t total) const {
    if (!observer.progress) return;
    observer.progress({.stage = std::move(stage),
                       .done = static_cast<std::int64_t>(done),
                       .total = static_cast<std::int64_t>(total)});
  }
};

// look(example, its logits) for each of the examples.
template <class Look>
absl::Status for_each_logits(const Session& session, Indices which, Look look) {
  const std::size_t classes = session.examples.classes;
  std::vector<float> logits(kChunk * classes);
  std::size_t begin = 0;
  const Watch watch{.stop = session.stop, .progress = [&](std::size_t done) {
                      session.tell("evaluating", begin + done, which.size());
                    }};
  for (; begin < which.size(); begin += kChunk) {
    if (session.stop.stop_requested()) return stopped();
    const Indices chunk = which.subspan(begin, std::min(kChunk, which.size() - begin));
    const std::span<float> out = std::span(logits).first(chunk.size() * classes);
    if (absl::Status status = session.learner.logits(chunk, out, watch); !status.ok()) return status;
    for (std::size_t i = 0; i < chunk.size(); ++i) look(chunk[i], out.subspan(i * classes, classes));
  }
  return absl::OkStatus();
}

struct Measurement {
  double loss = 0.0;
  double accuracy = 0.0;
};

absl::StatusOr<Measurement> measure(const Session& session, Indices which) {
  double loss = 0.0;
  std::int64_t correct = 0;
  const auto look = [&](std::uint32_t example, std::span<const float> logits) {
    const int label = session.examples.labels[example];
    loss += cross_entropy(logits, label);
    if (argmax(logits) == label) ++correct;
  };
  if (absl::Status status = for_each_logits(session, which, look); !status.ok()) return status;
  const auto count = static_cast<double>(which.size());
  return Measurement{.loss = loss / count, .accuracy = static_cast<double>(correct) / count};
}

absl::StatusOr<std::vector<MetricPoint>> measure_splits(const Session& session, std::int64_t step) {
  std::vector<MetricPoint> points;
  const auto add = [&](const std::string& split, Indices which) -> absl::Status {
    const auto measured = measure(session, which);
    if (!measured.ok()) return measured.status();
    points.push_back({.step = step, .name = split + "/loss", .value = measured->loss});
    points.push_back({.step = step, .name = split + "/accuracy", .value = measured->accuracy});
    return absl::OkStatus();
  };
  if (absl::Status status = add("train", session.examples.train_clips); !status.ok()) return status;
  if (absl::Status status = add("validation", session.examples.validation); !status.ok()) return status;
  return points;
}

bool all_finite(const std::vector<MetricPoint>& points) {
  return std::all_of(points.begin(), points.end(),
                     [](const MetricPoint& point) { return std::isfinite(point.value); });
}

absl::Status measure_if_due(const Session& session, const TrainingSettings& settings, std::int64_t step) {
  if (step % settings.evaluate_every != 0 && step != settings.steps) return absl::OkStatus();
  const auto points = measure_splits(session, step);
  if (!points.ok()) return points.status();
  if (!all_finite(*points)) return diverged(step, settings.learning_rate);
  if (session.observer.metrics) session.observer.metrics(*points);
  return absl::OkStatus();
}

// Step `step`, which sees the batch.
absl::Status learn(const Session& session, const TrainingSettings& settings, std::int64_t step,
                   Indices batch) {
  const Watch watch{.stop = session.stop, .progress = [&](std::size_t done) {
                      session.tell(fmt::format("step {} of {}", step, settings.steps), done, batch.size());
                    }};
  const absl::StatusOr<double> loss = session.learner.step(batch, watch);
  if (!loss.ok()) return loss.status();
  return std::isfinite(*loss) ? absl::OkStatus() : diverged(step - 1, settings.learning_rate);
}

}  // namespace

absl::Status train(const TrainingRun& run, const TrainingObserver& observer, const std::stop_token& stop) {
  assert(!run.examples.train_clips.empty() && !run.examples.validation.empty());
  const TrainingSettings& settings = run.settings;
  const Session session{.learner = run.learner, .examples = run.examples, .observer = observer, .stop = stop};
  Minibatches minibatches(run.examples.train_count, static_cast<std::size_t>(settings.batch_size), run.seed);
  minibatches.skip(run.steps_done);
  if (run.steps_done > 0) {
    if (absl::Status status = measure_if_due(session, settings, run.steps_done); !status.ok()) return status;
  }
  for (std::int64_t step = run.steps_done + 1; step <= settings.steps; ++step) {
    if (stop.stop_requested()) return stopped();
    absl::Status status = learn(session, settings, step, minibatches.next());
    if (status.ok() && run.after_step) run.after_step(step);
    if (status.ok()) status = measure_if_due(session, settings, step);
    if (!status.ok()) return status;
    session.tell("training", static_cast<std::size_t>(step), static_cast<std::size_t>(settings.steps));
  }
  return absl::OkStatus();
}

absl::StatusOr<Evaluation> evaluate(Learner& learner, const Examples& examples,
                                    const std::vector<std::string>& classes, std::int64_t step,
                                    const TrainingObserver& observer, const std::stop_token& stop) {
  const Session session{.learner = learner, .examples = examples, .observer = observer, .stop = stop};
  Evaluation evaluation{.split = Split::kValidation, .step = step, .classes = classes, .predictions = {}};
  const auto look = [&](std::uint32_t example, std::span<const float> logits) {
    Prediction prediction{.clip = examples.clip_ids[example],
                          .true_class = examples.labels[example],
                          .predicted_class = argmax(logits),
                          .probabilities = std::vector<float>(logits.size())};
    softmax(logits, prediction.probabilities);
    evaluation.predictions.push_back(std::move(prediction));
  };
  if (absl::Status status = for_each_logits(session, examples.validation, look); !status.ok()) return status;
  return evaluation;
}

}  // namespace melsweep::training
