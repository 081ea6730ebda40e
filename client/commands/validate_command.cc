#include <iostream>
#include <memory>

#include "client/commands/sweep_file.h"
#include "client/commands/verbs.h"
#include "shared/spec/cells.h"

namespace melsweep::commands {
namespace {

int validate(const SweepFileOptions& options) {
  const std::optional<SweepSpec> sweep = load_sweep(options);
  if (!sweep) return 2;
  const std::int64_t cells = spec::grid_size(*sweep);
  std::cout << options.path << ": ok, sweep '" << sweep->name << "', " << cells
            << (cells == 1 ? " cell" : " cells") << " x " << sweep->seeds
            << (sweep->seeds == 1 ? " seed" : " seeds") << "\n";
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
