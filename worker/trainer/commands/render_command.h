// melsweep-trainer render: clips to pictures, outlines and snippets for a report.
#pragma once

namespace CLI {
class App;
}

namespace melsweep::commands {

// Exits with 0 where DIR holds the whole list (items that could not be made say so in it), 1 where the
// request or the folder cannot be used, 2 where it was interrupted.
void add_render_command(CLI::App& app, int& exit_code);

}  // namespace melsweep::commands
