#include <iostream>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/commands/sweep_file.h"
#include "client/commands/verbs.h"
#include "shared/spec/cells.h"

namespace melsweep::commands {
namespace {

// "'grid', 9 cells x 1 seed, takes training.steps from 'steps'"
std::string describe(const SweepSpec& sweep) {
  const std::int64_t cells = spec::grid_size(sweep);
  std::string text = absl::StrCat("'", sweep.name, "', ", cells, cells == 1 ? " cell" : " cells", " x ",
                                  sweep.seeds, sweep.seeds == 1 ? " seed" : " seeds");
  for (const Taking& taking : sweep.takes) {
    absl::StrAppend(&text, ", takes ", taking.fields.empty() ? "nothing" : absl::StrJoin(taking.fields, ", "),
                    " from '", taking.sweep, "'");
  }
  if (sweep.evaluate == Split::kTest) absl::StrAppend(&text, ", evaluated on the test part");
  return text;
}

int validate(const SweepFileOptions& options) {
  const std::optional<Study> study = load_study(options);
  if (!study) return 2;
  if (study->sweeps.size() == 1) {
    std::cout << options.path << ": ok, sweep " << describe(study->sweeps.front()) << "\n";
    return 0;
  }
  std::cout << options.path << ": ok, study '" << study->name << "', " << study->sweeps.size() << " sweeps\n";
  for (const SweepSpec& sweep : study->sweeps) std::cout << "  " << describe(sweep) << "\n";
  return 0;
}

}  // namespace

void add_validate_command(CLI::App& app, int& exit_code) {
  CLI::App* verb = app.add_subcommand("validate", "Check a sweep YAML without running anything");
  auto options = std::make_shared<SweepFileOptions>();
  add_sweep_file_options(*verb, *options);
  verb->callback([options, &exit_code] { exit_code = validate(*options); });
}

}  // namespace melsweep::commands
