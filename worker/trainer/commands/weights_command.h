// `weights convert nsfwjs|safetensors` makes a weights file; `weights verify` says whether a file is one.
#pragma once

#include <CLI/CLI.hpp>

namespace melsweep::commands {

// exit_code: 0 where the file was written, or is good; 1 otherwise.
void add_weights_command(CLI::App& app, int& exit_code);

}  // namespace melsweep::commands
