// Members and workers as engines and coordinators list them.
#pragma once

#include <string>

#include "client/scaling/fleet.h"
#include "shared/results/results.h"

namespace melsweep::scaling {

inline Member begun(const std::string& name) {
  return {name, true};
}

inline Member waiting(const std::string& name) {
  return {name, false};
}

// The worker of that member.
inline results::WorkerSummary idle_worker(const std::string& member) {
  results::WorkerSummary worker;
  worker.id = {member + "-0a1b2c3d"};
  worker.alive = true;
  return worker;
}

inline results::WorkerSummary busy_worker(const std::string& member, std::int64_t done = 1) {
  results::WorkerSummary worker = idle_worker(member);
  worker.trial = TrialId{7};
  worker.progress = {"training", done, 100};
  return worker;
}

inline results::WorkerSummary leaving_worker(const std::string& member) {
  results::WorkerSummary worker = busy_worker(member);
  worker.draining = true;
  return worker;
}

}  // namespace melsweep::scaling
