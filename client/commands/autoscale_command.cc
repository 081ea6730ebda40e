#include <chrono>
#include <cstdint>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "client/commands/fleet_options.h"
#include "client/commands/results_source.h"
#include "client/commands/scaling_step.h"
#include "client/commands/verbs.h"
#include "client/local/interrupt.h"
#include "client/output/terminal.h"
#include "client/output/time_text.h"
#include "client/remote/remote_results.h"
#include "client/scaling/idleness.h"
#include "shared/time/clock.h"

namespace melsweep::commands {
namespace {

using std::chrono::seconds;

constexpr std::int64_t kLongestS = std::int64_t{7} * 24 * 3600;

struct AutoscaleOptions {
  FleetOptions fleet;
  scaling::Bounds bounds;
  std::int64_t idle_s = 300;
  std::int64_t every_s = 15;
  bool once = false;
  bool dry_run = false;
};

// Work that is held up by something else than too few workers is none.
bool counts(const results::SweepSummary& sweep) {
  const bool is_open = sweep.state == SweepState::kPreparing || sweep.state == SweepState::kRunning;
  return is_open && !sweep.paused && sweep.unmet.empty();
}

absl::StatusOr<scaling::Demand> demand_of(results::Results& results,
                                          const std::vector<results::WorkerSummary>& workers) {
  const auto sweeps = results.sweeps();
  if (!sweeps.ok()) return sweeps.status();
  scaling::Demand demand;
  double weighted_s = 0.0;
  std::int64_t weight = 0;
  for (const results::SweepSummary& sweep : *sweeps) {
    if (!counts(sweep)) continue;
    if (sweep.state == SweepState::kPreparing) ++demand.unprepared;
    const std::int64_t left = sweep.trials_total - sweep.trials_finished - sweep.trials_failed;
    demand.trials += left;
    demand.running += sweep.trials_running;
    const auto progress = results.progress(sweep.id);
    if (!progress.ok()) return progress.status();
    if (progress->mean_duration_ms > 0) {
      weighted_s += static_cast<double>(left) * static_cast<double>(progress->mean_duration_ms) / 1000.0;
      weight += left;
    }
  }
  if (weight > 0) demand.trial_s = weighted_s / static_cast<double>(weight);
  for (const results::WorkerSummary& worker : workers) demand.busy += worker.alive && worker.trial ? 1 : 0;
  return demand;
}

class Autoscaler {
 public:
  Autoscaler(const AutoscaleOptions& options, scaling::Fleet& fleet, results::Results& results)
      : options_(options), fleet_(fleet), results_(results), idleness_(seconds(options.idle_s)) {}

  // One look. What was decided is said where it is another thing than before.
  absl::Status step(MonotonicTime now) {
    const auto seen = look_at(fleet_, results_);
    if (!seen.ok()) return seen.status();
    const auto demand = demand_of(results_, seen->workers);
    if (!demand.ok()) return demand.status();
    const int staying = scaling::count_staying(seen->members, seen->workers);
    const int idle = idleness_.count_long_idle(seen->members, seen->workers, now);
    const scaling::Decision decision = scaling::decide(*demand, options_.bounds, staying, idle);
    const scaling::Change change = scaling::change_to(decision.wanted, seen->members, seen->workers);
    say(staying, decision, change);
    if (options_.dry_run) return absl::OkStatus();
    return carry_out(change, fleet_, options_.fleet.coordinator.address());
  }

 private:
  void say(int staying, const scaling::Decision& decision, const scaling::Change& change) {
    std::string what = describe(change);
    if (what.empty()) what = "no change";
    const std::string text =
        absl::StrCat(staying, " -> ", decision.wanted, " workers: ", what, "; ", decision.why);
    if (text == said_) return;
    said_ = text;
    std::cerr << output::moment_text(now_ms()) << "  " << output::printable(text)
              << (options_.dry_run ? " (not really: --dry-run)" : "") << "\n";
  }

  static std::int64_t now_ms() { return SystemClock().now().wall.time_since_epoch().count(); }

  const AutoscaleOptions& options_;
  scaling::Fleet& fleet_;
  results::Results& results_;
  scaling::Idleness idleness_;
  std::string said_;
};

// A coordinator or an engine that is away comes back: only the first look must work.
int autoscale(const AutoscaleOptions& options) {
  if (options.bounds.least > options.bounds.most) {
    std::cerr << "melsweep: --min " << options.bounds.least << " is more than --max " << options.bounds.most
              << "\n";
    return 2;
  }
  local::InterruptWatch interrupt;  // before there are other threads
  const auto results = remote::connect_results(options.fleet.coordinator.address());
  if (!results.ok()) return report_error(results.status());
  const auto fleet = make_fleet(options.fleet);
  if (!fleet.ok()) return report_error(fleet.status());
  const SystemClock clock;
  Autoscaler autoscaler(options, **fleet, **results);
  if (const absl::Status first = autoscaler.step(clock.now().monotonic); !first.ok())
    return report_error(first);
  if (options.once) return 0;
  while (interrupt.wait_for(seconds(options.every_s)) == 0) {
    if (const absl::Status status = autoscaler.step(clock.now().monotonic); !status.ok()) {
      std::cerr << "melsweep: " << std::string(status.message()) << "; looking again in " << options.every_s
                << " s\n";
    }
  }
  std::cerr << "melsweep: no longer scaling; the workers stay\n";
  return 2;
}

// Of a duration that is brought to seconds already.
std::function<std::string(const std::string&)> no_less_than(std::int64_t least_s) {
  return [least_s](const std::string& text) {
    const std::int64_t s = std::stoll(text);
    if (s >= least_s && s <= kLongestS) return std::string();
    return absl::StrCat("must be from ", least_s, "s to ", kLongestS / 3600, "h");
  };
}

}  // namespace

void add_autoscale_command(CLI::App& app, int& exit_code) {
  CLI::App* verb =
      app.add_subcommand("autoscale", "Start workers as there is work, and let them go when there is none");
  auto options = std::make_shared<AutoscaleOptions>();
  const std::map<std::string, std::int64_t> units = {{"s", 1}, {"m", 60}, {"h", 3600}};
  const auto duration = CLI::AsNumberWithUnit(units, CLI::AsNumberWithUnit::CASE_SENSITIVE, "TIME");
  verb->add_option("--min", options->bounds.least, "Never fewer workers")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  verb->add_option("--max", options->bounds.most, "Never more workers")
      ->required()
      ->check(CLI::PositiveNumber);
  verb->add_option("--idle", options->idle_s, "A worker that had nothing to do for so long goes: 90s, 5m, 1h")
      ->transform(duration)
      ->check(no_less_than(0))
      ->default_str("5m");
  verb->add_option_function<std::int64_t>(
          "--finish-in", [options](std::int64_t s) { options->bounds.finish_in = seconds(s); },
          "As many workers as are needed to be done in this time, as far as can be foreseen")
      ->transform(duration)
      ->check(no_less_than(1))
      ->default_str("10m");
  verb->add_option("--every", options->every_s, "Time between two looks")
      ->transform(duration)
      ->check(no_less_than(1))
      ->default_str("15s");
  verb->add_flag("--once", options->once, "One look only");
  verb->add_flag("--dry-run", options->dry_run, "Only say what would be done");
  add_fleet_options(*verb, options->fleet);
  verb->footer(
      "Goes on until it is interrupted, and then leaves the workers as they are. A busy worker is never "
      "ended.");
  verb->callback([options, &exit_code] { exit_code = autoscale(*options); });
}

}  // namespace melsweep::commands
