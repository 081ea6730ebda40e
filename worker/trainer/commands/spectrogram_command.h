// melsweep-trainer spectrogram: one sound file to one spectrogram.
#pragma once

#include <CLI/CLI.hpp>

namespace melsweep::commands {

void add_spectrogram_command(CLI::App& app, int& exit_code);

}  // namespace melsweep::commands
