#include "tests/simulation/running_trials.h"

#include "absl/strings/str_cat.h"

namespace melsweep::simulation {

void RunningTrials::start(Peer worker, TrialId trial) {
  for (std::size_t other = 0; other < running_.size(); ++other) {
    const std::optional<Running>& running = running_[other];
    if (static_cast<int>(other) == worker.number || !running || running->was_suspended) continue;
    if (running->trial != trial) continue;
    violations_.add(absl::StrCat("worker ", worker.number, " trains trial ", trial.value, " while worker ",
                                 other, " still trains it"));
  }
  running_[static_cast<std::size_t>(worker.number)] = Running{trial};
}

void RunningTrials::stop(Peer worker) {
  running_[static_cast<std::size_t>(worker.number)].reset();
}

void RunningTrials::suspend(Peer worker) {
  auto& running = running_[static_cast<std::size_t>(worker.number)];
  if (running) running->was_suspended = true;
}

}  // namespace melsweep::simulation
