#include "tests/simulation/running_trials.h"

#include "absl/strings/str_cat.h"

namespace melsweep::simulation {

void RunningTrials::start(Peer worker, TrialId trial) {
  for (std::size_t other = 0; other < running_.size(); ++other) {
    if (static_cast<int>(other) == worker.number) continue;
    const auto same = running_[other].find(trial);
    if (same == running_[other].end() || same->second) continue;
    violations_.add(absl::StrCat("worker ", worker.number, " trains trial ", trial.value, " while worker ",
                                 other, " still trains it"));
  }
  on(worker)[trial] = false;
}

void RunningTrials::stop(Peer worker, TrialId trial) {
  on(worker).erase(trial);
}

void RunningTrials::stop_all(Peer worker) {
  on(worker).clear();
}

void RunningTrials::suspend(Peer worker) {
  for (auto& [trial, was_suspended] : on(worker)) was_suspended = true;
}

}  // namespace melsweep::simulation
