#include "client/report/run_times.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace melsweep::report {
namespace {

using results::StoryRun;
using results::SweepStory;

struct Span {
  std::int64_t begin_ms = 0;
  std::int64_t end_ms = 0;
};

// How long at least one of the spans lasted.
std::int64_t covered_ms(std::vector<Span> spans) {
  std::ranges::sort(spans, {}, &Span::begin_ms);
  std::int64_t covered = 0;
  std::int64_t reached = 0;
  for (const Span& span : spans) {
    covered += std::max<std::int64_t>(0, span.end_ms - std::max(span.begin_ms, reached));
    reached = std::max(reached, span.end_ms);
  }
  return covered;
}

}  // namespace

Runs own_runs(const SweepStory& sweep) {
  Runs runs;
  for (const StoryRun& run : sweep.runs) {
    if (!run.reused) runs.push_back(&run);
  }
  return runs;
}

Runs own_runs(const results::Story& story) {
  Runs runs;
  for (const SweepStory& sweep : story.sweeps) {
    for (const StoryRun* run : own_runs(sweep)) runs.push_back(run);
  }
  return runs;
}

double in_seconds(std::int64_t milliseconds) {
  return static_cast<double>(milliseconds) / 1000.0;
}

double worker_time_s(const Runs& runs) {
  std::map<std::string, std::vector<Span>> by_worker;
  for (const StoryRun* run : runs) by_worker[run->worker].push_back({run->started_ms, run->ended_ms});
  double sum = 0.0;
  for (auto& [worker, spans] : by_worker) sum += in_seconds(covered_ms(std::move(spans)));
  return sum;
}

}  // namespace melsweep::report
