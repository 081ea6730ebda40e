#include "absl/strings/str_cat.h"
#include "client/commands/sweep_action.h"
#include "client/commands/verbs.h"
#include "client/remote/remote_sweeps.h"

namespace melsweep::commands {

void add_pause_command(CLI::App& app, int& exit_code) {
  const auto outcome = [](SweepId sweep) {
    return absl::StrCat(
        "paused: nothing more of it is handed out, and what runs is given back; go on with: melsweep resume ",
        sweep.value);
  };
  add_sweep_action(
      app, exit_code,
      {.name = "pause",
       .description = "Have a sweep's running trials given back, and hand none out until it is resumed",
       .act = remote::pause_sweep,
       .outcome = outcome});
}

}  // namespace melsweep::commands
