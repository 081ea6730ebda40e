// A program started by this one.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace melsweep::local {

// How a program ended: an exit code, or the signal that killed it.
struct ExitStatus {
  int code = 0;
  int signal = 0;  // 0 = it exited by itself

  friend bool operator==(const ExitStatus&, const ExitStatus&) = default;

  // "exit code 1", "signal 9 (Killed)"
  std::string to_string() const;
};

// Owns a child: destroyed while it runs, the child is killed and reaped. Not thread-safe.
class ChildProcess {
 public:
  // Starts the program with these arguments and standard input from /dev/null. What it prints goes to our
  // standard error, so that standard output stays ours; where `log` is given it is appended to that file
  // instead. The child has its own process group, so that Ctrl-C at the terminal reaches only us.
  static absl::StatusOr<ChildProcess> start(const std::filesystem::path& program,
                                            const std::vector<std::string>& arguments,
                                            const std::filesystem::path& log = {});

  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&& other) noexcept;
  ~ChildProcess();

  pid_t pid() const { return pid_; }

  // Sends the signal to the child; nothing happens when it has ended.
  void send(int signal);

  // The end, once it came; does not wait.
  std::optional<ExitStatus> poll();

  // Waits for the end.
  ExitStatus wait();

  // From now on the child is nobody's: it goes on after us. Nothing else may be called then.
  void let_go() { pid_ = 0; }

 private:
  explicit ChildProcess(pid_t pid) : pid_(pid) {}

  pid_t pid_ = 0;  // 0 = moved from
  std::optional<ExitStatus> ended_;
};

// The program of this name beside the running one: build/release/bin/melsweep finds
// build/release/bin/melsweep-worker.
std::filesystem::path sibling_program(const std::string& name);

// Why such a program cannot be started, by the system's error number, and what can be done.
std::string cannot_start(const std::filesystem::path& program, int error);

}  // namespace melsweep::local
