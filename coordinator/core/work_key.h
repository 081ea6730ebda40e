// The name of a piece of work.
#pragma once

#include <compare>
#include <cstdint>
#include <tuple>

#include "shared/model/ids.h"

namespace melsweep::core {

// Something that can be leased: number 0 is the look at the sweep's data, 1 and up are its trials.
struct WorkKey {
  SweepId sweep;
  std::int64_t number = 0;
  friend auto operator<=>(const WorkKey&, const WorkKey&) = default;
};

// Looks at data come first, so that a sweep that cannot run says so at once and not after all earlier ones;
// then the trials of the older sweep, by number.
struct ServiceOrder {
  bool operator()(const WorkKey& a, const WorkKey& b) const {
    return std::tuple(a.number != 0, a) < std::tuple(b.number != 0, b);
  }
};

}  // namespace melsweep::core
