// `embed`: pictures in a .npy file to bottlenecks in another.
#pragma once

#include <CLI/CLI.hpp>

namespace melsweep::commands {

void add_embed_command(CLI::App& app, int& exit_code);

}  // namespace melsweep::commands
