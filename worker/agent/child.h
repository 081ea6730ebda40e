// A child process with pipes to its standard streams.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "shared/files/descriptor.h"

namespace melsweep::agent {

struct Child {
  pid_t pid = 0;
  files::Descriptor input;   // to its standard input
  files::Descriptor output;  // from its standard output
  files::Descriptor errors;  // from its standard error
};

// Starts arguments[0] (a path) with posix_spawn, which is safe beside gRPC's threads where fork is not, in a
// process group of its own, with every signal as by default. Our ends do not block and are closed in the
// child. An error names the program and the system's reason.
absl::StatusOr<Child> spawn_child(const std::vector<std::string>& arguments);

}  // namespace melsweep::agent
