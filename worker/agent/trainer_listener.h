// Hears a trainer's process until its end.
#pragma once

#include <sys/types.h>

#include <functional>
#include <mutex>
#include <string_view>

#include "worker/agent/child.h"
#include "worker/agent/inbox.h"
#include "worker/agent/last_words.h"
#include "worker/agent/line_splitter.h"

namespace melsweep::agent {

using OnLogLine = std::function<void(std::string_view)>;

// listen() runs on a thread of its own and returns when the process is gone and reaped; kill() may be called
// from any other.
class TrainerListener {
 public:
  // `inbox` outlives this. `on_log_line` gets each line of the process's standard error, on the listening
  // thread.
  TrainerListener(pid_t pid, Descriptor output, Descriptor errors, Inbox& inbox, OnLogLine on_log_line);

  void listen();

  // Kills the process's whole group, unless it has ended.
  void kill();

 private:
  void wait_for_streams(int ended_event);
  bool read_output();
  bool read_errors();
  void hear(std::string_view line);
  void log(std::string_view line);
  void break_off(absl::Status status);
  ProcessEnd reap();

  pid_t pid_;
  Descriptor output_;
  Descriptor errors_;
  Inbox& inbox_;
  OnLogLine on_log_line_;
  LineSplitter output_lines_;
  LineSplitter error_lines_;
  LastWords last_words_;
  bool broken_ = false;  // nothing more that it says counts

  std::mutex reaping_;
  bool reaped_ = false;
};

}  // namespace melsweep::agent
