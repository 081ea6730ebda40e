#include "worker/trainer/training/measurement.h"

#include <algorithm>
#include <string>

#include "worker/trainer/training/softmax.h"

namespace melsweep::training {
namespace {

// How many examples are asked for at once, and so how soon a stop is noticed.
constexpr std::size_t kChunk = 80;

struct Sums {
  double loss = 0.0;
  std::int64_t correct = 0;
};

absl::Status add_metrics(const Measuring& measuring, std::int64_t step, const std::string& split,
                         Indices which, std::vector<std::vector<MetricPoint>>& points) {
  std::vector<Sums> sums(measuring.who.size());
  const auto look = [&](std::size_t i, std::uint32_t example, std::span<const float> logits) {
    const int label = measuring.examples.labels[example];
    sums[i].loss += cross_entropy(logits, label);
    if (argmax(logits) == label) ++sums[i].correct;
  };
  if (absl::Status status = for_each_logits(measuring, which, look); !status.ok()) return status;
  const auto count = static_cast<double>(which.size());
  for (std::size_t i = 0; i < sums.size(); ++i) {
    points[i].push_back({.step = step, .name = split + "/loss", .value = sums[i].loss / count});
    points[i].push_back(
        {.step = step, .name = split + "/accuracy", .value = static_cast<double>(sums[i].correct) / count});
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status for_each_logits(
    const Measuring& measuring, Indices which,
    const std::function<void(std::size_t i, std::uint32_t example, std::span<const float> logits)>& look) {
  const std::size_t classes = measuring.examples.classes;
  const std::size_t learners = measuring.who.size();
  std::vector<float> logits(learners * kChunk * classes);
  std::vector<std::span<float>> out(learners);
  std::size_t begin = 0;
  const Watch watch{.stop = measuring.stop, .progress = [&](std::size_t done) {
                      if (measuring.progress) measuring.progress(begin + done, which.size());
                    }};
  for (; begin < which.size(); begin += kChunk) {
    if (measuring.stop.stop_requested()) return absl::CancelledError("stopped");
    const Indices chunk = which.subspan(begin, std::min(kChunk, which.size() - begin));
    for (std::size_t i = 0; i < learners; ++i) {
      out[i] = std::span(logits).subspan(i * kChunk * classes, chunk.size() * classes);
    }
    absl::Status status = measuring.learners.logits(measuring.who, chunk, out, watch);
    if (!status.ok()) return status;
    for (std::size_t i = 0; i < learners; ++i) {
      for (std::size_t e = 0; e < chunk.size(); ++e) look(i, chunk[e], out[i].subspan(e * classes, classes));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::vector<MetricPoint>>> measure(const Measuring& measuring, std::int64_t step) {
  std::vector<std::vector<MetricPoint>> points(measuring.who.size());
  absl::Status status = add_metrics(measuring, step, "train", measuring.examples.train_clips, points);
  if (status.ok() && !measuring.examples.validation.empty()) {
    status = add_metrics(measuring, step, "validation", measuring.examples.validation, points);
  }
  if (!status.ok()) return status;
  return points;
}

absl::StatusOr<std::vector<std::vector<MetricPoint>>> measure_test(const Measuring& measuring,
                                                                   std::int64_t step) {
  std::vector<std::vector<MetricPoint>> points(measuring.who.size());
  absl::Status status = add_metrics(measuring, step, "test", measuring.examples.test, points);
  if (!status.ok()) return status;
  return points;
}

}  // namespace melsweep::training
