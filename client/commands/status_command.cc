#include <iostream>
#include <memory>

#include "client/commands/results_source.h"
#include "client/commands/verbs.h"
#include "client/output/result_tables.h"
#include "client/output/warnings.h"

namespace melsweep::commands {
namespace {

int print_status(const SourceOptions& options) {
  const auto source = open_results(options);
  if (!source.ok()) return report_error(source.status());
  std::vector<results::SweepSummary> sweeps;
  if (options.sweep.empty()) {
    auto all = source->results->sweeps();
    if (!all.ok()) return report_error(all.status());
    sweeps = *std::move(all);
  } else {
    auto one = source->results->sweep(options.sweep);
    if (!one.ok()) return report_error(one.status());
    sweeps.push_back(*std::move(one));
  }
  std::cout << output::sweeps_table(sweeps, options.output_format()).render(options.output_format());
  for (const std::string& line : output::warning_lines(sweeps)) std::cerr << line << "\n";
  return 0;
}

int print_workers(const SourceOptions& options) {
  const auto source = open_results(options);
  if (!source.ok()) return report_error(source.status());
  const auto workers = source->results->workers();
  if (!workers.ok()) return report_error(workers.status());
  std::cout << output::workers_table(*workers, options.output_format()).render(options.output_format());
  return 0;
}

}  // namespace

void add_status_command(CLI::App& app, int& exit_code) {
  CLI::App* verb = app.add_subcommand("status", "Show the state of all sweeps, or of one");
  auto options = std::make_shared<SourceOptions>();
  options->sweep.clear();
  verb->add_option("SWEEP", options->sweep, "A sweep's number, its name, or 'last'; without it, all");
  add_source_options(*verb, *options);
  add_format_option(*verb, *options);
  verb->callback([options, &exit_code] { exit_code = print_status(*options); });
}

void add_workers_command(CLI::App& app, int& exit_code) {
  CLI::App* verb = app.add_subcommand("workers", "List the workers and what each is doing");
  auto options = std::make_shared<SourceOptions>();
  add_source_options(*verb, *options);
  add_format_option(*verb, *options);
  verb->callback([options, &exit_code] { exit_code = print_workers(*options); });
}

}  // namespace melsweep::commands
