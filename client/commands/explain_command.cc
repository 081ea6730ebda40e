#include <iostream>
#include <memory>
#include <string>

#include "client/commands/path_option.h"
#include "client/commands/results_source.h"
#include "client/commands/verbs.h"
#include "client/output/insight_tables.h"
#include "client/output/terminal.h"
#include "shared/files/places.h"
#include "shared/results/sweep_explanation.h"

namespace melsweep::commands {
namespace {

int explain(const SourceOptions& options) {
  const std::string path = options.database.empty() ? files::default_database().string() : options.database;
  const auto explanation = results::explain_sweep(path, options.sweep);
  if (!explanation.ok()) return report_error(explanation.status());
  std::cerr << "sweep " << explanation->sweep_id << " '" << output::printable(explanation->sweep)
            << "': " << explanation->trials_finished << " finished trials, " << explanation->hard_clips.size()
            << " clips that almost every one of them got wrong\n";
  const output::OutputFormat format = options.output_format();
  std::cout << output::render_sections(output::explanation_sections(*explanation, format), format);
  return 0;
}

}  // namespace

void add_explain_command(CLI::App& app, int& exit_code) {
  CLI::App* verb = app.add_subcommand(
      "explain", "Say which setting helps which class, and which clips almost every trial gets wrong");
  auto options = std::make_shared<SourceOptions>();
  add_sweep_argument(*verb, *options);
  add_path_option(*verb, "--db", options->database,
                  "The results database; else $MELSWEEP_DB, else the default one");
  verb->add_option("-o,--output", options->format, "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  verb->callback([options, &exit_code] { exit_code = explain(*options); });
}

}  // namespace melsweep::commands
