#include <memory>

#include "client/commands/cells.h"
#include "client/commands/reading_verbs.h"
#include "client/commands/verbs.h"
#include "client/output/result_tables.h"

namespace melsweep::commands {
namespace {

struct LeaderboardOptions {
  bool trials = false;
};

absl::StatusOr<output::Table> leaderboard(results::Results& results, SweepId sweep,
                                          const LeaderboardOptions& options) {
  if (!options.trials) {
    const auto cells = read_cells(results, sweep);
    if (!cells.ok()) return cells.status();
    if (have_several_trials(*cells)) return output::cells_table(*cells);
  }
  const auto trials = results.leaderboard(sweep);
  if (!trials.ok()) return trials.status();
  return output::leaderboard_table(*trials);
}

}  // namespace

void add_trials_command(CLI::App& app, int& exit_code) {
  add_sweep_verb(
      app, exit_code, "trials", "List a sweep's trials",
      [](results::Results& results, const results::SweepSummary& sweep) -> absl::StatusOr<output::Table> {
        auto trials = results.trials(sweep.id);
        if (!trials.ok()) return trials.status();
        return output::trials_table(*trials);
      });
}

void add_leaderboard_command(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<LeaderboardOptions>();
  CLI::App* verb = add_sweep_verb(app, exit_code, "leaderboard",
                                  "List a sweep's settings, the best first: with several seeds or folds "
                                  "their mean and spread, else its trials",
                                  [options](results::Results& results, const results::SweepSummary& sweep) {
                                    return leaderboard(results, sweep.id, *options);
                                  });
  verb->add_flag("--trials", options->trials, "List every finished trial, also with several seeds or folds");
}

}  // namespace melsweep::commands
