// The Trainer that is a real process.
#pragma once

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "shared/files/descriptor.h"
#include "worker/agent/inbox.h"
#include "worker/agent/trainer.h"
#include "worker/agent/trainer_listener.h"

namespace melsweep::agent {

// start() is called by one thread that outlives the process, because a process asks the kernel to die with
// the very thread that started it (exec_trainer.h). Destroyed, it kills the process and waits for its end.
class TrainerProcess final : public Trainer {
 public:
  // `arguments`: the program's path and its arguments. Events go to `inbox`, which outlives this and is
  // closed before this is destroyed; lines of the process's standard error go to `on_log_line`.
  TrainerProcess(std::vector<std::string> arguments, Inbox& inbox, OnLogLine on_log_line);
  ~TrainerProcess() override;
  TrainerProcess(const TrainerProcess&) = delete;
  TrainerProcess& operator=(const TrainerProcess&) = delete;

  absl::Status start() override;
  absl::Status tell(const protocol::Command& command) override;
  void kill() override;

 private:
  // Joins the threads of a process that has ended.
  void join();

  std::vector<std::string> arguments_;
  Inbox& inbox_;
  OnLogLine on_log_line_;

  files::Descriptor input_;
  std::unique_ptr<TrainerListener> listener_;
  std::thread listening_;
};

}  // namespace melsweep::agent
