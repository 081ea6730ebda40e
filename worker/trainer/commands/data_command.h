// melsweep-trainer data synth | inspect
#pragma once

#include <CLI/CLI.hpp>

namespace melsweep::commands {

void add_data_command(CLI::App& app, int& exit_code);

}  // namespace melsweep::commands
