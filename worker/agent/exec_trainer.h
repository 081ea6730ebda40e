// The moment between posix_spawn and the trainer's own program.
#pragma once

#include <string>
#include <vector>

namespace melsweep::agent {

// melsweep-worker calls itself so: "<self> --exec-trainer <pid of the agent> PROGRAM ARGUMENTS...".
inline constexpr char kExecTrainerFlag[] = "--exec-trainer";

// The arguments that start `command` (a program and its arguments) under this process.
std::vector<std::string> exec_trainer_arguments(const std::vector<std::string>& command);

// Asks the kernel to kill this process when the agent dies (posix_spawn cannot), and becomes the program, so
// that a trainer never outlives its agent, whatever language it is written in. SIGUSR1, which drains the
// agent, is ignored by the program unless it asks for it. The arguments are those after
// the flag. Returns an exit code only where that fails, with the reason on standard error.
int exec_trainer(int argc, char** argv);

}  // namespace melsweep::agent
