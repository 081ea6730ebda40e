#include "client/scaling/engine_program.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "client/local/listened_program.h"

namespace melsweep::scaling {
namespace {

std::filesystem::path on_path(const std::string& program) {
  const char* path = std::getenv("PATH");
  if (path == nullptr) return {};
  for (const absl::string_view folder : absl::StrSplit(path, ':')) {
    std::filesystem::path candidate = std::filesystem::path(std::string(folder)) / program;
    if (::access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return {};
}

}  // namespace

absl::StatusOr<std::vector<std::string>> ask_program(const std::string& program,
                                                     const std::vector<std::string>& arguments) {
  const std::filesystem::path found = on_path(program);
  if (found.empty()) {
    return absl::NotFoundError(absl::StrCat("there is no ", program, " on this machine's PATH"));
  }
  std::vector<std::string> lines;
  const auto ended = local::listen_to(
      {.program = found, .arguments = arguments, .input = "", .heard = [&lines](const std::string& line) {
         lines.push_back(line);
       }});
  if (!ended.ok()) return ended.status();
  if (*ended == local::ExitStatus{}) return lines;
  return absl::UnavailableError(
      absl::StrCat(program, " ", absl::StrJoin(arguments, " "), " ended with ", ended->to_string()));
}

}  // namespace melsweep::scaling
