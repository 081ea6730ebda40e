#include "worker/trainer/dataset/near_duplicates.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "absl/status/status.h"

namespace melsweep::dataset {
namespace {

using audio::Fingerprint;
using audio::kSilentItem;

constexpr std::ptrdiff_t kMostShift = 8;  // items
constexpr std::ptrdiff_t kShifts = 2 * kMostShift + 1;
constexpr std::int64_t kLeastItems = 16;
constexpr double kLeastShare = 0.6;

// A clip beside itself: from which shift on, and over how many items at least.
constexpr std::ptrdiff_t kOwnShift = 4;
constexpr std::int64_t kOwnItems = 6;
constexpr double kOfOwnDifference = 0.5;
constexpr double kEven = 0.08;

constexpr std::size_t kHalfValues = std::size_t{1} << 16U;
constexpr std::size_t kMostUnderOneHalf = 512;
constexpr std::uint8_t kLeastVotes = 2;
constexpr std::size_t kProgressCalls = 200;

struct Overlap {
  std::int64_t items = 0;  // where not both are silent
  std::int64_t bits = 0;   // that differ there
  double difference() const { return static_cast<double>(bits) / (32.0 * static_cast<double>(items)); }
};

// Item i of the one on item i + shift of the other.
Overlap lay(const Fingerprint& one, const Fingerprint& other, std::ptrdiff_t shift) {
  const std::ptrdiff_t end = std::min(std::ssize(one), std::ssize(other) - shift);
  Overlap overlap;
  for (std::ptrdiff_t i = std::max<std::ptrdiff_t>(0, -shift); i < end; ++i) {
    const std::uint32_t a = one[static_cast<std::size_t>(i)];
    const std::uint32_t b = other[static_cast<std::size_t>(i + shift)];
    if (a == kSilentItem && b == kSilentItem) continue;
    ++overlap.items;
    overlap.bits += std::popcount(a ^ b);
  }
  return overlap;
}

std::int64_t sounding(const Fingerprint& clip) {
  return std::ssize(clip) - std::ranges::count(clip, kSilentItem);
}

// The least part of its bits in which the clip differs from itself, moved. None where there is too little of
// it.
std::optional<double> own_difference(const Fingerprint& clip) {
  std::optional<double> least;
  for (std::ptrdiff_t shift = kOwnShift; shift < std::ssize(clip); ++shift) {
    const Overlap overlap = lay(clip, clip, shift);
    if (overlap.items < kOwnItems) continue;
    least = std::min(least.value_or(1.0), overlap.difference());
  }
  return least;
}

// A clip that can be compared.
struct Sketch {
  const Fingerprint* items = nullptr;
  std::int64_t sounding = 0;
  double most_different = 0.0;  // of its near duplicates
};

class Comparison {
 public:
  Comparison(std::span<const Fingerprint> clips, const std::function<bool(std::size_t, std::size_t)>& matters)
      : matters_(matters),
        sketches_(clips.size()),
        index_(2 * kHalfValues),
        votes_(clips.size() * static_cast<std::size_t>(kShifts), 0) {}

  // Compares the clip with all before it. In order of the indices.
  void add(std::size_t clip, const Fingerprint& items) {
    if (std::ssize(items) < kLeastItems) {
      ++found_.too_short;
      return;
    }
    Sketch& sketch = sketches_[clip];
    const std::optional<double> own = own_difference(items);
    sketch = {.items = &items, .sounding = sounding(items), .most_different = 0.0};
    if (sketch.sounding < kLeastItems || !own || *own < kEven) {
      ++found_.too_even;
      return;
    }
    sketch.most_different = std::min(kMostDifferent, kOfOwnDifference * *own);
    vote(items);
    compare(clip);
    enter(clip, items);
  }

  NearDuplicates finish() && {
    std::ranges::sort(found_.pairs, {},
                      [](const NearDuplicate& pair) { return std::pair(pair.first, pair.second); });
    return std::move(found_);
  }

 private:
  struct Entry {
    std::uint32_t clip;
    std::uint32_t position;
  };

  // The lists of the two halves.
  std::array<std::vector<Entry>*, 2> lists_of(std::uint32_t item) {
    return {&index_[item >> 16U], &index_[kHalfValues + (item & 0xFFFFU)]};
  }

