// melsweep-trainer samples: one sound file to the samples that its spectrogram is made of.
#pragma once

#include <CLI/CLI.hpp>

namespace melsweep::commands {

void add_samples_command(CLI::App& app, int& exit_code);

}  // namespace melsweep::commands
