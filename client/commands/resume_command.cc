#include "client/commands/sweep_action.h"
#include "client/commands/verbs.h"
#include "client/remote/remote_sweeps.h"

namespace melsweep::commands {

void add_resume_command(CLI::App& app, int& exit_code) {
  add_sweep_action(app, exit_code,
                   {.name = "resume",
                    .description = "Go on with a sweep that was paused",
                    .act = remote::resume_sweep,
                    .outcome = [](SweepId) { return "resumed"; }});
}

}  // namespace melsweep::commands
