// One of many workers in a process.
#pragma once

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "bench/dispatch/measured_link.h"
#include "bench/dispatch/noop_trainer.h"
#include "worker/agent/agent.h"
#include "worker/agent/inbox.h"

namespace melsweep::bench {

// The real agent on a connection and a thread of its own, with a trainer that does nothing.
class NoopWorker {
 public:
  // `target`: the coordinator's HOST:PORT. Two workers share a connection where theirs is the same text.
  NoopWorker(const std::string& target, const WorkerId& id, const NoopTrials& trials,
             FinishedTrials& finished);

  // Has it give its work back; join() returns when that is done.
  void leave() { inbox_.push(agent::StopRequested{}); }
  void join() { thread_.join(); }

  std::vector<std::chrono::milliseconds> heartbeats() const { return link_.heartbeats(); }

 private:
  void run();

  const SystemClock clock_;
  agent::Inbox inbox_;
  NoopTrainer trainer_;
  NoArtifacts artifacts_;
  NoopTransfer transfer_{inbox_};
  MeasuredLink link_;
  std::thread thread_;
};

}  // namespace melsweep::bench
