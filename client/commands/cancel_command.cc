#include "client/commands/sweep_action.h"
#include "client/commands/verbs.h"
#include "client/remote/remote_sweeps.h"

namespace melsweep::commands {

void add_cancel_command(CLI::App& app, int& exit_code) {
  add_sweep_action(app, exit_code,
                   {.name = "cancel",
                    .description = "Stop a sweep's running trials and drop its pending ones",
                    .act = remote::cancel_sweep,
                    .outcome = [](SweepId) { return "cancelled; its results so far stay"; }});
}

}  // namespace melsweep::commands
