// What the reading verbs have in common: open the source, find the sweep, print a table.
#pragma once

#include <functional>
#include <string>

#include "client/commands/results_source.h"

namespace melsweep::commands {

using SweepReader = std::function<absl::StatusOr<output::Table>(results::Results& results,
                                                                const results::SweepSummary& sweep)>;

// Adds `name` with SWEEP, --coordinator, --db and -o; the callback prints what `read` makes of the sweep, and
// its warnings on standard error.
CLI::App* add_sweep_verb(CLI::App& app, int& exit_code, const std::string& name,
                         const std::string& description, SweepReader read);

}  // namespace melsweep::commands
