#include "shared/spec/settings_check.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "shared/spec/problem_list.h"
#include "shared/spec/schema_explanation.h"
#include "shared/spec/settings_json.h"
#include "shared/spec/tree.h"

namespace melsweep::spec {

absl::Status check_settings(const TrialSettings& settings) {
  // As the sections of a sweep that has no others: what the schema then finds missing is not asked about.
  const Node sections = node_from(to_json(settings));
  ProblemList problems({""});
  explain(sections, problems);
  const bool good =
      std::none_of(sections.members.begin(), sections.members.end(),
                   [&](const Node::Member& section) { return problems.touches({section.key}); });
  if (good) return absl::OkStatus();
  // The sections are looked at before what is missing.
  return absl::InvalidArgumentError(problems.sorted().front().to_string());
}

}  // namespace melsweep::spec
