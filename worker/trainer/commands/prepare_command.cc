#include "worker/trainer/commands/prepare_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
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

// The sweeps, or what is wrong with them.
spec::StudyResult read_study(const PrepareCommandOptions& options) {
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
  return spec::parse_study_file(options.sweep, overrides);
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

// A data set, and the weights that are trained on it.
using Needs = std::pair<DatasetSpec, std::vector<std::string>>;

// Without repeats. Weights that are still to be taken from another sweep are among that one's.
std::vector<Needs> needs_of(const Study& study) {
  std::vector<Needs> needs;
  for (const SweepSpec& sweep : study.sweeps) {
    const auto known = std::find_if(needs.begin(), needs.end(),
                                    [&](const Needs& other) { return other.first == sweep.dataset; });
    std::vector<std::string>& weights =
        known == needs.end() ? needs.emplace_back(sweep.dataset, std::vector<std::string>()).second
                             : known->second;
    for (const std::string& name : spec::weights_named(sweep)) {
      if (!name.empty() && std::find(weights.begin(), weights.end(), name) == weights.end())
        weights.push_back(name);
    }
  }
  return needs;
}

// The exit code.
int prepare(training::TrialRunner& runner, const DatasetSpec& dataset,
            const std::vector<std::string>& weights) {
  const auto end = runner.prepare(dataset, weights, terminal_observer(), std::stop_token());
  if (const auto* failure = std::get_if<Failure>(&end)) {
    fmt::print(stderr, "{}\n", failure->message);
    return kFailed;
  }
  const auto& report = std::get<DatasetReport>(end);
  for (const BadClip& clip : report.skipped) fmt::print(stderr, "left out: {}\n", clip.reason);
  std::string text = describe_data(dataset, report);
  for (const std::string& name : weights) text += describe_weights(name);
  fmt::print("{}\n", text);
  return 0;
}

int prepare(const PrepareCommandOptions& options) {
  const spec::StudyResult parsed = read_study(options);
  if (const auto* problems = std::get_if<std::vector<spec::Problem>>(&parsed)) {
    for (const spec::Problem& problem : *problems) fmt::print(stderr, "{}\n", problem.to_string());
    return kBadSweep;
  }
  const SystemClock clock;
  training::TrialRunner runner({.data_dir = options.data_dir}, clock);
  for (const auto& [dataset, weights] : needs_of(std::get<Study>(parsed))) {
    if (const int code = prepare(runner, dataset, weights); code != 0) return code;
  }
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
