#include "client/output/live_view.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/output/result_tables.h"
#include "client/output/terminal.h"
#include "client/output/time_text.h"

namespace melsweep::output {
namespace {

using results::WorkerSummary;

// A worker that has not been heard of for this long is not shown.
constexpr std::int64_t kShownAfterSeen_ms = 60'000;

std::int64_t ended(const SweepView& view) {
  return view.sweep.trials_finished + view.sweep.trials_failed;
}

bool is_present(const WorkerSummary& worker, std::int64_t now_ms) {
  return now_ms - worker.last_seen_ms < kShownAfterSeen_ms;
}

std::string stage_text(const Progress& progress) {
  if (progress.total == 0) return progress.stage;
  return absl::StrCat(progress.stage, " ", progress.done, "/", progress.total);
}

std::string why_it_waits(const results::SweepSummary& sweep) {
  if (!sweep.unmet.empty()) return sweep.unmet;
  return has_ended(sweep.state) ? "" : sweep.reason;
}

std::string counts_text(const SweepView& view) {
  if (!view.sweep.waits_for.empty()) return absl::StrCat("waiting for ", printable(view.sweep.waits_for));
  if (const std::string why = why_it_waits(view.sweep); !why.empty()) {
    return absl::StrCat("waiting: ", printable(why));
  }
  if (view.sweep.trials_total == 0) return state_text(view.sweep);
  std::string text = absl::StrCat(view.sweep.paused ? "paused: " : "", ended(view), " of ",
                                  view.sweep.trials_total, " trials done");
  if (view.sweep.trials_running > 0) absl::StrAppend(&text, ", ", view.sweep.trials_running, " running");
  if (view.sweep.trials_failed > 0) absl::StrAppend(&text, ", ", view.sweep.trials_failed, " failed");
  if (view.sweep.trials_reused > 0) absl::StrAppend(&text, ", ", view.sweep.trials_reused, " reused");
  return text;
}

std::string best_text(const SweepView& view) {
  if (!view.best || !view.best->objective) return "";
  return absl::StrFormat("best %s %.4f (trial %d: %s)", printable(view.sweep.objective_metric),
                         *view.best->objective, view.best->number,
                         printable(parameters_text(view.best->parameters)));
}

std::string bar(double fraction, int width) {
  const int filled = static_cast<int>(fraction * width);
  return absl::StrCat("[", std::string(static_cast<std::size_t>(filled), '#'),
                      std::string(static_cast<std::size_t>(width - filled), '.'), "]");
}

// What fits on the screen with a row to spare for the cursor; what does not is counted in the last line.
std::vector<std::string> fit(std::vector<std::string> lines, const TerminalSize& size) {
  const auto most = static_cast<std::size_t>(std::max(1, size.rows - 1));
  if (lines.size() > most) {
    const std::size_t hidden = lines.size() - most + 1;
    lines.resize(most);
    if (most > 1) lines.back() = absl::StrCat("... and ", hidden, " lines more");
  }
  // The last column stays free: some terminals wrap as soon as it is written.
  const auto columns = static_cast<std::size_t>(std::max(1, size.columns - 1));
  for (std::string& line : lines) line = cut_to_width(line, columns);
  return lines;
}

// How far the running trials are, in trials: the sum over workers of their part of the training.
double running_part(const SweepView& view) {
  double part = 0.0;
  for (const WorkerSummary& worker : view.workers) {
    if (worker.trial && worker.progress.stage == "training" && worker.progress.total > 0) {
      part += static_cast<double>(worker.progress.done) / static_cast<double>(worker.progress.total);
    }
  }
  return part;
}

std::string worker_line(const WorkerSummary& worker) {
  const std::string what = worker.progress.stage.empty() ? "waiting" : stage_text(worker.progress);
  // What it does first: where the line is cut it is the name that goes.
  return absl::StrCat("  ", printable(what), "  ", printable(worker.id.value), " (", printable(worker.device),
                      worker.draining ? "), is to leave" : ")");
}

}  // namespace

std::optional<std::int64_t> time_left_ms(const SweepView& view) {
  if (view.mean_duration_ms == 0 || view.sweep.paused) return std::nullopt;
  const double left = static_cast<double>(view.sweep.trials_total - ended(view)) - running_part(view);
  const double abreast = static_cast<double>(std::max<std::int64_t>(1, view.sweep.trials_running));
  return static_cast<std::int64_t>(std::max(0.0, left) * static_cast<double>(view.mean_duration_ms) /
                                   abreast);
}

std::vector<std::string> live_lines(const SweepView& view, const TerminalSize& size) {
  std::vector<std::string> lines;
  lines.push_back(
      absl::StrCat(printable(view.sweep.name), " (sweep ", view.sweep.id.value, ")  ", counts_text(view)));
  if (view.sweep.trials_total > 0) {
    const double done = (static_cast<double>(ended(view)) + running_part(view)) /
                        static_cast<double>(view.sweep.trials_total);
    std::string line =
        absl::StrCat(bar(std::min(done, 1.0), 40), "  ", duration_text(view.now_ms - view.sweep.created_ms));
    if (const auto left = time_left_ms(view))
      absl::StrAppend(&line, ", about ", duration_text(*left), " left");
    lines.push_back(std::move(line));
  }
  if (std::string best = best_text(view); !best.empty()) lines.push_back(std::move(best));
  for (const WorkerSummary& worker : view.workers) {
    if (is_present(worker, view.now_ms)) lines.push_back(worker_line(worker));
  }
  for (const std::string& warning : view.sweep.warnings)
    lines.push_back(absl::StrCat("warning: ", printable(warning)));
  return fit(std::move(lines), size);
}

std::string progress_line(const SweepView& view) {
  std::string line = counts_text(view);
  if (const std::string best = best_text(view); !best.empty()) absl::StrAppend(&line, "; ", best);
  for (const WorkerSummary& worker : view.workers) {
    if (!is_present(worker, view.now_ms) || worker.progress.stage.empty()) continue;
    absl::StrAppend(&line, "; ", printable(stage_text(worker.progress)));
  }
  return line;
}

}  // namespace melsweep::output
