// Files that attempts make and the coordinator keeps: checkpoints, and what belongs to them.
#pragma once

#include <compare>
#include <cstdint>
#include <set>
#include <vector>

#include "shared/model/ids.h"

namespace melsweep {

// kMisclassified belongs to the checkpoint of the same step, the trained model: it is stored before that,
// kept as long as that, and goes with it, so that nothing else refers to it.
enum class ArtifactKind {
  kCheckpoint,
  kMisclassified,  // pictures and sounds of what was got wrong (docs/render.md)
};

// Names one file among all of a database's.
struct ArtifactName {
  SweepId sweep;
  AttemptRef attempt;
  std::int64_t step = 0;  // after which it was made
  ArtifactKind kind = ArtifactKind::kCheckpoint;
  friend auto operator<=>(const ArtifactName&, const ArtifactName&) = default;
};

// The checkpoint whose fate the file shares, itself perhaps.
inline ArtifactName checkpoint_of(ArtifactName name) {
  name.kind = ArtifactKind::kCheckpoint;
  return name;
}

// What a trial's attempts up to this one, which have all ended, made and nobody needs: every file but these
// checkpoints and what belongs to them.
// Among it may be some that were stored and never reported.
struct Leftovers {
  SweepId sweep;
  AttemptRef last;
  std::set<ArtifactName> kept;
  friend bool operator==(const Leftovers&, const Leftovers&) = default;
};

// Files that nothing refers to any more: checkpoints, and what belongs to them.
struct ObsoleteFiles {
  std::vector<ArtifactName> names{};
  std::vector<Leftovers> leftovers{};

  bool empty() const { return names.empty() && leftovers.empty(); }
  void append(const ObsoleteFiles& more) {
    names.insert(names.end(), more.names.begin(), more.names.end());
    leftovers.insert(leftovers.end(), more.leftovers.begin(), more.leftovers.end());
  }
};

}  // namespace melsweep
