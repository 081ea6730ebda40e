#include "client/scaling/slurm_fleet.h"

#include <string_view>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "client/scaling/engine_program.h"

namespace melsweep::scaling {
namespace {

// As worker.sbatch has them.
constexpr char kJobName[] = "melsweep-worker";
constexpr std::string_view kNamePrefix = "slurm-";

// "12-3" of "slurm-12-3" is task 3 of array 12.
std::string job_of(const std::string& member) {
  return absl::StrReplaceAll(member.substr(kNamePrefix.size()), {{"-", "_"}});
}

bool waits(absl::string_view state) {
  return absl::StartsWith(state, "PENDING") || absl::StartsWith(state, "REQUEUE");
}

}  // namespace

absl::StatusOr<std::vector<Member>> SlurmFleet::members() {
  const auto lines =
      ask_program("squeue", {"--me", "--noheader", "--array", "--name", kJobName, "--format", "%F %K %T"});
  if (!lines.ok()) return lines.status();
  std::vector<Member> members;
  for (const std::string& line : *lines) {
    const std::vector<std::string> parts = absl::StrSplit(line, ' ', absl::SkipEmpty());
    if (parts.size() != 3 || parts[2] == "COMPLETING") continue;
    const std::string task = parts[1] == "N/A" ? "0" : parts[1];
    members.push_back({absl::StrCat(std::string(kNamePrefix), parts[0], "-", task), !waits(parts[2])});
  }
  return members;
}

absl::Status SlurmFleet::start(int count) {
  if (count <= 0) return absl::OkStatus();
  std::vector<std::string> arguments = {
      "--parsable", absl::StrCat("--array=0-", count - 1),
      absl::StrCat("--export=ALL,MELSWEEP_COORDINATOR=", options_.coordinator)};
  arguments.insert(arguments.end(), options_.sbatch.begin(), options_.sbatch.end());
  arguments.push_back(options_.script.string());
  arguments.insert(arguments.end(), options_.worker.begin(), options_.worker.end());
  return ask_program("sbatch", arguments).status();
}

absl::Status SlurmFleet::withdraw(const std::vector<std::string>& names) {
  if (names.empty()) return absl::OkStatus();
  std::vector<std::string> jobs;
  jobs.reserve(names.size());
  for (const std::string& name : names) jobs.push_back(job_of(name));
  return ask_program("scancel", jobs).status();
}

}  // namespace melsweep::scaling
