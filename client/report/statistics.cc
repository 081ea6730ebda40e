#include "client/report/statistics.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <random>
#include <string>

namespace melsweep::report {
namespace {

constexpr int kResamples = 2000;
constexpr double kSame = 1e-9;  // sums of fractions that cancel out are no further from 0
constexpr double kNormal95 = 1.959963984540054;

using Verdicts = std::vector<results::ClipVerdict>;

// One recording's share in a difference.
struct Share {
  double difference = 0.0;  // summed over its clips
  double clips = 0.0;
};

// By recording, in order of name; and what is counted over the clips.
std::vector<Share> shares_of(const Verdicts& cell, const Verdicts& best, PairedDifference& difference) {
  std::map<std::string, Share> shares;
  auto other = best.begin();
  for (const results::ClipVerdict& verdict : cell) {
    while (other != best.end() && other->clip < verdict.clip) ++other;
    if (other == best.end()) break;
    if (other->clip != verdict.clip) continue;
    const double change = verdict.right - other->right;
    Share& share = shares[verdict.recording];
    share.difference += change;
    share.clips += 1.0;
    ++difference.clips;
    difference.fixed += change > 0.0 ? 1 : 0;
    difference.broken += change < 0.0 ? 1 : 0;
    difference.mean += change;
  }
  if (difference.clips > 0) difference.mean /= static_cast<double>(difference.clips);
  std::vector<Share> list;
  list.reserve(shares.size());
  for (const auto& [recording, share] : shares) {
    list.push_back(share);
    difference.recordings_apart += std::abs(share.difference) > kSame ? 1 : 0;
  }
  return list;
}

Interval bootstrap(const std::vector<Share>& shares) {
  std::mt19937_64 random(1);
  std::vector<double> means;
  means.reserve(kResamples);
  for (int i = 0; i < kResamples; ++i) {
    Share sum;
    for (std::size_t drawn = 0; drawn < shares.size(); ++drawn) {
      const Share& share = shares[random() % shares.size()];
      sum.difference += share.difference;
      sum.clips += share.clips;
    }
    means.push_back(sum.difference / sum.clips);
  }
  std::ranges::sort(means);
  return {.low = means[kResamples * 25 / 1000], .high = means[kResamples * 975 / 1000 - 1]};
}

}  // namespace

Interval wilson_interval(std::int64_t right, std::int64_t of) {
  if (of <= 0) return {.low = 0.0, .high = 1.0};
  const auto n = static_cast<double>(of);
  const double share = static_cast<double>(right) / n;
  const double square = kNormal95 * kNormal95;
  const double center = (share + square / (2.0 * n)) / (1.0 + square / n);
  const double half =
      kNormal95 / (1.0 + square / n) * std::sqrt(share * (1.0 - share) / n + square / (4.0 * n * n));
  return {.low = std::max(0.0, center - half), .high = std::min(1.0, center + half)};
}

std::vector<PairedDifference> differences_to_best(std::span<const Verdicts* const> verdicts) {
  std::vector<PairedDifference> differences;
  for (const Verdicts* cell : verdicts) {
    PairedDifference& difference = differences.emplace_back();
    const std::vector<Share> shares = shares_of(*cell, *verdicts.front(), difference);
    if (!shares.empty()) difference.interval = bootstrap(shares);
  }
  return differences;
}

}  // namespace melsweep::report
