#include "client/local/listened_program.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "absl/status/status.h"
#include "shared/files/descriptor.h"

namespace melsweep::local {
namespace {

using files::Descriptor;

absl::Status failed(const std::string& doing) {
  return absl::ErrnoToStatus(errno, doing);
}

// A file in memory, standing at its beginning: unlike a pipe it takes any length before anybody reads.
absl::StatusOr<Descriptor> file_of(const std::string& content) {
  Descriptor file(::memfd_create("input", MFD_CLOEXEC));
  if (file.get() < 0) return failed("cannot make a file in memory");
  std::size_t done = 0;
  while (done < content.size()) {
    const ssize_t wrote = ::write(file.get(), content.data() + done, content.size() - done);
    if (wrote < 0 && errno != EINTR) return failed("cannot write to a file in memory");
    if (wrote > 0) done += static_cast<std::size_t>(wrote);
  }
  if (::lseek(file.get(), 0, SEEK_SET) < 0) return failed("cannot rewind a file in memory");
  return file;
}

absl::StatusOr<pid_t> spawn(const Listening& what, const Descriptor& input, const Descriptor& output) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input.get(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output.get(), STDOUT_FILENO);
  std::vector<std::string> words = {what.program.string()};
  words.insert(words.end(), what.arguments.begin(), what.arguments.end());
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_t pid = 0;
  const int error = ::posix_spawn(&pid, what.program.c_str(), &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error == 0) return pid;
  return absl::Status(absl::ErrnoToStatusCode(error), cannot_start(what.program, error));
}

// Until the writer has gone.
absl::Status hear(const Descriptor& from, const std::function<void(const std::string&)>& heard) {
  std::array<char, 65536> bytes{};
  std::string line;
  while (true) {
    const ssize_t count = ::read(from.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed("cannot read what the program prints");
    if (count == 0) break;
    for (const char byte : std::string_view(bytes.data(), static_cast<std::size_t>(count))) {
      if (byte != '\n') {
        line += byte;
        continue;
      }
      heard(line);
      line.clear();
    }
  }
  if (!line.empty()) heard(line);
  return absl::OkStatus();
}

ExitStatus wait_for(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFSIGNALED(status)) return {.code = 0, .signal = WTERMSIG(status)};
  return {.code = WEXITSTATUS(status), .signal = 0};
}

}  // namespace

absl::StatusOr<ExitStatus> listen_to(const Listening& what) {
  absl::StatusOr<Descriptor> input = file_of(what.input);
  if (!input.ok()) return input.status();
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return failed("cannot make a pipe");
  const Descriptor from(ends[0]);
  Descriptor to(ends[1]);
  const absl::StatusOr<pid_t> pid = spawn(what, *input, to);
  if (!pid.ok()) return pid.status();
  to.reset();  // so that the end shows when the program's own is closed
  const absl::Status status = hear(from, what.heard);
  const ExitStatus end = wait_for(*pid);
  if (!status.ok()) return status;
  return end;
}

}  // namespace melsweep::local
