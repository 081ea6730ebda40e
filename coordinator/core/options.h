// How patient the coordinator is.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>

namespace melsweep::core {

struct Options {
  // A worker that has had no answer for this long stops what it does.
  std::chrono::milliseconds lease_ttl{15'000};
  // For how much longer the coordinator waits before it gives the work to another: covers the time a message
  // takes and the time a trainer takes to die.
  std::chrono::milliseconds lease_grace{5'000};
  // How often workers are asked to call; a few may be lost within one lease_ttl.
  std::chrono::milliseconds heartbeat_interval{3'000};
  // The longest that a request for work stays unanswered.
  std::chrono::milliseconds max_lease_wait{60'000};
  // Before the second attempt; doubled for each further one, up to the maximum, less up to half of it by
  // jitter.
  std::chrono::milliseconds retry_delay{1'000};
  std::chrono::milliseconds max_retry_delay{60'000};
  std::uint64_t jitter_seed = 0;
  // Of one sweep. A trial costs about 2 kB of memory, and as much of database before it runs; what it is
  // evaluated on then takes most, about 150 bytes for each clip of the validation part.
  std::int64_t max_trials = 100'000;
  // Made at once: about 30 ms of work, for which everybody else waits.
  std::int64_t trials_at_once = 500;
  // Of one group, whatever a worker asks for: they go out in one message, at about 2 kB each.
  int max_group = 256;
  // The folder of the attempts' files, absolute (shared/artifacts/layout.h): what recorded paths begin with.
  std::filesystem::path artifacts{};
  // Of one attempt, by name. Running attempts keep their metrics' names in memory.
  std::int64_t max_metrics = 1'000;
};

}  // namespace melsweep::core
