// Hears a trainer's process until its end.
#pragma once

#include <sys/types.h>

#include <functional>
#include <mutex>
#include <optional>
#include <string_view>

#include "shared/files/descriptor.h"
#include "shared/time/clock.h"
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
  // thread. `ended` is an eventfd of this listener's own.
  TrainerListener(Child child, files::Descriptor ended, Inbox& inbox, OnLogLine on_log_line);

  void listen();

  // Kills the process's whole group, unless it has ended.
  void kill();

 private:
  void wait_for_streams();
  int poll_timeout_ms() const;
  bool read_output();
  bool read_errors();
  void hear(std::string_view line);
  void log(std::string_view line);
  void break_off(absl::Status status);
  ProcessEnd reap();

  pid_t pid_;
  files::Descriptor output_;
  files::Descriptor errors_;
  files::Descriptor ended_;  // readable once the process has ended
  Inbox& inbox_;
  OnLogLine on_log_line_;
  LineSplitter output_lines_;
  LineSplitter error_lines_;
  LastWords last_words_;
  bool broken_ = false;  // nothing more that it says counts
  SystemClock clock_;
  std::optional<MonotonicTime> death_due_;  // set when the output is closed: by then it is gone, or broken

  std::mutex reaping_;
  bool reaped_ = false;
};

}  // namespace melsweep::agent
