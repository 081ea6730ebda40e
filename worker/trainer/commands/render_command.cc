#include "worker/trainer/commands/render_command.h"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "shared/files/atomic_file.h"
#include "worker/trainer/dataset/names.h"
#include "worker/trainer/rendering/render.h"

namespace melsweep::commands {
namespace {

constexpr int kFailed = 1;
constexpr int kInterrupted = 2;

struct RenderCommandOptions {
  std::filesystem::path request;
  rendering::RenderOptions rendering;
};

void complain(const absl::Status& status) {
  fmt::print(stderr, "melsweep-trainer render: {}\n", std::string(status.message()));
}

// One line that is written over, for a person at a terminal.
std::function<void(std::size_t, std::size_t)> progress_line() {
  if (::isatty(STDERR_FILENO) == 0) return nullptr;
  return [](std::size_t done, std::size_t total) {
    fmt::print(stderr, "\rrendering: {} of {}{}", done, total, done == total ? "\n" : "");
    std::fflush(stderr);
  };
}

// All that a signal handler may touch.
std::atomic<bool> interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free);

// The first Ctrl-C, or SIGTERM, lets what is being made be finished; the next one kills.
void watch_for_interrupt() {
  struct sigaction action {};
  action.sa_handler = [](int) { interrupted = true; };
  action.sa_flags = SA_RESETHAND | SA_RESTART;
  ::sigemptyset(&action.sa_mask);
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

absl::StatusOr<std::vector<rendering::RenderItem>> read_request(const std::filesystem::path& file) {
  const absl::StatusOr<std::string> text = files::read_file(file, rendering::kMaxRequestBytes);
  if (!text.ok()) return text.status();
  auto items = rendering::parse_render_request(*text);
  if (items.ok()) return items;
  return absl::Status(items.status().code(), fmt::format("{}: {}", dataset::printable(file.string()),
                                                         std::string(items.status().message())));
}

int render(RenderCommandOptions options) {
  const auto items = read_request(options.request);
  if (!items.ok()) return complain(items.status()), kFailed;
  watch_for_interrupt();
  options.rendering.progress = progress_line();
  options.rendering.failed = complain;
  options.rendering.is_interrupted = [] { return interrupted.load(); };
  const absl::Status status = rendering::render(*items, options.rendering);
  if (status.ok()) return 0;
  complain(status);
  return absl::IsCancelled(status) ? kInterrupted : kFailed;
}

}  // namespace

void add_render_command(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<RenderCommandOptions>();
  CLI::App* command = app.add_subcommand(
      "render", "Draws spectrograms and waveforms of clips, and cuts snippets to listen to");
  command->add_option("--request", options->request, "What to make, as JSON")->required();
  command->add_option("--out", options->rendering.out, "Folder for it, and for rendered.json")->required();
  command->add_option("--cache", options->rendering.cache, "Folder that keeps it for other requests");
  command->add_option("--threads", options->rendering.threads, "0: as many as the machine has");
  command->callback([options, &exit_code] { exit_code = render(*options); });
}

}  // namespace melsweep::commands
