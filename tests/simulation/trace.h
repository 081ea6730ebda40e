// What happened, in order: a hash of all of it, and the last of it as text.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "shared/time/clock.h"

namespace melsweep::simulation {

// The numbers of an entry mean what its sentence (trace.cc) says.
enum class Happening : std::uint8_t {
  kWorkerStarts,
  kWorkerCrashes,
  kWorkerSuspended,
  kWorkerResumes,
  kWorkerDrains,
  kWorkerLeaves,
  kWorkerCalls,
  kWorkerHears,
  kTrainerStarts,
  kTrainerWorks,
  kGroupBegins,
  kMemberForgotten,
  kTrainerResumes,
  kTrainerMeasures,
  kTrainerFinishes,
  kTrainerFails,
  kTrainerIsKilled,
  kTrainerEnds,
  kCheckpointStored,
  kArchiveStored,
  kCheckpointFetched,
  kClientAsks,
  kClientHears,
  kMessageLost,
  kMessageDoubled,
  kPartitioned,
  kHealed,
  kCoordinatorStarts,
  kCoordinatorCrashes,
  kBatch,
  kCommit,
  kDiskFull,
  kDiskFree,
  kPowerLost,
  kWallJumps,
  kChaosEnds,
  kCount,
};

struct TraceEntry {
  MonotonicTime time;
  Happening what = Happening::kCount;
  std::int64_t who = 0;
  std::int64_t a = 0;
  std::int64_t b = 0;
};

std::string to_text(const TraceEntry& entry);

class Trace {
 public:
  using Listener = std::function<void(const TraceEntry&)>;

  // Called with every entry; may be empty.
  explicit Trace(Listener listener) : listener_(std::move(listener)) {}

  void note(MonotonicTime time, Happening what, std::int64_t who = 0, std::int64_t a = 0, std::int64_t b = 0);

  // The same for what must change nothing, and is left out of the hash.
  void remark(MonotonicTime time, Happening what, std::int64_t who = 0, std::int64_t a = 0);

  // Of all that was noted; equal for equal traces, on any machine.
  std::uint64_t hash() const { return hash_; }

  std::int64_t count(Happening what) const { return counts_.at(static_cast<std::size_t>(what)); }

  // Oldest first.
  std::vector<TraceEntry> latest(std::size_t count) const;

 private:
  static constexpr std::size_t kKept = 256;

  void keep(const TraceEntry& entry);

  Listener listener_;
  std::array<TraceEntry, kKept> ring_;
  std::size_t noted_ = 0;
  std::uint64_t hash_ = 0xcbf29ce484222325U;
  std::array<std::int64_t, static_cast<std::size_t>(Happening::kCount)> counts_{};
};

}  // namespace melsweep::simulation
