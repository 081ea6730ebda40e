#include "tests/simulation/workload.h"

#include <algorithm>
#include <bit>
#include <functional>

#include "tests/simulation/random.h"

namespace melsweep::simulation {
namespace {

enum Drawn : std::uint64_t {
  kNature,
  kSteps,
  kEvaluations,
  kAttempts,
  kPlace,
  kAccuracyAt,
  kLossAt = 1U << 20U
};

double fraction(std::uint64_t drawn) {
  return static_cast<double>(drawn >> 11U) * 0x1.0p-53;
}

}  // namespace

Workload::Workload(std::uint64_t seed) : salt_(mixed(seed)) {}

SweepSpec Workload::sweep(const std::string& name, int trials) const {
  SweepSpec spec;
  spec.name = name;
  spec.dataset.path = "/sounds";
  spec.base.model.weights = "random";
  spec.base.training.evaluate_every = 100;
  const std::uint64_t evaluations = 1 + mixed(salt_ ^ kEvaluations) % 4;
  spec.base.training.steps = static_cast<std::int64_t>(100 * evaluations + mixed(salt_ ^ kSteps) % 100);
  spec.objective.metric = kAccuracy;
  spec.retry.max_attempts = static_cast<int>(1 + mixed(salt_ ^ kAttempts) % 4);
  spec.seeds = trials > 1 ? 2 : 1;
  ParameterAxis rates{"learning_rate", "training.learning_rate", {}};
  for (int i = 0; i < std::max(1, trials / spec.seeds); ++i) rates.values.emplace_back(0.001 * (i + 1));
  spec.parameters = {rates};
  const std::uint64_t place = mixed(salt_ ^ kPlace ^ mixed(std::hash<std::string>()(name)));
  if (place % 4 == 0) spec.resources.labels = {kLabel};
  if (place / 4 % 4 == 0) spec.max_parallel = static_cast<int>(1 + place / 16 % 3);
  spec.priority = static_cast<int>(place / 64 % 2);
  return spec;
}

Study Workload::study(const std::string& name, int trials) const {
  SweepSpec second = sweep(name + "-second", 1);
  second.parameters = {
      {"batch_size", "training.batch_size", {std::int64_t{10}, std::int64_t{20}, std::int64_t{30}}}};
  second.takes = {{name, {"training.learning_rate"}}};
  SweepSpec final = sweep(name + "-final", 1);
  final.parameters.clear();
  final.takes = {{name, {"training.learning_rate"}}, {second.name, {"training.batch_size"}}};
  final.objective.metric = kTestAccuracy;
  final.evaluate = Split::kTest;
  return {name, {sweep(name, trials), second, final}};
}

std::uint64_t Workload::draw(const TrialSettings& settings, std::uint64_t seed, std::uint64_t what) const {
  const auto rate = std::bit_cast<std::uint64_t>(settings.training.learning_rate);
  const auto batch_size = static_cast<std::uint64_t>(settings.training.batch_size);
  return mixed(mixed(salt_ ^ rate ^ mixed(batch_size)) ^ mixed(seed) ^ what);
}

Nature Workload::nature_of(const TrialSettings& settings, std::uint64_t seed) const {
  const std::uint64_t drawn = draw(settings, seed, kNature) % 100;
  if (drawn < 5) return Nature::kPoison;
  if (drawn < 8) return Nature::kHopeless;
  return Nature::kSound;
}

std::vector<std::int64_t> Workload::evaluations_of(const TrainingSettings& training) {
  std::vector<std::int64_t> steps;
  for (std::int64_t step = training.evaluate_every; step < training.steps; step += training.evaluate_every) {
    steps.push_back(step);
  }
  steps.push_back(training.steps);
  return steps;
}

std::vector<MetricPoint> Workload::points_at(const TrialSettings& settings, std::uint64_t seed,
                                             std::int64_t step, Split evaluate) const {
  const auto at = static_cast<std::uint64_t>(step);
  std::vector<MetricPoint> points = {{step, kLoss, fraction(draw(settings, seed, kLossAt + at))}};
  if (evaluate == Split::kValidation || step == settings.training.steps) {
    const char* name = evaluate == Split::kTest ? kTestAccuracy : kAccuracy;
    points.push_back({step, name, fraction(draw(settings, seed, kAccuracyAt + at))});
  }
  return points;
}

std::vector<MetricPoint> Workload::all_points(const TrialSettings& settings, std::uint64_t seed,
                                              Split evaluate) const {
  std::vector<MetricPoint> points;
  for (const std::int64_t step : evaluations_of(settings.training)) {
    for (MetricPoint& point : points_at(settings, seed, step, evaluate)) points.push_back(std::move(point));
  }
  std::stable_sort(points.begin(), points.end(),
                   [](const MetricPoint& a, const MetricPoint& b) { return a.name < b.name; });
  return points;
}

DatasetReport Workload::dataset() {
  DatasetReport report;
  report.content_hash = "hash";
  report.classes = {"cat", "dog"};
  report.weights_hashes = {{"random", "random"}};
  Clip clip;
  clip.id = "a.wav";
  clip.duration_s = 1.0;
  report.clips.push_back(clip);
  return report;
}

CompletedReport Workload::completed(const TrialPlan& plan) {
  CompletedReport report;
  report.checkpoint = {plan.settings.training.steps, "/artifacts/head", "sha"};
  report.evaluation.split = plan.evaluate;
  report.evaluation.step = plan.settings.training.steps;
  report.evaluation.classes = {"cat", "dog"};
  report.evaluation.predictions = {{"a.wav", 0, 0, {0.75F, 0.25F}}};
  report.stages = {{"training", 1.5, plan.settings.training.steps, 0}};
  return report;
}

}  // namespace melsweep::simulation
