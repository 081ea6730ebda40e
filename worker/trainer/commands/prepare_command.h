// melsweep-trainer prepare: is everything there that a sweep needs? Asked before anything starts.
#pragma once

namespace CLI {
class App;
}

namespace melsweep::commands {

// Prints a paragraph about the data and the weights, and exits with 0 where a sweep may begin, 1 where the
// data or the weights are not good, 2 where the sweep file is not.
void add_prepare_command(CLI::App& app, int& exit_code);

}  // namespace melsweep::commands
