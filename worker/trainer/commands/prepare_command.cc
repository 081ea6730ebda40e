#include "worker/trainer/commands/prepare_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

#include "shared/files/places.h"
#include "shared/spec/cells.h"
#include "shared/spec/sweep_yaml.h"
#include "shared/time/clock.h"
#include "worker/trainer/commands/data_summary.h"
#include "worker/trainer/inception/weights_path.h"
#include "worker/trainer/training/trial_runner.h"

namespace melsweep::commands {
namespace {

constexpr int kFailed = 1;
constexpr int kBadSweep = 2;

struct PrepareCommandOptions {
  std::string sweep;
  std::vector<std::string> overrides;  // "path=value"
  std::filesystem::path data_dir = files::default_worker_dir();
};

// The sweep, or what is wrong with it.
spec::ParseResult read_sweep(const PrepareCommandOptions& options) {
  std::vector<spec::Override> overrides;
  std::vector<spec::Problem> problems;
  for (const std::string& text : options.overrides) {
    auto parsed = spec::parse_override(text);
    if (auto* problem = std::get_if<spec::Problem>(&parsed)) {
      problems.push_back(std::move(*problem));
    } else {
      overrides.push_back(std::get<spec::Override>(std::move(parsed)));
    }
  }
  if (!problems.empty()) return problems;
  return spec::parse_sweep_file(options.sweep, overrides);
}

std::string describe_weights(const std::string& weights) {
  if (weights == inception::kRandomWeights) return " The weights are untrained.";
  return fmt::format(" Weights {} are good.", weights);
}

// One line that is written over, for a person at a terminal; silent elsewhere.
training::TrainingObserver terminal_observer() {
  if (::isatty(STDERR_FILENO) == 0) return {};
  return {.progress = [](const Progress& progress) {
    const bool last = progress.done == progress.total;
    fmt::print(stderr, "\r{}: {}/{}{}", progress.stage, progress.done, progress.total, last ? "\n" : "");
  }};
}

int prepare(const PrepareCommandOptions& options) {
  const spec::ParseResult parsed = read_sweep(options);
  if (const auto* problems = std::get_if<std::vector<spec::Problem>>(&parsed)) {
    for (const spec::Problem& problem : *problems) fmt::print(stderr, "{}\n", problem.to_string());
    return kBadSweep;
  }
  const auto& sweep = std::get<SweepSpec>(parsed);
  const SystemClock clock;
  training::TrialRunner runner({.data_dir = options.data_dir}, clock);
  const std::vector<std::string> weights = spec::weights_named(sweep);
  const auto end = runner.prepare(sweep.dataset, weights, terminal_observer(), std::stop_token());
  if (const auto* failure = std::get_if<Failure>(&end)) {
    fmt::print(stderr, "{}\n", failure->message);
    return kFailed;
  }
  const auto& report = std::get<DatasetReport>(end);
  for (const BadClip& clip : report.skipped) fmt::print(stderr, "left out: {}\n", clip.reason);
  std::string text = describe_data(sweep.dataset, report);
  for (const std::string& name : weights) text += describe_weights(name);
  fmt::print("{}\n", text);
  return 0;
}

}  // namespace

void add_prepare_command(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<PrepareCommandOptions>();
  CLI::App* command = app.add_subcommand("prepare", "Checks the data and the weights that a sweep needs");
  command->add_option("--sweep", options->sweep, "The sweep's YAML file")->required();
  command->add_option("--set", options->overrides, "path=value: replaces a field of the sweep")
      ->allow_extra_args(false);
  command->add_option("--data-dir", options->data_dir, "Folder of the caches")->capture_default_str();
  command->callback([options, &exit_code] { exit_code = prepare(*options); });
}

}  // namespace melsweep::commands
