// The name of a piece of work.
#pragma once

#include <compare>
#include <cstdint>

#include "shared/model/ids.h"

namespace melsweep::core {

// Something that can be leased: number 0 is the look at the sweep's data, 1 and up are its trials.
struct WorkKey {
  SweepId sweep;
  std::int64_t number = 0;
  friend auto operator<=>(const WorkKey&, const WorkKey&) = default;
};

}  // namespace melsweep::core
