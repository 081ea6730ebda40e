#include <iostream>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "client/commands/path_option.h"
#include "client/commands/results_source.h"
#include "client/commands/verbs.h"
#include "client/output/insight_tables.h"
#include "client/output/terminal.h"
#include "shared/files/places.h"
#include "shared/results/run_comparison.h"

namespace melsweep::commands {
namespace {

struct DiffOptions {
  SourceOptions source;  // its database and format alone
  std::string a;
  std::string b;
};

std::string name_of(const results::ComparedRun& run) {
  return absl::StrCat("trial ", run.trial, " of sweep ", run.sweep_id, " '", output::printable(run.sweep),
                      "'");
}

void say_clips(const results::RunComparison& comparison) {
  std::int64_t fixed = 0;
  std::int64_t broken = 0;
  for (const results::ClipPair& clip : comparison.clips) {
    if (clip.verdict == results::Verdict::kFixed) ++fixed;
    if (clip.verdict == results::Verdict::kBroken) ++broken;
  }
  if (comparison.clips_in_common == 0) {
    std::cerr << "they were evaluated on no clip in common\n";
    return;
  }
  std::cerr << "of " << comparison.clips_in_common << " clips that both were evaluated on, b fixes " << fixed
            << " and breaks " << broken << "\n";
}

int diff(const DiffOptions& options) {
  const std::string path =
      options.source.database.empty() ? files::default_database().string() : options.source.database;
  const auto comparison =
      results::compare_runs(path, results::parse_run(options.a), results::parse_run(options.b));
  if (!comparison.ok()) return report_error(comparison.status());
  std::cerr << "a: " << name_of(comparison->a) << "\nb: " << name_of(comparison->b) << "\n";
  say_clips(*comparison);
  std::cout << output::render_sections(output::comparison_sections(*comparison),
                                       options.source.output_format());
  return 0;
}

}  // namespace

void add_diff_command(CLI::App& app, int& exit_code) {
  CLI::App* verb = app.add_subcommand("diff", "Compare two trials: settings, metrics, classes, clip by clip");
  auto options = std::make_shared<DiffOptions>();
  const std::string run =
      "A sweep's number, its name, or 'last': its best trial; SWEEP:TRIAL for another one";
  verb->add_option("A", options->a, run)->required();
  verb->add_option("B", options->b, run)->required();
  add_path_option(*verb, "--db", options->source.database,
                  "The results database; else $MELSWEEP_DB, else the default one");
  verb->add_option("-o,--output", options->source.format, "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  verb->callback([options, &exit_code] { exit_code = diff(*options); });
}

}  // namespace melsweep::commands
