// Which trials may go out together, as one group that a trainer runs side by side.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "shared/model/settings.h"

namespace melsweep::core {

// What a piece of work is to those that wait beside it.
struct Grouping {
  // Of its sweep: trials of one family may be a group. 0: the work goes out alone.
  int family = 0;
  // Of a group's members those that have both in common learn from the same minibatches. Both are 0 where
  // that saves nothing.
  std::int64_t batch_size = 0;
  std::uint64_t seed = 0;
  std::int64_t cost = 0;  // examples that it learns from: steps x batch size
};

// A trial that costs less is over in a millisecond. Recording it takes longer, and takes least where the
// members of a group follow each other: their rows then lie side by side in the database.
inline constexpr std::int64_t kCostWorthSharing = 2000;

// Numbers the families of one sweep. Trials are of one family where all that they differ in is their
// training, but for its augmentation, and their seed. Trials that train more than the head are of none.
class Families {
 public:
  // From 1 on; 0: none. The same trials always have the same number as long as the object lives.
  int of(const TrialSettings& settings, int validation_fold);

 private:
  std::map<std::string, int> numbers_;
  // The trial asked for last, as its family sees it: most that follow it are the same.
  std::optional<TrialSettings> last_;
  int last_fold_ = 0;
  int last_number_ = 0;
};

}  // namespace melsweep::core
