// melsweep-trainer predict: sound files to probabilities. What `melsweep predict` runs.
#pragma once

namespace CLI {
class App;
}

namespace melsweep::commands {

// Prints a line of JSON a window: {"file", "start_s", "end_s", "probabilities": {label: number}}. Exits with
// 0, or with 1 where the model or one of the files could not be used.
void add_predict_command(CLI::App& app, int& exit_code);

}  // namespace melsweep::commands
