// What the coordinator's log tells of its work, taken from what was recorded.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "coordinator/store/store.h"
#include "shared/time/clock.h"

namespace melsweep::rpc {

struct JournalEntry {
  enum class Level { kInfo, kWarning };
  Level level = Level::kInfo;
  std::string text;  // with the ids of its sweep, trial, attempt and worker
  friend bool operator==(const JournalEntry&, const JournalEntry&) = default;
};

// Nothing where people need not know: a trial that was leased, a metric, what repeats another entry.
std::optional<JournalEntry> journal_entry(const store::Write& write);

// At most `kBurst` entries at once and then one each `kInterval`; the rest are counted.
class JournalLimit {
 public:
  static constexpr int kBurst = 50;
  static constexpr std::chrono::milliseconds kInterval{200};

  // False: the entry is to be left out.
  bool admit(MonotonicTime now);

  // How many were left out since the last call; 0 until entries are let through again.
  std::int64_t take_left_out(MonotonicTime now);

 private:
  void refill(MonotonicTime now);

  int left_ = kBurst;
  std::optional<MonotonicTime> refilled_;
  std::int64_t left_out_ = 0;
};

// Writes the entries to the log. Not thread-safe.
class Journal {
 public:
  void note(std::span<const store::Write> recorded, MonotonicTime now);

 private:
  JournalLimit limit_;
};

}  // namespace melsweep::rpc
