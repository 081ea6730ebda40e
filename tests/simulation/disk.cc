#include "tests/simulation/disk.h"

#include <utility>

namespace melsweep::simulation {

absl::Status Disk::sync() {
  for (const Commit& commit : std::exchange(unsynced_, {})) {
    if (absl::Status status = durable_.commit(commit); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Disk::write_through(std::span<const store::Write> writes) {
  if (absl::Status status = sync(); !status.ok()) return status;
  return durable_.commit(writes);
}

absl::Status Disk::commit(std::span<const store::Write> writes) {
  const CommitFate fate =
      std::exchange(next_, std::nullopt).value_or(full_ ? CommitFate::kRefused : CommitFate::kDurable);
  latest_ = fate;
  const absl::Status died = absl::InternalError("the process was killed");
  switch (fate) {
    case CommitFate::kDurable:
      return write_through(writes);
    case CommitFate::kRefused:
      return absl::UnavailableError("the disk is full");
    case CommitFate::kDurableButRefused:
      if (absl::Status status = write_through(writes); !status.ok()) return status;
      return absl::UnavailableError("the disk is busy");
    case CommitFate::kSyncFails:
      unsynced_.emplace_back(writes.begin(), writes.end());
      died_ = true;
      return absl::InternalError("fsync: input/output error");
    case CommitFate::kDiesBeforeWriting:
      died_ = true;
      return died;
    case CommitFate::kDiesBeforeSyncing:
      unsynced_.emplace_back(writes.begin(), writes.end());
      died_ = true;
      return died;
    case CommitFate::kDiesBeforeAnswering:
      died_ = true;
      if (absl::Status status = write_through(writes); !status.ok()) return status;
      return died;
  }
  return died;
}

absl::StatusOr<store::Snapshot> Disk::load() {
  if (unsynced_.empty()) return durable_.load();
  store::MemoryStore seen = durable_;
  for (const Commit& commit : unsynced_) {
    if (absl::Status status = seen.commit(commit); !status.ok()) return status;
  }
  return seen.load();
}

std::size_t Disk::lose_power() {
  return std::exchange(unsynced_, {}).size();
}

}  // namespace melsweep::simulation
