#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/report/findings.h"
#include "client/report/run_times.h"
#include "client/report/sections.h"
#include "client/report/text.h"

namespace melsweep::report {
namespace {

using results::StoryRun;
using results::SweepStory;

DataTable sweeps_table(const results::Story& story) {
  DataTable table{
      .key = "timing-sweeps",
      .caption = "Time of each sweep",
      .columns = {"sweep", "name", "trials run", "groups", "taken over", "first start to last end (s)",
                  "worker time (s)", "attempts failed", "lost", "given back"},
      .rows = {}};
  for (const SweepStory& sweep : story.sweeps) {
    const Runs runs = own_runs(sweep);
    std::set<std::string> groups;
    for (const StoryRun* run : runs) groups.insert(run->group);
    Cell wall = empty_cell();
    if (!runs.empty()) {
      const auto first = std::ranges::min(runs, {}, &StoryRun::started_ms)->started_ms;
      const auto last = std::ranges::max(runs, {}, &StoryRun::ended_ms)->ended_ms;
      wall = seconds_cell(in_seconds(last - first));
    }
    table.rows.push_back({count_cell(sweep.summary.id.value), text_cell(name(sweep.summary.name)),
                          count_cell(static_cast<std::int64_t>(runs.size())),
                          count_cell(static_cast<std::int64_t>(groups.size())),
                          count_cell(sweep.summary.trials_reused), std::move(wall),
                          seconds_cell(worker_time_s(runs)), count_cell(sweep.attempts_failed),
                          count_cell(sweep.attempts_lost), count_cell(sweep.attempts_released)});
  }
  return table;
}

DataTable workers_table(const results::Story& story) {
  DataTable table{.key = "timing-workers",
                  .caption = "Workers",
                  .columns = {"worker", "host", "device", "trials", "worker time (s)"},
                  .rows = {}};
  std::map<std::string, Runs> runs_of;
  for (const StoryRun* run : own_runs(story)) runs_of[run->worker].push_back(run);
  for (const auto& [id, runs] : runs_of) {
    table.rows.push_back(
        {text_cell(name(id)), text_cell(name(runs.front()->host)), text_cell(name(runs.front()->device)),
         count_cell(static_cast<std::int64_t>(runs.size())), seconds_cell(worker_time_s(runs))});
  }
  return table;
}

std::string cost_text(double hours, double price) {
  const std::string time = absl::StrCat(fixed(hours, 3), " worker hours");
  if (price <= 0.0) return absl::StrCat("Cost: ", time, "; with --price-per-hour they become money.");
  return absl::StrFormat("Cost: %s at %g an hour each: %s.", time, price, fixed(hours * price, 2));
}

}  // namespace

double worker_seconds(const SweepStory& sweep) {
  return worker_time_s(own_runs(sweep));
}

std::vector<Block> timing_tables(const results::Story& story) {
  std::vector<Block> tables;
  tables.emplace_back(sweeps_table(story));
  if (!own_runs(story).empty()) tables.emplace_back(workers_table(story));
  return tables;
}

Section timing_section(const results::Story& story, const Circumstances& circumstances) {
  Section section{.id = "timing", .title = "Time and cost", .finding = timing_finding(story), .blocks = {}};
  const Runs runs = own_runs(story);
  if (!runs.empty()) {
    const double hours = worker_time_s(runs) / 3600.0;
    section.blocks.emplace_back(Paragraph{cost_text(hours, circumstances.price_per_hour)});
  }
  for (Block& table : timing_tables(story)) section.blocks.push_back(std::move(table));
  for (Block& block : stage_blocks(story)) section.blocks.push_back(std::move(block));
  return section;
}

}  // namespace melsweep::report
