#include "worker/agent/trainer_process.h"

#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "worker/agent/trainer_listener.h"
#include "worker/trainer/protocol/codec.h"

namespace melsweep::agent {

TrainerProcess::TrainerProcess(std::vector<std::string> arguments, Inbox& inbox, OnLogLine on_log_line)
    : arguments_(std::move(arguments)), inbox_(inbox), on_log_line_(std::move(on_log_line)) {}

TrainerProcess::~TrainerProcess() {
  kill();
  join();
}

absl::Status TrainerProcess::start() {
  join();
  absl::StatusOr<Child> child = spawn_child(arguments_);
  if (!child.ok()) return child.status();
  input_ = std::move(child->input);
  listener_ = std::make_unique<TrainerListener>(child->pid, std::move(child->output),
                                                std::move(child->errors), inbox_, on_log_line_);
  listening_ = std::thread([this] { listener_->listen(); });
  return absl::OkStatus();
}

absl::Status TrainerProcess::tell(const protocol::Command& command) {
  const std::string line = protocol::encode(command) + "\n";
  std::size_t written = 0;
  while (written < line.size()) {
    const ssize_t count = ::write(input_.get(), line.data() + written, line.size() - written);
    if (count > 0) {
      written += static_cast<std::size_t>(count);
    } else if (errno == EAGAIN) {
      return absl::UnavailableError("the trainer does not read its standard input");
    } else if (errno != EINTR) {
      return absl::ErrnoToStatus(errno, "cannot write to the trainer");
    }
  }
  return absl::OkStatus();
}

void TrainerProcess::kill() {
  if (listener_) listener_->kill();
}

void TrainerProcess::join() {
  if (listening_.joinable()) listening_.join();
  input_.reset();
  listener_.reset();
}

}  // namespace melsweep::agent
