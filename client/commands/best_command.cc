#include "client/commands/reading_verbs.h"
#include "client/commands/verbs.h"
#include "client/output/result_tables.h"

namespace melsweep::commands {

void add_best_command(CLI::App& app, int& exit_code) {
  add_sweep_verb(
      app, exit_code, "best", "Show a sweep's best run",
      [](results::Results& results, const results::SweepSummary& sweep) -> absl::StatusOr<output::Table> {
        auto best = results.best(sweep.id);
        if (!best.ok()) return best.status();
        return output::leaderboard_table({*best});
      });
}

void add_classes_command(CLI::App& app, int& exit_code) {
  add_sweep_verb(
      app, exit_code, "classes", "Show the best run's precision, recall and F1 for each class",
      [](results::Results& results, const results::SweepSummary& sweep) -> absl::StatusOr<output::Table> {
        auto best = results.best(sweep.id);
        if (!best.ok()) return best.status();
        auto classes = results.class_metrics(best->id);
        if (!classes.ok()) return classes.status();
        return output::class_table(*classes);
      });
}

}  // namespace melsweep::commands
