// melsweep-trainer: everything that touches sound or weights. `serve` speaks the trainer protocol with an
// agent; the other verbs are what people and tests call by hand.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

#include "shared/manual/man_pages.h"
#include "worker/trainer/audio/freed_memory.h"
#include "worker/trainer/commands/data_command.h"
#include "worker/trainer/commands/embed_command.h"
#include "worker/trainer/commands/export_command.h"
#include "worker/trainer/commands/predict_command.h"
#include "worker/trainer/commands/prepare_command.h"
#include "worker/trainer/commands/render_command.h"
#include "worker/trainer/commands/samples_command.h"
#include "worker/trainer/commands/serve_command.h"
#include "worker/trainer/commands/spectrogram_command.h"
#include "worker/trainer/commands/weights_command.h"

namespace {

constexpr int kFailed = 1;
constexpr int kUsage = 2;

melsweep::manual::Manual facts() {
  return {.version = MELSWEEP_VERSION,
          .date = MELSWEEP_RELEASE_DATE,
          .exit_codes = {{"0", "Done"},
                         {"1", "Not done; standard error says why"},
                         {"2", "The command line is wrong"}},
          .files = {{"~/.local/share/melsweep/weights",
                     "Where a weights file named without a folder is looked for"}},
          .see_also = {"melsweep(1)", "melsweep-worker(1)"}};
}

}  // namespace

int main(int argc, char** argv) {
  melsweep::audio::keep_freed_memory();
  CLI::App app("Reads sound, makes features and trains networks for Melsweep", "melsweep-trainer");
  app.set_version_flag("--version", MELSWEEP_VERSION);
  app.require_subcommand(1);
  int exit_code = 0;
  melsweep::commands::add_serve_command(app, exit_code);
  melsweep::commands::add_prepare_command(app, exit_code);
  melsweep::commands::add_data_command(app, exit_code);
  melsweep::commands::add_samples_command(app, exit_code);
  melsweep::commands::add_spectrogram_command(app, exit_code);
  melsweep::commands::add_embed_command(app, exit_code);
  melsweep::commands::add_weights_command(app, exit_code);
  melsweep::commands::add_predict_command(app, exit_code);
  melsweep::commands::add_export_command(app, exit_code);
  melsweep::commands::add_render_command(app, exit_code);
  melsweep::manual::add_man_pages_option(app, facts);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // --help and --version end here too, with 0.
    return app.exit(error) == 0 ? 0 : kUsage;
  } catch (const std::exception& error) {
    fmt::print(stderr, "melsweep-trainer: {}\n", error.what());
    return kFailed;
  }
  return exit_code;
}
