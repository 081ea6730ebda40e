#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/report/findings.h"
#include "client/report/sections.h"
#include "client/report/text.h"

namespace melsweep::report {
namespace {

using results::StoryRun;
using results::SweepStory;

struct Span {
  std::int64_t begin_ms = 0;
  std::int64_t end_ms = 0;
};

double seconds(std::int64_t milliseconds) {
  return static_cast<double>(milliseconds) / 1000.0;
}

// How long at least one of the spans lasted: trials of a group run at the same time.
double covered_s(std::vector<Span> spans) {
  std::ranges::sort(spans, {}, &Span::begin_ms);
  std::int64_t covered = 0;
  std::int64_t reached = 0;
  for (const Span& span : spans) {
    covered += std::max<std::int64_t>(0, span.end_ms - std::max(span.begin_ms, reached));
    reached = std::max(reached, span.end_ms);
  }
  return seconds(covered);
}

// The worker time of the runs that these take: of each worker the time in which it had any.
template <class Takes>
double worker_time_s(const std::vector<const StoryRun*>& runs, Takes takes) {
  std::map<std::string, std::vector<Span>> by_worker;
  for (const StoryRun* run : runs) {
    if (takes(*run)) by_worker[run->worker].push_back({run->started_ms, run->ended_ms});
  }
  double sum = 0.0;
  for (auto& [worker, spans] : by_worker) sum += covered_s(std::move(spans));
  return sum;
}

std::vector<const StoryRun*> own_runs(const SweepStory& sweep) {
  std::vector<const StoryRun*> runs;
  for (const StoryRun& run : sweep.runs) {
    if (!run.reused) runs.push_back(&run);
  }
  return runs;
}

std::vector<const StoryRun*> own_runs(const results::Story& story) {
  std::vector<const StoryRun*> runs;
  for (const SweepStory& sweep : story.sweeps) {
    for (const StoryRun* run : own_runs(sweep)) runs.push_back(run);
  }
  return runs;
}

bool all(const StoryRun&) {
  return true;
}

DataTable sweeps_table(const results::Story& story) {
  DataTable table{
      .key = "timing-sweeps",
      .caption = "Time of each sweep",
      .columns = {"sweep", "name", "trials run", "groups", "taken over", "first start to last end (s)",
                  "worker time (s)", "attempts failed", "lost", "given back"},
      .rows = {}};
  for (const SweepStory& sweep : story.sweeps) {
    const std::vector<const StoryRun*> runs = own_runs(sweep);
    std::set<std::string> groups;
    for (const StoryRun* run : runs) groups.insert(run->group);
    Cell wall = empty_cell();
    if (!runs.empty()) {
      const auto first = std::ranges::min(runs, {}, &StoryRun::started_ms)->started_ms;
      const auto last = std::ranges::max(runs, {}, &StoryRun::ended_ms)->ended_ms;
      wall = seconds_cell(seconds(last - first));
    }
    table.rows.push_back({count_cell(sweep.summary.id.value), text_cell(name(sweep.summary.name)),
                          count_cell(static_cast<std::int64_t>(runs.size())),
                          count_cell(static_cast<std::int64_t>(groups.size())),
                          count_cell(sweep.summary.trials_reused), std::move(wall),
                          seconds_cell(worker_time_s(runs, all)), count_cell(sweep.attempts_failed),
                          count_cell(sweep.attempts_lost), count_cell(sweep.attempts_released)});
  }
  return table;
}

DataTable workers_table(const results::Story& story) {
  DataTable table{.key = "timing-workers",
                  .caption = "Workers",
                  .columns = {"worker", "host", "device", "trials", "worker time (s)"},
                  .rows = {}};
  const std::vector<const StoryRun*> runs = own_runs(story);
  std::map<std::string, const StoryRun*> workers;
  for (const StoryRun* run : runs) workers.emplace(run->worker, run);
  for (const auto& [id, example] : workers) {
    const auto is_its = [&id = id](const StoryRun& run) { return run.worker == id; };
    const auto trials = std::ranges::count_if(runs, [&](const StoryRun* run) { return is_its(*run); });
    table.rows.push_back({text_cell(name(id)), text_cell(name(example->host)),
                          text_cell(name(example->device)), count_cell(trials),
                          seconds_cell(worker_time_s(runs, is_its))});
  }
  return table;
}

// What the fusion saved cannot be known; what the same time bought can.
std::string groups_text(const std::vector<const StoryRun*>& runs) {
  std::map<std::string, std::pair<std::int64_t, Span>> groups;
  for (const StoryRun* run : runs) {
    auto& [trials, span] = groups[run->group];
    span.begin_ms = trials == 0 ? run->started_ms : std::min(span.begin_ms, run->started_ms);
    span.end_ms = std::max(span.end_ms, run->ended_ms);
    ++trials;
  }
  if (groups.size() == runs.size()) return "Each trial ran by itself.";
  const auto largest =
      std::ranges::max_element(groups, {}, [](const auto& group) { return group.second.first; });
  return absl::StrCat(
      "Trials that differ in training alone ran side by side over the same minibatches: the largest "
      "group of ",
      counted(largest->second.first), " trials took ",
      seconds_text(seconds(largest->second.second.end_ms - largest->second.second.begin_ms)), " in all.");
}

// The first trial on features that are not cached yet waits for them; those behind it do not.
std::string caches_text(const std::vector<const StoryRun*>& runs) {
  if (runs.size() < 3) return "";
  const auto length = [](const StoryRun* run) { return run->ended_ms - run->started_ms; };
  std::vector<std::int64_t> lengths;
  lengths.reserve(runs.size());
  for (const StoryRun* run : runs) lengths.push_back(length(run));
  const std::int64_t first = length(std::ranges::min(runs, {}, &StoryRun::started_ms));
  std::ranges::sort(lengths);
  return absl::StrCat(
      "The first trial to start took ", seconds_text(seconds(first)), ", half of all took ",
      seconds_text(seconds(lengths[lengths.size() / 2])),
      " or less: what the first one makes of sound is cached for the others. The database keeps when "
      "attempts began and ended, and not how long each stage took.");
}

std::string cost_text(double hours, double price) {
  const std::string time = absl::StrCat(fixed(hours, 3), " worker hours");
  if (price <= 0.0) return absl::StrCat("Cost: ", time, "; with --price-per-hour they become money.");
  return absl::StrFormat("Cost: %s at %g an hour each: %s.", time, price, fixed(hours * price, 2));
}

}  // namespace

double worker_seconds(const SweepStory& sweep) {
  return worker_time_s(own_runs(sweep), all);
}

std::vector<Block> timing_tables(const results::Story& story) {
  std::vector<Block> tables;
  tables.emplace_back(sweeps_table(story));
  if (!own_runs(story).empty()) tables.emplace_back(workers_table(story));
  return tables;
}

Section timing_section(const results::Story& story, const Circumstances& circumstances) {
  Section section{.id = "timing", .title = "Time and cost", .finding = timing_finding(story), .blocks = {}};
  const std::vector<const StoryRun*> runs = own_runs(story);
  if (!runs.empty()) {
    section.blocks.emplace_back(Paragraph{groups_text(runs)});
    if (std::string text = caches_text(runs); !text.empty()) section.blocks.emplace_back(Paragraph{text});
    const double hours = worker_time_s(runs, all) / 3600.0;
    section.blocks.emplace_back(Paragraph{cost_text(hours, circumstances.price_per_hour)});
  }
  for (Block& table : timing_tables(story)) section.blocks.push_back(std::move(table));
  return section;
}

}  // namespace melsweep::report
