#include "worker/agent/trainer_process.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/status/status.h"
#include "worker/agent/child.h"
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
  files::Descriptor ended(::eventfd(0, EFD_CLOEXEC));
  if (!ended.is_open()) return absl::ErrnoToStatus(errno, "cannot watch for the trainer's end");
  absl::StatusOr<Child> child = spawn_child(arguments_);
  if (!child.ok()) return child.status();
  input_ = std::move(child->input);
  listener_ = std::make_unique<TrainerListener>(*std::move(child), std::move(ended), inbox_, on_log_line_);
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
