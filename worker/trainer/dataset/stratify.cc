#include "worker/trainer/dataset/stratify.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>

#include "absl/strings/str_cat.h"
#include "shared/files/digest.h"

namespace melsweep::dataset {
namespace {

constexpr std::int64_t kMillion = 1'000'000;

// In the order in which they are served when there is too little for all.
constexpr std::array<Split, 3> kSplits = {Split::kTrain, Split::kValidation, Split::kTest};

// The units' indices in an order drawn by lot: by the hash of seed and name.
std::vector<std::size_t> draw_order(const std::vector<Unit>& units, std::uint64_t seed) {
  std::vector<std::string> lots;
  lots.reserve(units.size());
  for (const Unit& unit : units) lots.push_back(files::sha256(absl::StrCat(seed, ":", unit.name)));
  std::vector<std::size_t> order(units.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return lots[a] < lots[b]; });
  return order;
}

class Stratifier {
 public:
  Stratifier(const std::vector<Unit>& units, const Fractions& fractions, std::uint64_t seed)
      : units_(units),
        classes_(units.empty() ? 0 : units.front().per_class.size()),
        order_(draw_order(units, seed)),
        assigned_(units.size()),
        clips_(classes_),
        missing_(classes_) {
    const std::int64_t validation = std::llround(fractions.validation * kMillion);
    const std::int64_t test = std::llround(fractions.test * kMillion);
    shares_ = {kMillion - validation - test, validation, test};
    for (const Unit& unit : units) {
      for (std::size_t c = 0; c < classes_; ++c) {
        for (std::size_t s = 0; s < kSplits.size(); ++s) missing_[c][s] += shares_[s] * unit.per_class[c];
      }
    }
  }

  std::vector<Split> run() {
    for (const std::size_t class_index : rarest_first()) {
      std::vector<std::size_t> open;
      for (const std::size_t unit : order_) {
        if (!assigned_[unit] && units_[unit].per_class[class_index] > 0) open.push_back(unit);
      }
      for (std::size_t i = 0; i < open.size(); ++i) {
        assign(open[i], choose(open[i], class_index, static_cast<std::int64_t>(open.size() - i)));
      }
    }
    std::vector<Split> splits;
    splits.reserve(units_.size());
    for (const auto& split : assigned_) splits.push_back(kSplits[split.value_or(0)]);
    return splits;
  }

 private:
  // Classes with few units are served first, while there is still a choice.
  std::vector<std::size_t> rarest_first() const {
    std::vector<std::int64_t> count(classes_, 0);
    for (const Unit& unit : units_) {
      for (std::size_t c = 0; c < classes_; ++c) count[c] += unit.per_class[c] > 0 ? 1 : 0;
    }
    std::vector<std::size_t> classes(classes_);
    std::iota(classes.begin(), classes.end(), std::size_t{0});
    std::stable_sort(classes.begin(), classes.end(),
                     [&](std::size_t a, std::size_t b) { return count[a] < count[b]; });
    return classes;
  }

  // A split that has nothing of the class yet goes first when the class's last units are given out; else the
  // one that lacks most of what the unit brings. Ties go to the earlier split.
  std::size_t choose(std::size_t unit, std::size_t class_index, std::int64_t units_left) const {
    std::int64_t empty = 0;
    for (std::size_t s = 0; s < kSplits.size(); ++s) empty += is_empty(class_index, s) ? 1 : 0;
    const bool fill = empty > 0 && units_left <= empty;
    std::optional<std::size_t> best;
    for (std::size_t s = 0; s < kSplits.size(); ++s) {
      if (shares_[s] <= 0 || (fill && !is_empty(class_index, s))) continue;
      if (!best || (!fill && need(unit, s) > need(unit, *best))) best = s;
    }
    return best.value_or(0);
  }

  bool is_empty(std::size_t class_index, std::size_t split) const {
    return shares_[split] > 0 && clips_[class_index][split] == 0;
  }

  std::int64_t need(std::size_t unit, std::size_t split) const {
    std::int64_t sum = 0;
    for (std::size_t c = 0; c < classes_; ++c) sum += units_[unit].per_class[c] * missing_[c][split];
    return sum;
  }

  void assign(std::size_t unit, std::size_t split) {
    assigned_[unit] = split;
    for (std::size_t c = 0; c < classes_; ++c) {
      clips_[c][split] += units_[unit].per_class[c];
      missing_[c][split] -= units_[unit].per_class[c] * kMillion;
    }
  }

  const std::vector<Unit>& units_;
  std::size_t classes_;
  std::vector<std::size_t> order_;
  std::array<std::int64_t, 3> shares_{};  // millionths
  std::vector<std::optional<std::size_t>> assigned_;
  std::vector<std::array<std::int64_t, 3>> clips_;  // [classes][splits], given out so far
  std::vector<std::array<std::int64_t, 3>>
      missing_;  // [classes][splits], millionths of a clip below the share
};

}  // namespace

std::vector<Split> stratify(const std::vector<Unit>& units, const Fractions& fractions, std::uint64_t seed) {
  return Stratifier(units, fractions, seed).run();
}

}  // namespace melsweep::dataset
