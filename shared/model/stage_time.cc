#include "shared/model/stage_time.h"

#include <cmath>
#include <set>
#include <string_view>

namespace melsweep {
namespace {

constexpr double kMaxSeconds = 1e9;

bool is_count(std::int64_t items) {
  return items >= 0 && items <= kMaxStageItems;
}

std::string flaw_of(const StageTime& stage) {
  if (stage.stage.empty()) return "has a stage without a name";
  if (stage.stage.size() > kMaxStageNameBytes) {
    return "has a stage whose name is longer than " + std::to_string(kMaxStageNameBytes) + " bytes";
  }
  if (std::isnan(stage.seconds) || stage.seconds < 0.0 || stage.seconds > kMaxSeconds) {
    return "has the stage '" + stage.stage + "', whose seconds are no number from 0 to 1000000000";
  }
  if (!is_count(stage.made) || !is_count(stage.found)) {
    return "has the stage '" + stage.stage + "', which made or found less than 0 or more than " +
           std::to_string(kMaxStageItems) + " items";
  }
  return "";
}

}  // namespace

std::string stage_flaw(const std::vector<StageTime>& stages) {
  if (stages.size() > kMaxStages) {
    return "has " + std::to_string(stages.size()) + " stages; at most " + std::to_string(kMaxStages) +
           " are allowed";
  }
  std::set<std::string_view> names;
  for (const StageTime& stage : stages) {
    if (std::string flaw = flaw_of(stage); !flaw.empty()) return flaw;
    if (!names.insert(stage.stage).second) return "has the stage '" + stage.stage + "' twice";
  }
  return "";
}

}  // namespace melsweep
