#include "client/report/curves.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>

namespace melsweep::report {
namespace {

constexpr std::size_t kMostPoints = 200;
constexpr double kLossMargin = 1.01;
constexpr double kAccuracyMargin = 0.005;

// Evenly, with the ends.
Curve thinned(Curve curve) {
  if (curve.size() <= kMostPoints) return curve;
  Curve kept;
  for (std::size_t i = 0; i < kMostPoints; ++i) {
    kept.push_back(curve[i * (curve.size() - 1) / (kMostPoints - 1)]);
  }
  return kept;
}

template <class IsNear>
std::optional<Plateau> plateau(const Curve& curve, std::pair<double, double> best, IsNear is_near) {
  const auto first = std::ranges::find_if(curve, [&](const auto& point) { return is_near(point.second); });
  return Plateau{.step = first->first,
                 .value = first->second,
                 .last_step = curve.back().first,
                 .best = best.second,
                 .best_step = best.first};
}

Curve finite(const Curve& curve) {
  Curve kept;
  std::ranges::copy_if(curve, std::back_inserter(kept),
                       [](const auto& point) { return std::isfinite(point.second); });
  return kept;
}

}  // namespace

Curve mean_curve(const results::SweepStory& sweep, const results::StoryCell& cell,
                 const std::string& metric) {
  std::map<std::int64_t, std::pair<double, std::size_t>> sums;
  std::size_t trials = 0;
  for (const results::StoryCurves& curves : sweep.curves) {
    if (std::ranges::find(cell.trials, curves.trial) == cell.trials.end()) continue;
    bool has_any = false;
    for (const MetricPoint& point : curves.points) {
      if (point.name != metric) continue;
      auto& [sum, count] = sums[point.step];
      sum += point.value;
      ++count;
      has_any = true;
    }
    trials += has_any ? 1 : 0;
  }
  Curve curve;
  for (const auto& [step, sum] : sums) {
    if (sum.second != trials) continue;
    curve.emplace_back(static_cast<double>(step), sum.first / static_cast<double>(sum.second));
  }
  return thinned(std::move(curve));
}

std::optional<Plateau> loss_plateau(const Curve& loss) {
  const Curve curve = finite(loss);
  if (curve.size() < 3) return std::nullopt;
  const auto best = *std::ranges::min_element(curve, {}, &std::pair<double, double>::second);
  return plateau(curve, best, [&](double value) { return value <= best.second * kLossMargin; });
}

std::optional<Plateau> accuracy_plateau(const Curve& accuracy) {
  const Curve curve = finite(accuracy);
  if (curve.size() < 3) return std::nullopt;
  const auto best = *std::ranges::max_element(curve, {}, &std::pair<double, double>::second);
  return plateau(curve, best, [&](double value) { return value >= best.second - kAccuracyMargin; });
}

}  // namespace melsweep::report
