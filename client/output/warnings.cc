#include "client/output/warnings.h"

#include <cstdint>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/output/terminal.h"

namespace melsweep::output {

std::vector<std::string> warning_lines(const std::vector<results::SweepSummary>& sweeps) {
  std::vector<std::string> warnings;
  std::map<std::string, std::vector<std::int64_t>> sweeps_of;
  for (const results::SweepSummary& sweep : sweeps) {
    for (const std::string& warning : sweep.warnings) {
      std::vector<std::int64_t>& those = sweeps_of[warning];
      if (those.empty()) warnings.push_back(warning);
      if (those.empty() || those.back() != sweep.id.value) those.push_back(sweep.id.value);
    }
  }
  std::vector<std::string> lines;
  for (const std::string& warning : warnings) {
    const std::vector<std::int64_t>& those = sweeps_of[warning];
    lines.push_back(absl::StrCat("warning: sweep", those.size() == 1 ? " " : "s ", absl::StrJoin(those, ", "),
                                 ": ", printable(warning)));
  }
  return lines;
}

}  // namespace melsweep::output
