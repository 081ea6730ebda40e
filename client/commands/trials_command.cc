#include "client/commands/reading_verbs.h"
#include "client/commands/verbs.h"
#include "client/output/result_tables.h"

namespace melsweep::commands {

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
  add_sweep_verb(
      app, exit_code, "leaderboard", "List a sweep's finished trials, the best first",
      [](results::Results& results, const results::SweepSummary& sweep) -> absl::StatusOr<output::Table> {
        auto trials = results.leaderboard(sweep.id);
        if (!trials.ok()) return trials.status();
        return output::leaderboard_table(*trials);
      });
}

}  // namespace melsweep::commands
