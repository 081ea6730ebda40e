#include "client/commands/sweep_file.h"

#include <filesystem>
#include <iostream>
#include <variant>

#include "shared/spec/sweep_yaml.h"

namespace melsweep::commands {
namespace {

void print_problems(const std::vector<spec::Problem>& problems) {
  for (const spec::Problem& problem : problems) std::cerr << problem.to_string() << "\n";
}

std::string absolute_if_there(const std::string& path) {
  std::error_code error;
  if (path.empty() || !std::filesystem::exists(path, error)) return path;
  const std::filesystem::path absolute = std::filesystem::absolute(path, error);
  return error ? path : absolute.lexically_normal().string();
}

void make_absolute(SweepSpec& sweep) {
  sweep.dataset.path = absolute_if_there(sweep.dataset.path);
  if (sweep.base.model.weights != "random")
    sweep.base.model.weights = absolute_if_there(sweep.base.model.weights);
  for (ParameterAxis& axis : sweep.parameters) {
    if (axis.path != "model.weights") continue;
    for (ParameterValue& value : axis.values) {
      if (const auto* path = std::get_if<std::string>(&value); path != nullptr && *path != "random") {
        value = absolute_if_there(*path);
      }
    }
  }
}

}  // namespace

void add_sweep_file_options(CLI::App& verb, SweepFileOptions& options) {
  verb.add_option("SWEEP.yaml", options.path, "The sweep (docs/sweep-yaml.md)")->required();
  verb.add_option("--set", options.settings, "Replace one field of the sweep: --set training.steps=1000")
      ->type_name("PATH=VALUE")
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);
}

void add_fresh_option(CLI::App& verb, SweepFileOptions& options) {
  verb.add_flag("--fresh", options.fresh,
                "Run every trial, also those whose result is in the database already");
}

std::optional<Study> load_study(const SweepFileOptions& options) {
  std::vector<spec::Override> overrides;
  for (const std::string& setting : options.settings) {
    auto parsed = spec::parse_override(setting);
    if (const auto* problem = std::get_if<spec::Problem>(&parsed)) {
      print_problems({*problem});
      return std::nullopt;
    }
    overrides.push_back(std::get<spec::Override>(std::move(parsed)));
  }
  auto result = spec::parse_study_file(options.path, overrides);
  if (const auto* problems = std::get_if<std::vector<spec::Problem>>(&result)) {
    print_problems(*problems);
    return std::nullopt;
  }
  auto study = std::get<Study>(std::move(result));
  if (options.fresh) {
    for (SweepSpec& sweep : study.sweeps) sweep.reuse = false;
  }
  return study;
}

void make_paths_absolute(Study& study) {
  for (SweepSpec& sweep : study.sweeps) make_absolute(sweep);
}

}  // namespace melsweep::commands