  // One for each half that an earlier clip has in the same place, by clip and shift.
  void vote(const Fingerprint& items) {
    for (std::size_t position = 0; position < items.size(); ++position) {
      if (items[position] == kSilentItem) continue;
      for (const std::vector<Entry>* list : lists_of(items[position])) {
        for (const Entry& entry : *list) {
          const std::ptrdiff_t shift =
              static_cast<std::ptrdiff_t>(entry.position) - static_cast<std::ptrdiff_t>(position);
          if (std::abs(shift) > kMostShift) continue;
          const std::size_t slot =
              entry.clip * static_cast<std::size_t>(kShifts) + static_cast<std::size_t>(shift + kMostShift);
          if (votes_[slot] == 0) candidates_.push_back(slot);
          if (votes_[slot] < kLeastVotes) ++votes_[slot];
        }
      }
    }
  }

  void compare(std::size_t clip) {
    std::map<std::size_t, double> best;  // difference by clip
    for (const std::size_t slot : candidates_) {
      const bool is_likely = votes_[slot] >= kLeastVotes;
      votes_[slot] = 0;
      const std::size_t other = slot / static_cast<std::size_t>(kShifts);
      if (!is_likely || !matters_(other, clip)) continue;
      const std::ptrdiff_t shift =
          static_cast<std::ptrdiff_t>(slot % static_cast<std::size_t>(kShifts)) - kMostShift;
      const std::optional<double> difference = difference_of(sketches_[clip], sketches_[other], shift);
      if (!difference) continue;
      const auto [place, is_new] = best.try_emplace(other, *difference);
      place->second = std::min(place->second, *difference);
    }
    candidates_.clear();
    for (const auto& [other, difference] : best)
      found_.pairs.push_back({.first = other, .second = clip, .difference = difference});
  }

  // None where they are not alike.
  static std::optional<double> difference_of(const Sketch& one, const Sketch& other, std::ptrdiff_t shift) {
    const double share = kLeastShare * static_cast<double>(std::min(one.sounding, other.sounding));
    const Overlap overlap = lay(*one.items, *other.items, shift);
    if (overlap.items < std::max<std::int64_t>(kLeastItems, std::lround(share))) return std::nullopt;
    if (overlap.difference() > std::min(one.most_different, other.most_different)) return std::nullopt;
    return overlap.difference();
  }

  void enter(std::size_t clip, const Fingerprint& items) {
    for (std::size_t position = 0; position < items.size(); ++position) {
      if (items[position] == kSilentItem) continue;
      for (std::vector<Entry>* list : lists_of(items[position])) {
        if (list->size() < kMostUnderOneHalf)
          list->push_back({static_cast<std::uint32_t>(clip), static_cast<std::uint32_t>(position)});
      }
    }
  }

  const std::function<bool(std::size_t, std::size_t)>& matters_;
  std::vector<Sketch> sketches_;           // by clip; of those that are not compared, without use
  std::vector<std::vector<Entry>> index_;  // of the upper halves by value, then of the lower ones
  std::vector<std::uint8_t> votes_;        // up to kLeastVotes, by clip and shift; all 0 between two clips
  std::vector<std::size_t> candidates_;    // where there are votes
  NearDuplicates found_;
};

}  // namespace

absl::StatusOr<NearDuplicates> find_near_duplicates(
    std::span<const Fingerprint> clips, const std::function<bool(std::size_t, std::size_t)>& matters,
    const ComparisonOptions& options) {
  Comparison comparison(clips, matters);
  const std::size_t step = std::max<std::size_t>(1, clips.size() / kProgressCalls);
  for (std::size_t clip = 0; clip < clips.size(); ++clip) {
    if (options.stop.stop_requested()) return absl::CancelledError("comparing the clips was stopped");
    comparison.add(clip, clips[clip]);
    const std::size_t done = clip + 1;
    if (options.progress && (done == clips.size() || done % step == 0)) {
      options.progress({.stage = "comparing clips",
                        .done = static_cast<std::int64_t>(done),
                        .total = static_cast<std::int64_t>(clips.size())});
    }
  }
  return std::move(comparison).finish();
}

}  // namespace melsweep::dataset
