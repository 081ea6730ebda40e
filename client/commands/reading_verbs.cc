#include "client/commands/reading_verbs.h"

#include <iostream>
#include <memory>
#include <utility>

#include "client/output/terminal.h"

namespace melsweep::commands {
namespace {

int print_sweep(const SourceOptions& options, const SweepReader& read) {
  const auto source = open_results(options);
  if (!source.ok()) return report_error(source.status());
  const auto sweep = source->results->sweep(options.sweep);
  if (!sweep.ok()) return report_error(sweep.status());
  const auto table = read(*source->results, *sweep);
  if (!table.ok()) return report_error(table.status());
  std::cout << table->render(options.output_format());
  for (const std::string& warning : sweep->warnings)
    std::cerr << "warning: " << output::printable(warning) << "\n";
  return 0;
}

}  // namespace

CLI::App* add_sweep_verb(CLI::App& app, int& exit_code, const std::string& name,
                         const std::string& description, SweepReader read) {
  CLI::App* verb = app.add_subcommand(name, description);
  auto options = std::make_shared<SourceOptions>();
  add_sweep_argument(*verb, *options);
  add_source_options(*verb, *options);
  add_format_option(*verb, *options);
  verb->callback([options, read = std::move(read), &exit_code] { exit_code = print_sweep(*options, read); });
  return verb;
}

}  // namespace melsweep::commands
