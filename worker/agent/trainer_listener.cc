#include "worker/agent/trainer_listener.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "worker/trainer/protocol/codec.h"

namespace melsweep::agent {
namespace {

constexpr std::size_t kMaxLogLineBytes = 8 << 10;               // longer ones are logged in pieces
constexpr std::chrono::milliseconds kDeathAfterSilence{2'000};  // closing the output is taken for leaving
constexpr int kFinalReads = 32;  // what the pipe held when the process died: 64 KiB each

// Reads once. False at the end of the stream, or where nothing is there now.
template <class OnBytes>
bool read_once(const files::Descriptor& stream, bool* at_end, const OnBytes& on_bytes) {
  std::array<char, 64 << 10> buffer;
  const ssize_t count = ::read(stream.get(), buffer.data(), buffer.size());
  if (count > 0) {
    on_bytes(std::string_view(buffer.data(), static_cast<std::size_t>(count)));
    return true;
  }
  *at_end = count == 0 || (errno != EAGAIN && errno != EINTR);
  return false;
}

// Blocks until the process has ended, and leaves it to be reaped, so that its pid names nobody else
// meanwhile.
void wait_for_end(pid_t pid) {
  siginfo_t info;
  while (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
  }
}

void signal_event(int event) {
  const std::uint64_t one = 1;
  while (::write(event, &one, sizeof one) < 0 && errno == EINTR) {
  }
}

}  // namespace

TrainerListener::TrainerListener(Child child, files::Descriptor ended, Inbox& inbox, OnLogLine on_log_line)
    : pid_(child.pid),
      output_(std::move(child.output)),
      errors_(std::move(child.errors)),
      ended_(std::move(ended)),
      inbox_(inbox),
      on_log_line_(std::move(on_log_line)),
      output_lines_(protocol::kMaxLineBytes),
      error_lines_(kMaxLogLineBytes) {}

void TrainerListener::listen() {
  // A thread rather than the end of the streams tells of the death: what the process started may keep them
  // open.
  std::thread watcher([&] {
    wait_for_end(pid_);
    signal_event(ended_.get());
  });
  wait_for_streams();
  watcher.join();
  kill();  // what is left of its group
  for (int i = 0; i < kFinalReads && read_output(); ++i) {
  }
  for (int i = 0; i < kFinalReads && read_errors(); ++i) {
  }
  error_lines_.finish([&](std::string_view line) { log(line); });
  inbox_.push(TrainerEnded{reap()});
}

// Until the process has ended.
void TrainerListener::wait_for_streams() {
  while (true) {
    // A negative descriptor is one that poll passes over.
    pollfd waiting[] = {{ended_.get(), POLLIN, 0}, {output_.get(), POLLIN, 0}, {errors_.get(), POLLIN, 0}};
    const int ready = ::poll(waiting, 3, poll_timeout_ms());
    // Whatever else it does meanwhile: a log that goes on is no life sign.
    if (death_due_ && clock_.now().monotonic >= *death_due_) {
      break_off(absl::UnavailableError("it closed its standard output and goes on"));
    }
    if (ready <= 0) continue;
    if (waiting[1].revents != 0) read_output();
    if (waiting[2].revents != 0) read_errors();
    if (waiting[0].revents != 0) return;
  }
}

int TrainerListener::poll_timeout_ms() const {
  if (!death_due_ || broken_) return -1;
  const auto left = *death_due_ - clock_.now().monotonic;
  return static_cast<int>(std::max(left, std::chrono::milliseconds(0)).count());
}

// Both: whether there may be more. A stream at its end is closed.
bool TrainerListener::read_output() {
  bool at_end = false;
  const bool more = output_.get() >= 0 && read_once(output_, &at_end, [&](std::string_view bytes) {
                      const bool fits = output_lines_.add(bytes, [&](std::string_view line) { hear(line); });
                      if (!fits)
                        break_off(absl::InvalidArgumentError(
                            absl::StrCat("a line longer than ", protocol::kMaxLineBytes, " bytes")));
                    });
  if (at_end) {
    output_.reset();
    death_due_ = clock_.now().monotonic + kDeathAfterSilence;
  }
  return more;
}

bool TrainerListener::read_errors() {
  bool at_end = false;
  const auto log_line = [&](std::string_view line) { log(line); };
  const bool more = errors_.get() >= 0 && read_once(errors_, &at_end, [&](std::string_view bytes) {
                      while (!bytes.empty()) {
                        const std::string_view piece = bytes.substr(0, kMaxLogLineBytes / 2);
                        if (error_lines_.unfinished_bytes() > kMaxLogLineBytes / 2)
                          error_lines_.finish(log_line);
                        error_lines_.add(piece, log_line);
                        bytes.remove_prefix(piece.size());
                      }
                    });
  if (at_end) errors_.reset();
  return more;
}

void TrainerListener::log(std::string_view line) {
  last_words_.add(line);
  on_log_line_(line);
}

void TrainerListener::hear(std::string_view line) {
  if (broken_ || line.empty()) return;
  absl::StatusOr<protocol::Event> event = protocol::decode_event(line);
  if (!event.ok()) {
    break_off(event.status());
    return;
  }
  inbox_.push_patiently(TrainerSaid{*std::move(event)});
}

void TrainerListener::break_off(absl::Status status) {
  if (broken_) return;
  broken_ = true;
  inbox_.push_patiently(TrainerBroke{std::move(status)});
}

void TrainerListener::kill() {
  const std::lock_guard lock(reaping_);
  if (!reaped_) ::kill(-pid_, SIGKILL);
}

ProcessEnd TrainerListener::reap() {
  const std::lock_guard lock(reaping_);
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  reaped_ = true;
  ProcessEnd end;
  if (WIFSIGNALED(status)) {
    end.signal = WTERMSIG(status);
  } else {
    end.exit_code = WEXITSTATUS(status);
  }
  end.last_words = last_words_.text();
  return end;
}

}  // namespace melsweep::agent
