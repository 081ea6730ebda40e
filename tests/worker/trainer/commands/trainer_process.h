// The real melsweep-trainer, run by a test.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <string>
#include <vector>

#include "worker/trainer/protocol/codec.h"

extern char** environ;

namespace melsweep::commands {

// Its standard input and output are pipes of the test; its standard error is the test's, or joined to its
// output.
class TrainerProcess {
 public:
  enum class Stderr { kInherited, kJoined };

  explicit TrainerProcess(std::vector<std::string> arguments, Stderr errors = Stderr::kInherited) {
    std::signal(SIGPIPE, SIG_IGN);
    std::array<int, 2> in{};
    std::array<int, 2> out{};
    EXPECT_EQ(::pipe2(in.data(), O_CLOEXEC), 0);
    EXPECT_EQ(::pipe2(out.data(), O_CLOEXEC), 0);
    posix_spawn_file_actions_t actions{};
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    if (errors == Stderr::kJoined) ::posix_spawn_file_actions_adddup2(&actions, out[1], STDERR_FILENO);
    std::string program = MELSWEEP_TRAINER;
    std::vector<char*> argv = {program.data()};
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    EXPECT_EQ(::posix_spawn(&process_, program.c_str(), &actions, nullptr, argv.data(), environ), 0);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(in[0]);
    ::close(out[1]);
    input_ = in[1];
    output_ = out[0];
  }

  ~TrainerProcess() {
    close_input();
    close_output();
    if (process_ > 0) ::kill(process_, SIGKILL);
    if (process_ > 0) ::waitpid(process_, nullptr, 0);
  }

  TrainerProcess(const TrainerProcess&) = delete;
  TrainerProcess& operator=(const TrainerProcess&) = delete;

  void send(const std::string& line) {
    const std::string text = line + "\n";
    EXPECT_EQ(::write(input_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  void send(const protocol::Command& command) { send(protocol::encode(command)); }

  void signal(int number) const { ::kill(process_, number); }

  void close_input() { close(input_); }
  void close_output() { close(output_); }

  // The next line; empty at the end of output, or when none comes for two minutes.
  std::string line() {
    for (;;) {
      const std::size_t newline = buffer_.find('\n');
      if (newline != std::string::npos) {
        const std::string line = buffer_.substr(0, newline);
        buffer_.erase(0, newline + 1);
        return line;
      }
      pollfd source{output_, POLLIN, 0};
      if (::poll(&source, 1, 120000) <= 0) return "";
      std::array<char, 4096> bytes{};
      const ssize_t count = ::read(output_, bytes.data(), bytes.size());
      if (count <= 0) return "";
      buffer_.append(bytes.data(), static_cast<std::size_t>(count));
    }
  }

  protocol::Event event() {
    const std::string text = line();
    auto event = protocol::decode_event(text);
    EXPECT_TRUE(event.ok()) << "'" << text << "': " << event.status();
    return event.ok() ? *std::move(event) : protocol::Event(protocol::Stopped{});
  }

  // The next that ends a command.
  protocol::Event ending_event() {
    for (;;) {
      protocol::Event next = event();
      if (std::holds_alternative<protocol::DataPrepared>(next) ||
          std::holds_alternative<protocol::Finished>(next) ||
          std::holds_alternative<protocol::Failed>(next) || std::holds_alternative<protocol::Stopped>(next)) {
        return next;
      }
    }
  }

  // All output to its end.
  std::string rest() {
    std::string text;
    for (std::string next = line(); !next.empty(); next = line()) text += next + "\n";
    return text;
  }

  // Waits for its end: the exit status, or minus the signal.
  int wait() {
    int status = 0;
    EXPECT_EQ(::waitpid(process_, &status, 0), process_);
    process_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

 private:
  static void close(int& descriptor) {
    if (descriptor >= 0) ::close(descriptor);
    descriptor = -1;
  }

  pid_t process_ = -1;
  int input_ = -1;
  int output_ = -1;
  std::string buffer_;
};

}  // namespace melsweep::commands
