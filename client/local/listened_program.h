// A program that is run to its end for what it prints.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/local/child_process.h"

namespace melsweep::local {

struct Listening {
  std::filesystem::path program;
  std::vector<std::string> arguments;
  std::string input;  // all of its standard input
  std::function<void(const std::string& line)>
      heard;  // each line of its standard output, without the newline
};

// Runs it in our process group, so that Ctrl-C at the terminal reaches it too, with our standard error.
// Returns how it ended; the system's reason where it cannot be started or heard.
absl::StatusOr<ExitStatus> listen_to(const Listening& what);

}  // namespace melsweep::local
