#include "client/report/stage_groups.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

namespace melsweep::report {
namespace {

using results::StoryRun;

constexpr std::string_view kTraining = "training";
constexpr std::string_view kWaiting = "waiting for features";  // what it finds others have made meanwhile
constexpr std::string_view kOthers = "other stages";

// As a trial goes through them; others' come behind.
constexpr std::array<std::string_view, 10> kOrder = {
    "reading data",        "reading weights", kWaiting,     "spectrograms",      "bottlenecks",
    "reading checkpoints", kTraining,         "evaluating", "writing the model", "misclassified clips"};

std::size_t place_of(std::string_view stage) {
  return static_cast<std::size_t>(std::ranges::find(kOrder, stage) - kOrder.begin());
}

StageTime& stage_in(std::vector<StageTime>& stages, const std::string& name) {
  const auto known = std::ranges::find(stages, name, &StageTime::stage);
  return known != stages.end() ? *known : stages.emplace_back(StageTime{.stage = name});
}

StageTime stage_of(const StageGroup& group, std::string_view name) {
  const auto known = std::ranges::find(group.stages, name, &StageTime::stage);
  return known != group.stages.end() ? *known : StageTime{.stage = std::string(name)};
}

void add(const StoryRun& run, StageGroup& group) {
  group.is_fused = run.begun_together > 1;
  group.runs.push_back(&run);
  for (const StageTime& told : run.stages) {
    StageTime& stage = stage_in(group.stages, told.stage);
    stage.seconds = std::max(stage.seconds, told.seconds);
    stage.made = std::max(stage.made, told.made);
    stage.found = std::max(stage.found, told.found);
  }
}

void add(const StageTime& stage, StageTime& sum) {
  sum.seconds += stage.seconds;
  sum.made += stage.made;
  sum.found += stage.found;
}

void add(const StageGroup& group, Rate& rate) {
  const StageTime training = stage_of(group, kTraining);
  rate.trials += static_cast<std::int64_t>(group.runs.size());
  rate.steps += training.made;
  rate.seconds += training.seconds;
}

}  // namespace

std::vector<StageGroup> stage_groups(const Runs& runs) {
  std::map<std::string, StageGroup> by_name;
  for (const StoryRun* run : runs) {
    if (!run->stages.empty()) add(*run, by_name[run->group]);
  }
  std::vector<StageGroup> groups;
  groups.reserve(by_name.size());
  for (auto& [name, group] : by_name) groups.push_back(std::move(group));
  return groups;
}

std::vector<StageTime> added_up(const std::vector<StageGroup>& groups) {
  std::map<std::pair<std::size_t, std::string>, StageTime> sums;
  for (const StageGroup& group : groups) {
    for (const StageTime& stage : group.stages) {
      add(stage, sums[{place_of(stage.stage), stage.stage}]);
    }
  }
  std::vector<StageTime> in_order;
  for (auto& [name, sum] : sums) {
    if (in_order.size() < kMostStages) {
      sum.stage = name.second;
      in_order.push_back(std::move(sum));
    } else {
      add(sum, stage_in(in_order, std::string(kOthers)));
    }
  }
  return in_order;
}

std::vector<CacheUse> cache_uses(const std::vector<StageGroup>& groups) {
  std::vector<CacheUse> uses;
  for (const StageTime& sum : added_up(groups)) {
    if (sum.found == 0 || sum.stage == kWaiting || sum.stage == kOthers) continue;
    CacheUse use{.stage = sum.stage, .made = sum.made, .found = sum.found};
    double seconds = 0.0;
    for (const StageGroup& group : groups) {
      const StageTime stage = stage_of(group, sum.stage);
      if (stage.made > 0) seconds += stage.seconds;
    }
    if (use.made > 0) use.seconds_per_made = seconds / static_cast<double>(use.made);
    uses.push_back(std::move(use));
  }
  return uses;
}

Fusion fusion_of(const std::vector<StageGroup>& groups) {
  Fusion fusion;
  std::map<std::string, Rate> alone;  // by kind
  for (const StageGroup& group : groups) {
    add(group, group.is_fused ? fusion.fused : alone[group.runs.front()->kind]);
  }
  std::erase_if(alone, [](const auto& entry) { return !entry.second.is_known(); });
  std::set<std::string> compared;
  for (const StageGroup& group : groups) {
    const auto is_known = [&](const StoryRun* run) { return alone.contains(run->kind); };
    if (!group.is_fused || !std::ranges::all_of(group.runs, is_known)) continue;
    fusion.fused_s += stage_of(group, kTraining).seconds;
    for (const StoryRun* run : group.runs) {
      fusion.alone_s += static_cast<double>(run->steps) / alone[run->kind].per_second();
      compared.insert(run->kind);
    }
  }
  for (const std::string& kind : compared) {
    fusion.alone.trials += alone[kind].trials;
    fusion.alone.steps += alone[kind].steps;
    fusion.alone.seconds += alone[kind].seconds;
  }
  return fusion;
}

}  // namespace melsweep::report
