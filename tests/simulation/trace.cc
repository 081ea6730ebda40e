#include "tests/simulation/trace.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "absl/strings/substitute.h"
#include "tests/simulation/event_queue.h"

namespace melsweep::simulation {
namespace {

// $0 is who, $1 and $2 are the two numbers.
const char* sentence(Happening what) {
  switch (what) {
    case Happening::kWorkerStarts:
      return "worker $0 starts, its process number $1";
    case Happening::kWorkerCrashes:
      return "worker $0 is killed";
    case Happening::kWorkerSuspended:
      return "worker $0 is suspended (with its trainer: $1)";
    case Happening::kWorkerResumes:
      return "worker $0 resumes";
    case Happening::kWorkerDrains:
      return "worker $0 is told to stop";
    case Happening::kWorkerLeaves:
      return "worker $0 leaves with exit code $1";
    case Happening::kWorkerCalls:
      return "worker $0 calls (0 register, 1 lease, 2 heartbeat, 3 report): $1, call $2";
    case Happening::kWorkerHears:
      return "worker $0 hears of call $1: status $2";
    case Happening::kTrainerStarts:
      return "worker $0: its trainer starts, process $1";
    case Happening::kTrainerWorks:
      return "worker $0: its trainer works on trial $1 (0: a look at the data)";
    case Happening::kGroupBegins:
      return "worker $0: its trainer begins a group of $1 trials";
    case Happening::kMemberForgotten:
      return "worker $0: its trainer forgets trial $1 of its group";
    case Happening::kTrainerResumes:
      return "worker $0: its trainer goes on with trial $1 from step $2";
    case Happening::kTrainerMeasures:
      return "worker $0: its trainer measured trial $1 at step $2";
    case Happening::kTrainerFinishes:
      return "worker $0: its trainer finished trial $1";
    case Happening::kTrainerFails:
      return "worker $0: its trainer fails at trial $1 with failure kind $2";
    case Happening::kTrainerIsKilled:
      return "worker $0: its trainer is killed";
    case Happening::kTrainerEnds:
      return "worker $0: its trainer, process $1, is gone";
    case Happening::kCheckpointStored:
      return "worker $0: the checkpoint of trial $1 at step $2 is stored";
    case Happening::kArchiveStored:
      return "worker $0: what trial $1 got wrong at step $2 is stored";
    case Happening::kCheckpointFetched:
      return "worker $0: a checkpoint is fetched: status $1";
    case Happening::kClientAsks:
      return "client $0 asks (0 submit, 1 cancel, 2 list, 3 pause, 4 resume, 5 drain): $1, call $2";
    case Happening::kClientHears:
      return "client $0 hears of call $1: status $2";
    case Happening::kMessageLost:
      return "a message of peer $0 is lost (to the coordinator: $1)";
    case Happening::kMessageDoubled:
      return "a message of peer $0 is doubled (to the coordinator: $1)";
    case Happening::kPartitioned:
      return "peer $0 is cut off (to the coordinator: $1, from it: $2)";
    case Happening::kHealed:
      return "peer $0 is connected again";
    case Happening::kCoordinatorStarts:
      return "the coordinator starts, its process number $0";
    case Happening::kCoordinatorCrashes:
      return "the coordinator is gone; $1 requests unanswered";
    case Happening::kBatch:
      return "the coordinator has done $0 requests: $1 replies, status $2";
    case Happening::kCommit:
      return "commit (0 durable, 1 refused, 2 durable but refused, 3 sync fails, 4 dies before writing, 5 "
             "before "
             "syncing, 6 before answering): $0";
    case Happening::kDiskFull:
      return "the disk is full";
    case Happening::kDiskFree:
      return "the disk has room again";
    case Happening::kPowerLost:
      return "the power is lost, with $0 commits that were not synced";
    case Happening::kWallJumps:
      return "the wall clock jumps by $1 ms";
    case Happening::kChaosEnds:
      return "everything is healed";
    case Happening::kCount:
      break;
  }
  return "?";
}

}  // namespace

std::string to_text(const TraceEntry& entry) {
  const auto since_start = entry.time - kStart.monotonic;
  return absl::StrFormat("%9.3f s  ", static_cast<double>(since_start.count()) / 1000.0) +
         absl::Substitute(sentence(entry.what), entry.who, entry.a, entry.b);
}

void Trace::note(MonotonicTime time, Happening what, std::int64_t who, std::int64_t a, std::int64_t b) {
  const TraceEntry entry{time, what, who, a, b};
  for (const auto number : {static_cast<std::int64_t>(time.time_since_epoch().count()),
                            static_cast<std::int64_t>(what), who, a, b}) {
    hash_ = (hash_ ^ static_cast<std::uint64_t>(number)) * 0x100000001b3U;
    hash_ ^= hash_ >> 29U;
  }
  keep(entry);
}

void Trace::remark(MonotonicTime time, Happening what, std::int64_t who, std::int64_t a) {
  keep({time, what, who, a, 0});
}

void Trace::keep(const TraceEntry& entry) {
  ++counts_[static_cast<std::size_t>(entry.what)];
  ring_[noted_++ % kKept] = entry;
  if (listener_) listener_(entry);
}

std::vector<TraceEntry> Trace::latest(std::size_t count) const {
  const std::size_t available = std::min({count, noted_, kKept});
  std::vector<TraceEntry> entries;
  for (std::size_t i = noted_ - available; i < noted_; ++i) entries.push_back(ring_[i % kKept]);
  return entries;
}

}  // namespace melsweep::simulation
