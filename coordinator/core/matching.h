// Which work goes out next, and to whom.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "coordinator/core/state.h"
#include "coordinator/core/work_key.h"
#include "shared/model/ids.h"
#include "shared/time/clock.h"

namespace melsweep::core {

// The worker has what the sweep asks for.
bool suits(const SweepEntry& sweep, const WorkerEntry& worker);

// How many more trials of the sweep may run now.
std::int64_t trials_free(const SweepEntry& sweep);

// Of one moment: who works for whom, and who is there and to stay. Looked up once, kept by note_start().
class Crews {
 public:
  Crews(const State& state, MonotonicTime now) : state_(state), now_(now) {}

  // The workers that suit a sweep.
  struct Crew {
    int idle = 0;  // they have nothing, or ask for more
    int busy = 0;
  };
  const Crew& of(SweepId sweep);

  // Workers that hold work of the sweep, or of another one of its study.
  std::int64_t working_for(const SweepEntry& sweep);

  // The worker, which waited, is about to be given work of the sweep.
  void note_start(const WorkerId& worker, const SweepEntry& sweep);

 private:
  void count_working();

  const State& state_;
  MonotonicTime now_;
  std::map<SweepId, Crew> crews_;
  std::optional<std::map<SweepId, std::int64_t>> working_;  // by study, or sweep that is in none
};

// What goes out next, of all that is ready, may run and suits somebody who waits.
std::optional<WorkKey> next_work(const State& state, Crews& crews);

// Whether next_work() has any.
bool can_lease_now(const State& state);

// Who of those that wait and suit gets the work; nothing where it is to wait for somebody else.
std::optional<WorkerId> choose_worker(const State& state, const WorkKey& key, MonotonicTime now);

// "it asks for 1 GPU of at least 8GiB, and no worker has that: there are ..." of a sweep that has work for
// workers, where none that is there suits but some are there; else empty.
std::string unmet_request(const State& state, const SweepEntry& sweep, MonotonicTime now);

}  // namespace melsweep::core
