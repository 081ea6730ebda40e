#include "tests/simulation/same_records.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "coordinator/core/life_cycle.h"
#include "coordinator/store/outline.h"

namespace melsweep::simulation {
namespace {

using core::State;
using core::SweepEntry;
using core::TrialEntry;

SweepRecord as_kept(const SweepRecord& record) {
  return core::is_final(record.state) ? store::outline_of(record) : record;
}

// A trial's record but for its cell, which is not brought back of a sweep that has ended.
TrialRecord without_cell(TrialRecord record) {
  record.cell = {};
  return record;
}

bool same(const SweepEntry& a, const SweepEntry& b) {
  return as_kept(a.record) == as_kept(b.record) && a.actions == b.actions && a.preparation == b.preparation &&
         a.dataset_hash == b.dataset_hash && a.first_trial == b.first_trial && a.trials == b.trials &&
         a.trials_finished == b.trials_finished && a.trials_failed == b.trials_failed &&
         a.trials_open == b.trials_open && a.lease.has_value() == b.lease.has_value();
}

// The objective of an attempt that ended is kept in the trial's record.
bool same(const TrialEntry& a, const TrialEntry& b) {
  const bool runs = a.record.state == TrialState::kRunning;
  return without_cell(a.record) == without_cell(b.record) && a.attempt == b.attempt &&
         (!runs || a.objective == b.objective) && a.lease.has_value() == b.lease.has_value();
}

template <class Entries>
std::optional<std::string> difference(const char* kind, const Entries& a, const Entries& b) {
  if (a.size() != b.size()) return absl::StrCat(a.size(), " ", kind, "s known, ", b.size(), " durable");
  for (const auto& [id, entry] : a) {
    const auto other = b.find(id);
    if (other == b.end()) return absl::StrCat(kind, " ", id.value, " is not durable");
    if (!same(entry, other->second)) return absl::StrCat(kind, " ", id.value, " is another");
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> difference_of_records(const State& known, const State& restored) {
  if (auto sweeps = difference("sweep", known.sweeps, restored.sweeps)) return sweeps;
  if (auto trials = difference("trial", known.trials, restored.trials)) return trials;
  for (const auto& [id, worker] : known.workers) {
    const auto other = restored.workers.find(id);
    if (other == restored.workers.end() || other->second.record != worker.record) {
      return absl::StrCat("worker ", id.value, " is another");
    }
  }
  if (known.open_sweeps != restored.open_sweeps) return "other sweeps are open";
  // A request that was answered with an unfinished sweep is remembered until the restart only.
  const bool remembered =
      std::all_of(restored.submissions.begin(), restored.submissions.end(), [&](const auto& submission) {
        const auto found = known.submissions.find(submission.first);
        return found != known.submissions.end() && found->second == submission.second;
      });
  if (!remembered) return "a submission's request is not known";
  return std::nullopt;
}

}  // namespace melsweep::simulation
