#include <iostream>
#include <memory>

#include "client/commands/results_source.h"
#include "client/commands/verbs.h"
#include "client/output/result_tables.h"
#include "client/output/terminal.h"
#include "shared/files/places.h"
#include "shared/results/verification.h"

namespace melsweep::commands {
namespace {

std::string counted(std::int64_t count, const std::string& thing) {
  return std::to_string(count) + " " + thing + (count == 1 ? "" : "s");
}

void say_what_was_proved(const results::Verification& found) {
  const results::SweepSummary& sweep = found.sweep;
  std::cerr << "sweep " << sweep.id.value << " '" << output::printable(sweep.name)
            << "': " << counted(found.cells, "cell") << " x " << counted(found.seeds, "seed");
  if (found.folds > 1) std::cerr << " x " << counted(found.folds, "fold");
  std::cerr << ", " << sweep.trials_total << " trials, " << found.attempts << " attempts, " << found.metrics
            << " points: ";
  if (!found.violations.empty()) {
    std::cerr << found.violations.size() << " rows are not as they should be\n";
  } else if (found.has_ended) {
    std::cerr << "the ledger is whole\n";
  } else {
    std::cerr << "the ledger is whole so far; the sweep goes on\n";
  }
}

int verify(const SourceOptions& options) {
  const std::string path = options.database.empty() ? files::default_database().string() : options.database;
  const auto found = results::verify_sweep(path, options.sweep);
  if (!found.ok()) return report_error(found.status());
  say_what_was_proved(*found);
  if (found->violations.empty() && options.output_format() == output::OutputFormat::kTable) return 0;
  std::cout << output::violations_table(found->violations).render(options.output_format());
  return found->violations.empty() ? 0 : 1;
}

}  // namespace

void add_verify_command(CLI::App& app, int& exit_code) {
  CLI::App* verb = app.add_subcommand(
      "verify",
      "Prove from the database that every cell of a sweep ran exactly once, and nothing is missing");
  auto options = std::make_shared<SourceOptions>();
  add_sweep_argument(*verb, *options);
  verb->add_option("--db", options->database,
                   "The results database; else $MELSWEEP_DB, else the default one");
  add_format_option(*verb, *options);
  verb->callback([options, &exit_code] { exit_code = verify(*options); });
}

}  // namespace melsweep::commands
