// The disk under the coordinator: what is durable, what only seems so, and what goes wrong between the two.
#pragma once

#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "coordinator/store/memory_store.h"
#include "coordinator/store/store.h"

namespace melsweep::simulation {

// What becomes of one commit.
enum class CommitFate {
  kDurable,
  kRefused,             // nothing is written: Unavailable
  kDurableButRefused,   // all is durable, and yet: Unavailable
  kSyncFails,           // written, not synced: the process has to end itself
  kDiesBeforeWriting,   // the process is killed
  kDiesBeforeSyncing,   // killed when all is written and nothing synced
  kDiesBeforeAnswering  // killed when all is durable
};

// What is not synced is visible to the next process and lost with the power.
class Disk {
 public:
  // A process opens the database. It must not build on what is not durable, so opening syncs.
  absl::Status open() { return sync(); }

  absl::Status commit(std::span<const store::Write> writes);
  absl::StatusOr<store::Snapshot> load();

  // Of the next commit with writes.
  void plan(CommitFate fate) { next_ = fate; }
  // Every commit is refused, as on a full disk.
  void fill() { full_ = true; }
  void free() { full_ = false; }
  bool is_full() const { return full_; }
  void heal() {
    free();
    next_.reset();
  }

  // Whether the process that committed last is dead; told once.
  bool take_death() { return std::exchange(died_, false); }

  // How many commits were lost.
  std::size_t lose_power();

  // Of the latest commit, where there was one since this was asked last.
  std::optional<CommitFate> take_latest() { return std::exchange(latest_, std::nullopt); }
  const store::MemoryStore& durable() const { return durable_; }
  absl::StatusOr<store::Snapshot> load_durable() { return durable_.load(); }

 private:
  using Commit = std::vector<store::Write>;

  absl::Status sync();
  absl::Status write_through(std::span<const store::Write> writes);

  store::MemoryStore durable_;
  std::vector<Commit> unsynced_;
  std::optional<CommitFate> next_;
  std::optional<CommitFate> latest_;
  bool full_ = false;
  bool died_ = false;
};

}  // namespace melsweep::simulation
