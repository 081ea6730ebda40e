// What `watch` and `run` show while a sweep goes on. Pure: a snapshot in, lines out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "client/output/terminal.h"
#include "shared/results/results.h"

namespace melsweep::output {

// A sweep at one moment.
struct SweepView {
  results::SweepSummary sweep;
  std::optional<results::TrialSummary> best;  // of rank 1
  std::int64_t mean_duration_ms = 0;          // see results::SweepProgress
  std::vector<results::WorkerSummary> workers;
  std::int64_t now_ms = 0;  // Unix time, UTC
};

// Several lines for a terminal: state, a bar, time left, the best so far, what each worker does, warnings.
// Fewer lines than the terminal has rows, each shorter than its columns.
std::vector<std::string> live_lines(const SweepView& view, const TerminalSize& size);

// One line for a log: "4 of 9 trials done, 2 running; best validation/accuracy 0.9012 (trial 7); bottlenecks
// 120/400".
std::string progress_line(const SweepView& view);

// From how long the finished trials took and how far the running ones are; empty before anything can be
// known, and while the sweep is paused.
std::optional<std::int64_t> time_left_ms(const SweepView& view);

}  // namespace melsweep::output
