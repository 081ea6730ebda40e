// Files that attempts make and the coordinator keeps: checkpoints.
#pragma once

#include <compare>
#include <cstdint>

#include "shared/model/ids.h"

namespace melsweep {

// Names one file among all of a database's.
struct ArtifactName {
  SweepId sweep;
  AttemptRef attempt;
  std::int64_t step = 0;  // after which it was made
  friend auto operator<=>(const ArtifactName&, const ArtifactName&) = default;
};

}  // namespace melsweep
