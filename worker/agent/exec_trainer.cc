#include "worker/agent/exec_trainer.h"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>

namespace melsweep::agent {
namespace {

constexpr int kCannotExec = 127;  // as a shell says it

}  // namespace

std::vector<std::string> exec_trainer_arguments(const std::vector<std::string>& command) {
  std::vector<std::string> arguments = {"/proc/self/exe", kExecTrainerFlag, std::to_string(::getpid())};
  arguments.insert(arguments.end(), command.begin(), command.end());
  return arguments;
}

int exec_trainer(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "%s takes a process id, a program and its arguments\n", kExecTrainerFlag);
    return 2;
  }
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  // The agent may have died before that.
  if (::getppid() != static_cast<pid_t>(std::strtol(argv[0], nullptr, 10))) return kCannotExec;
  // Slurm may send its warning to every process of a step: it is the agent's to act on.
  ::signal(SIGUSR1, SIG_IGN);
  // OpenMP's threads spin while they wait for each other. Beside other workers' on the same processors that
  // takes four times the time of the work itself; asleep they cost nothing.
  ::setenv("OMP_WAIT_POLICY", "passive", /*overwrite=*/0);
  ::execvp(argv[1], argv + 1);
  std::fprintf(stderr, "cannot start the trainer %s: %s\n", argv[1], ::strerror(errno));
  return kCannotExec;
}

}  // namespace melsweep::agent
