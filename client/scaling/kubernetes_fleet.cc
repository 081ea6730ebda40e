#include "client/scaling/kubernetes_fleet.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/scaling/engine_program.h"

namespace melsweep::scaling {
namespace {

// A line for each pod: its name, its phase, and when it was told to end, if it was.
constexpr char kPodLines[] =
    R"(jsonpath={range .items[*]}{.metadata.name}{" "}{.status.phase}{" "}{.metadata.deletionTimestamp}{"\n"}{end})";

// kubectl would wait for ever for a cluster that does not answer; Slurm's programs do not.
constexpr char kTimeout[] = "--request-timeout=30s";

}  // namespace

absl::StatusOr<std::vector<std::string>> KubernetesFleet::kubectl(
    const std::vector<std::string>& arguments) const {
  std::vector<std::string> all = {kTimeout};  // first, so that another one of the user's counts
  all.insert(all.end(), options_.kubectl.begin(), options_.kubectl.end());
  all.insert(all.end(), arguments.begin(), arguments.end());
  return ask_program("kubectl", all);
}

absl::StatusOr<std::vector<Member>> KubernetesFleet::members() {
  const auto lines =
      kubectl({"get", "pods", absl::StrCat("--selector=app.kubernetes.io/name=", options_.deployment),
               absl::StrCat("--output=", kPodLines)});
  if (!lines.ok()) return lines.status();
  std::vector<Member> members;
  for (const std::string& line : *lines) {
    const std::vector<std::string> parts = absl::StrSplit(line, ' ', absl::SkipEmpty());
    const bool stays = parts.size() == 2 && (parts[1] == "Running" || parts[1] == "Pending");
    if (stays) members.push_back({parts[0], parts[1] == "Running"});
  }
  return members;
}

absl::Status KubernetesFleet::scale_to(int replicas) const {
  return kubectl({"scale", absl::StrCat("deployment/", options_.deployment),
                  absl::StrCat("--replicas=", replicas)})
      .status();
}

absl::Status KubernetesFleet::start(int count) {
  if (count <= 0) return absl::OkStatus();
  const auto there = members();
  if (!there.ok()) return there.status();
  return scale_to(static_cast<int>(there->size()) + count);
}

absl::Status KubernetesFleet::withdraw(const std::vector<std::string>& names) {
  if (names.empty()) return absl::OkStatus();
  const auto there = members();
  if (!there.ok()) return there.status();
  for (const std::string& name : names) {
    const auto marked = kubectl({"annotate", "--overwrite", absl::StrCat("pod/", name),
                                 "controller.kubernetes.io/pod-deletion-cost=-1000"});
    if (!marked.ok()) return marked.status();
  }
  return scale_to(std::max(static_cast<int>(there->size() - names.size()), 0));
}

}  // namespace melsweep::scaling
