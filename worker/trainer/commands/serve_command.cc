#include "worker/trainer/commands/serve_command.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <torch/torch.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <memory>
#include <string>

#include "shared/files/places.h"
#include "shared/time/clock.h"
#include "worker/trainer/commands/device.h"
#include "worker/trainer/commands/serve_session.h"

namespace melsweep::commands {
namespace {

// More heads than that share little more than the reading of a few bottlenecks.
constexpr int kMaxGroup = 64;

struct ServeOptions {
  std::filesystem::path data_dir = files::default_worker_dir();
  unsigned threads = 0;
};

// The standard output as a descriptor that no library knows; whatever they print goes to standard error
// instead.
int take_over_stdout() {
  const int kept = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  if (kept >= 0) ::dup2(STDERR_FILENO, STDOUT_FILENO);
  return kept;
}

// What a signal handler can reach.
std::atomic<ServeSession*> session_to_end{nullptr};

void end_session(int /*signal*/) {
  const int before = errno;
  if (ServeSession* session = session_to_end.load()) session->interrupt();
  errno = before;
}

// While it exists, SIGTERM ends the session as the end of input does: what runs is stopped, and keeps what it
// has done.
class EndOnSigterm {
 public:
  explicit EndOnSigterm(ServeSession& session) {
    session_to_end = &session;
    struct sigaction action {};
    action.sa_handler = end_session;
    ::sigemptyset(&action.sa_mask);
    ::sigaction(SIGTERM, &action, &before_);
  }
  EndOnSigterm(const EndOnSigterm&) = delete;
  EndOnSigterm& operator=(const EndOnSigterm&) = delete;
  ~EndOnSigterm() {
    ::sigaction(SIGTERM, &before_, nullptr);
    session_to_end = nullptr;
  }

 private:
  struct sigaction before_ {};
};

int serve(const ServeOptions& options, const std::string& name) {
  const int out = take_over_stdout();
  if (out < 0) {
    fmt::print(stderr, "melsweep-trainer: no standard output to serve on\n");
    return 1;
  }
  // The agent's end shows as a failed write. Control-C is the agent's to act on: it drains, and ends the
  // trainer.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGINT, SIG_IGN);
  const Device device = choose_device(options.threads);
  const SystemClock clock;
  training::TrialRunner runner(
      {.data_dir = options.data_dir, .threads = options.threads, .device = device.torch_device}, clock);
  ServeSession session(runner, clock, {.in = STDIN_FILENO, .out = out});
  const EndOnSigterm end_on_sigterm(session);
  return session.run({.trainer = name, .device = device.name, .max_group = kMaxGroup}) ? 0 : 1;
}

}  // namespace

void add_serve_command(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<ServeOptions>();
  CLI::App* command =
      app.add_subcommand("serve", "Does what an agent asks, in JSON lines on standard input and output");
  command->add_option("--data-dir", options->data_dir, "Folder of the feature caches")->capture_default_str();
  command->add_option("--threads", options->threads,
                      "Threads to compute with (0: as many as the machine has)");
  const std::string name = fmt::format("{} {}", app.get_name(), app.version());
  command->callback([options, name, &exit_code] { exit_code = serve(*options, name); });
}

}  // namespace melsweep::commands
