#include "client/local/child_process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace melsweep::local {
namespace {

ExitStatus decode(int status) {
  if (WIFSIGNALED(status)) return {.code = 0, .signal = WTERMSIG(status)};
  return {.code = WEXITSTATUS(status), .signal = 0};
}

// posix_spawn's two option objects, freed together.
struct SpawnOptions {
  posix_spawn_file_actions_t actions{};
  posix_spawnattr_t attributes{};

  SpawnOptions() {
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
  }
  ~SpawnOptions() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
  SpawnOptions(const SpawnOptions&) = delete;
  SpawnOptions& operator=(const SpawnOptions&) = delete;
};

}  // namespace

std::string ExitStatus::to_string() const {
  if (signal != 0) return absl::StrCat("signal ", signal, " (", ::strsignal(signal), ")");
  return absl::StrCat("exit code ", code);
}

absl::StatusOr<ChildProcess> ChildProcess::start(const std::filesystem::path& program,
                                                 const std::vector<std::string>& arguments,
                                                 const std::filesystem::path& log) {
  SpawnOptions options;
  posix_spawn_file_actions_addopen(&options.actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  if (!log.empty()) {
    posix_spawn_file_actions_addopen(&options.actions, STDERR_FILENO, log.c_str(),
                                     O_WRONLY | O_CREAT | O_APPEND, 0644);
  }
  posix_spawn_file_actions_adddup2(&options.actions, STDERR_FILENO, STDOUT_FILENO);
  // The signals that InterruptWatch blocks here must reach the child.
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&options.attributes, &none);
  posix_spawnattr_setpgroup(&options.attributes, 0);
  posix_spawnattr_setflags(&options.attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);

  std::vector<std::string> words = {program.string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);

  pid_t pid = 0;
  const int error =
      ::posix_spawn(&pid, program.c_str(), &options.actions, &options.attributes, argv.data(), environ);
  if (error != 0) return absl::Status(absl::ErrnoToStatusCode(error), cannot_start(program, error));
  return ChildProcess(pid);
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, 0)), ended_(std::exchange(other.ended_, std::nullopt)) {}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(ended_, other.ended_);
  return *this;
}

ChildProcess::~ChildProcess() {
  if (pid_ == 0 || ended_) return;
  ::kill(pid_, SIGKILL);
  wait();
}

void ChildProcess::send(int signal) {
  if (!poll()) ::kill(pid_, signal);
}

std::optional<ExitStatus> ChildProcess::poll() {
  assert(pid_ != 0);
  if (ended_) return ended_;
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) == pid_) ended_ = decode(status);
  return ended_;
}

ExitStatus ChildProcess::wait() {
  assert(pid_ != 0);
  while (!ended_) {
    int status = 0;
    if (::waitpid(pid_, &status, 0) == pid_) {
      ended_ = decode(status);
    } else if (errno != EINTR) {
      ended_ = ExitStatus{.code = 127, .signal = 0};  // reaped elsewhere: its end cannot be known
    }
  }
  return *ended_;
}

std::filesystem::path sibling_program(const std::string& name) {
  std::error_code error;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? std::filesystem::path(name) : self.parent_path() / name;
}

std::string cannot_start(const std::filesystem::path& program, int error) {
  std::string what = absl::StrCat("cannot start ", program.string(), ": ", std::strerror(error));
  if (error != ENOENT) return what;
  return absl::StrCat(
      what, "; it belongs beside melsweep: on Debian install melsweep-coordinator and melsweep-worker");
}

}  // namespace melsweep::local
