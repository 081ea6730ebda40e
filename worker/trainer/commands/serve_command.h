// melsweep-trainer serve: what a worker's agent runs.
#pragma once

namespace CLI {
class App;
}

namespace melsweep::commands {

// The app's version flag must have been set: agents are told it.
void add_serve_command(CLI::App& app, int& exit_code);

}  // namespace melsweep::commands
