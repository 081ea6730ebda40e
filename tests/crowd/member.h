// One of many agents in a process.
#pragma once

#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "tests/crowd/timed_link.h"
#include "worker/agent/agent.h"
#include "worker/agent/artifact_transfer.h"
#include "worker/agent/artifacts.h"
#include "worker/agent/inbox.h"
#include "worker/agent/trainer.h"

namespace melsweep::crowd {

// Prepares what it is asked to at once, and trains for ever.
class EndlessTrainer final : public agent::Trainer {
 public:
  explicit EndlessTrainer(agent::Inbox& inbox) : inbox_(inbox) {}

  absl::Status start() override;
  absl::Status tell(const protocol::Command& command) override;
  void kill() override;

 private:
  agent::Inbox& inbox_;
};

class NoArtifacts final : public agent::Artifacts {
 public:
  void discard(const std::filesystem::path&) override {}
};

// Never asked: the trainer makes no checkpoints.
class NoTransfer final : public agent::ArtifactTransfer {
 public:
  void store(const StoreId&, const ArtifactName&, const agent::LocalFile&) override {}
  void fetch(const StoreId&, const ArtifactName&, const std::string&, const std::filesystem::path&) override {
  }
  void cancel() override {}
};

// The real agent on a connection and a thread of its own, with a trainer that is none.
class Member {
 public:
  // `target`: the coordinator's HOST:PORT. Two members share a connection where theirs is the same text.
  Member(const std::string& target, const WorkerId& id);

  // Has it give its work back; join() returns when that is done.
  void leave() { inbox_.push(agent::StopRequested{}); }
  void join() { thread_.join(); }

  std::vector<Heartbeat> heartbeats() const { return link_.heartbeats(); }

 private:
  void run();

  const SystemClock clock_;
  agent::Inbox inbox_;
  EndlessTrainer trainer_{inbox_};
  NoArtifacts artifacts_;
  NoTransfer transfer_;
  TimedLink link_;
  std::thread thread_;
};

}  // namespace melsweep::crowd
