#include "worker/agent/child.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace melsweep::agent {
namespace {

// The read end and the write end; closed by exec.
struct Pipe {
  files::Descriptor read;
  files::Descriptor write;
};

absl::StatusOr<Pipe> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return absl::ErrnoToStatus(errno, "cannot make a pipe");
  return Pipe{files::Descriptor(ends[0]), files::Descriptor(ends[1])};
}

void set_nonblocking(const files::Descriptor& end) {
  ::fcntl(end.get(), F_SETFL, ::fcntl(end.get(), F_GETFL) | O_NONBLOCK);
}

// posix_spawn's two bundles of wishes.
class SpawnWishes {
 public:
  SpawnWishes() {
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
    sigset_t none;
    sigset_t all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setsigdefault(&attributes, &all);
    ::posix_spawnattr_setpgroup(&attributes, 0);
    ::posix_spawnattr_setflags(&attributes,
                               POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  ~SpawnWishes() {
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
  }
  SpawnWishes(const SpawnWishes&) = delete;
  SpawnWishes& operator=(const SpawnWishes&) = delete;

  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
};

}  // namespace

absl::StatusOr<Child> spawn_child(const std::vector<std::string>& arguments) {
  absl::StatusOr<Pipe> input = make_pipe();
  absl::StatusOr<Pipe> output = make_pipe();
  absl::StatusOr<Pipe> errors = make_pipe();
  for (const auto* pipe : {&input, &output, &errors}) {
    if (!pipe->ok()) return pipe->status();
  }
  SpawnWishes wishes;
  ::posix_spawn_file_actions_adddup2(&wishes.actions, input->read.get(), STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&wishes.actions, output->write.get(), STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&wishes.actions, errors->write.get(), STDERR_FILENO);
  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  Child child;
  const int error =
      ::posix_spawn(&child.pid, argv[0], &wishes.actions, &wishes.attributes, argv.data(), environ);
  if (error != 0) return absl::ErrnoToStatus(error, absl::StrCat("cannot start ", arguments.front()));
  child.input = std::move(input->write);
  child.output = std::move(output->read);
  child.errors = std::move(errors->read);
  set_nonblocking(child.input);
  set_nonblocking(child.output);
  set_nonblocking(child.errors);
  return child;
}

}  // namespace melsweep::agent
