#include "client/commands/watching.h"

#include <algorithm>
#include <chrono>
#include <iostream>
#include <optional>
#include <utility>

#include "client/commands/cells.h"
#include "client/commands/results_source.h"
#include "client/output/live_view.h"
#include "client/output/result_tables.h"
#include "client/output/terminal.h"
#include "client/output/time_text.h"
#include "shared/spec/names.h"

namespace melsweep::commands {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLookInterval{200};
constexpr milliseconds kLineInterval{10'000};
constexpr milliseconds kUnreachablePatience{60'000};
// Workers that are started with the sweep come within this time: before it, nobody is told that there are
// none.
constexpr milliseconds kWorkersCome{5'000};

absl::StatusOr<output::SweepView> look(results::Results& results, SweepId id, const Clock& clock) {
  output::SweepView view;
  auto progress = results.progress(id);
  if (!progress.ok()) return progress.status();
  view.sweep = std::move(progress->sweep);
  view.best = std::move(progress->best);
  view.mean_duration_ms = progress->mean_duration_ms;
  auto workers = results.workers();
  if (!workers.ok()) return workers.status();
  view.workers = *std::move(workers);
  view.now_ms = clock.now().wall.time_since_epoch().count();
  return view;
}

// The sweep where it ended since the look before, else `why` nobody will end it.
absl::StatusOr<results::SweepSummary> last_look(results::Results& results, SweepId id, absl::Status why) {
  auto sweep = results.sweep(absl::StrCat(id.value));
  if (sweep.ok() && has_ended(sweep->state)) return sweep;
  return why;
}

// Draws views one after the other on standard error.
class Screen {
 public:
  explicit Screen(bool redraws) : redraws_(redraws) {}

  void show(const output::SweepView& view, MonotonicTime now) {
    if (redraws_) {
      redraw(output::live_lines(view, output::terminal_size(stderr)));
      return;
    }
    const std::int64_t ended = view.sweep.trials_finished + view.sweep.trials_failed;
    const bool due = !last_line_ || now - *last_line_ >= kLineInterval || ended != last_ended_;
    std::string line = output::progress_line(view);
    if (!due || line == shown_) return;
    std::cerr << line << "\n";
    shown_ = std::move(line);
    last_line_ = now;
    last_ended_ = ended;
  }

 private:
  void redraw(const std::vector<std::string>& lines) {
    // Up to the first line drawn before, and clear from there to the end of the screen.
    if (drawn_ > 0) std::cerr << "\x1b[" << drawn_ << "F";
    std::cerr << "\x1b[J";
    for (const std::string& line : lines) std::cerr << line << "\n";
    drawn_ = lines.size();
  }

  bool redraws_;
  std::size_t drawn_ = 0;
  std::string shown_;
  std::optional<MonotonicTime> last_line_;
  std::int64_t last_ended_ = 0;
};

absl::Status print_leaderboard(results::Results& results, const results::SweepSummary& sweep) {
  const auto leaderboard = results.leaderboard(sweep.id);
  if (!leaderboard.ok()) return leaderboard.status();
  const auto cells = read_cells(results, sweep.id);
  if (!cells.ok()) return cells.status();
  if (have_several_trials(*cells)) {
    std::cout << output::cells_table(*cells).render(output::OutputFormat::kTable);
  } else if (!leaderboard->empty()) {
    std::cout << output::brief_leaderboard(*leaderboard, sweep.objective_metric)
                     .render(output::OutputFormat::kTable);
  }
  return absl::OkStatus();
}

absl::Status print_winners(results::Results& results, const std::vector<results::SweepSummary>& sweeps) {
  std::vector<output::Winner> winners;
  for (const results::SweepSummary& sweep : sweeps) {
    auto best = results.best(sweep.id);
    if (!best.ok() && !absl::IsNotFound(best.status())) return best.status();
    const auto cells = read_cells(results, sweep.id);
    if (!cells.ok()) return cells.status();
    winners.push_back({sweep, best.ok() ? std::optional(*std::move(best)) : std::nullopt,
                       cells->empty() ? results::CellSummary() : cells->front()});
  }
  std::cout << output::winners_table(winners).render(output::OutputFormat::kTable);
  return absl::OkStatus();
}

// On standard error.
void say_outcome(const results::SweepSummary& sweep) {
  for (const std::string& warning : sweep.warnings)
    std::cerr << "warning: " << output::printable(warning) << "\n";
  if (sweep.clips_skipped > 0) std::cerr << "warning: " << sweep.clips_skipped << " bad clips were skipped\n";
  std::cerr << "sweep " << sweep.id.value << " '" << output::printable(sweep.name) << "' "
            << spec::name_of(sweep.state) << " after "
            << output::duration_text(sweep.finished_ms - sweep.created_ms) << ": " << sweep.trials_finished
            << " of " << sweep.trials_total << " trials finished, " << sweep.trials_failed << " failed\n";
  if (sweep.trials_reused > 0) {
    std::cerr << "the results of " << sweep.trials_reused
              << " are from earlier sweeps in this database; --fresh runs all\n";
  }
  if (!sweep.reason.empty()) std::cerr << "reason: " << output::printable(sweep.reason) << "\n";
}

}  // namespace

absl::StatusOr<results::SweepSummary> watch_sweep(results::Results& results, SweepId sweep,
                                                  const Clock& clock, local::InterruptWatch& interrupt,
                                                  const WatchOptions& options) {
  Screen screen(output::is_terminal(stderr));
  const int interrupts_before = interrupt.wait_for(milliseconds(0));
  const MonotonicTime began = clock.now().monotonic;
  MonotonicTime last_answer = began;
  while (true) {
    auto view = look(results, sweep, clock);
    const MonotonicTime now = clock.now().monotonic;
    if (view.ok()) {
      last_answer = now;
      if (now - began < kWorkersCome && !has_ended(view->sweep.state)) view->sweep.reason.clear();
      screen.show(*view, now);
      if (has_ended(view->sweep.state)) return view->sweep;
    } else {
      if (!absl::IsUnavailable(view.status())) return view.status();
      if (now - last_answer > kUnreachablePatience) return view.status();
    }
    if (options.between) {
      if (absl::Status status = options.between(); !status.ok()) return last_look(results, sweep, status);
    }
    if (interrupt.wait_for(kLookInterval) > interrupts_before) return absl::CancelledError("interrupted");
  }
}

absl::StatusOr<std::vector<results::SweepSummary>> watch_sweeps(results::Results& results,
                                                                const std::vector<SweepId>& sweeps,
                                                                const Clock& clock,
                                                                local::InterruptWatch& interrupt,
                                                                const WatchOptions& options) {
  std::vector<results::SweepSummary> ended;
  for (const SweepId sweep : sweeps) {
    auto one = watch_sweep(results, sweep, clock, interrupt, options);
    if (!one.ok()) return one.status();
    if (sweeps.size() > 1)
      std::cerr << "sweep " << one->id.value << " '" << output::printable(one->name) << "' "
                << spec::name_of(one->state) << "\n";
    ended.push_back(*std::move(one));
  }
  return ended;
}

absl::StatusOr<std::vector<SweepId>> submitted_with(results::Results& results,
                                                    const results::SweepSummary& sweep) {
  if (sweep.study_id == SweepId{}) return std::vector<SweepId>{sweep.id};
  const auto all = results.sweeps();
  if (!all.ok()) return all.status();
  std::vector<SweepId> sweeps;
  for (const results::SweepSummary& other : *all) {
    if (other.study_id == sweep.study_id) sweeps.push_back(other.id);
  }
  std::sort(sweeps.begin(), sweeps.end());
  return sweeps;
}

int print_outcome(results::Results& results, const std::vector<results::SweepSummary>& sweeps) {
  const absl::Status printed =
      sweeps.size() == 1 ? print_leaderboard(results, sweeps.front()) : print_winners(results, sweeps);
  if (!printed.ok()) return report_error(printed);
  std::cout.flush();
  bool all_well = true;
  bool cancelled = false;
  for (const results::SweepSummary& sweep : sweeps) {
    say_outcome(sweep);
    cancelled = cancelled || sweep.state == SweepState::kCancelled;
    all_well = all_well && sweep.state == SweepState::kFinished && sweep.trials_failed == 0;
  }
  if (cancelled) return 2;
  return all_well ? 0 : 1;
}

}  // namespace melsweep::commands
