// melsweep-trainer export: a trial's model to a folder that is all one needs. What `melsweep export` runs.
#pragma once

namespace CLI {
class App;
}

namespace melsweep::commands {

// The app's version flag must have been set: the model card is told it.
void add_export_command(CLI::App& app, int& exit_code);

}  // namespace melsweep::commands
