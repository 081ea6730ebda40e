#include "worker/trainer/commands/data_command.h"

#include <unistd.h>

#include <cstdint>
#include <functional>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "shared/spec/names.h"
#include "worker/trainer/dataset/inspect.h"
#include "worker/trainer/dataset/inspection_text.h"
#include "worker/trainer/dataset/listing.h"
#include "worker/trainer/dataset/synth/plan.h"
#include "worker/trainer/dataset/synth/synth.h"

namespace melsweep::commands {
namespace {

// One line that is written over, on a terminal; elsewhere nothing.
std::function<void(const Progress&)> progress_line() {
  if (::isatty(STDERR_FILENO) == 0) return nullptr;
  return [](const Progress& progress) {
    std::cerr << '\r' << progress.stage << ' ' << progress.done << " of " << progress.total;
    if (progress.done == progress.total) std::cerr << '\n';
    std::cerr.flush();
  };
}

int fail(const absl::Status& status) {
  std::cerr << "melsweep-trainer data: " << status.message() << '\n';
  return 1;
}

struct SynthArguments {
  std::string folder;
  synth::SynthOptions options;
};

int run_synth(SynthArguments arguments) {
  arguments.options.progress = progress_line();
  const absl::Status status = synth::synthesize(arguments.folder, arguments.options);
  if (!status.ok()) return fail(status);
  std::cerr << arguments.options.clips << " clips in UrbanSound8K's layout are in " << arguments.folder
            << '\n';
  return 0;
}

void add_synth(CLI::App& data, int& exit_code) {
  CLI::App* verb = data.add_subcommand("synth", "Make a generated data set in UrbanSound8K's layout");
  auto arguments = std::make_shared<SynthArguments>();
  verb->add_option("DIR", arguments->folder, "An empty or new folder, or one with this very set")->required();
  verb->add_option("--clips", arguments->options.clips, "How many")
      ->capture_default_str()
      ->check(CLI::Range(synth::kMinClips, synth::kMaxClips));
  verb->add_option("--seed", arguments->options.seed, "Another seed gives another set")
      ->capture_default_str();
  verb->callback([arguments, &exit_code] { exit_code = run_synth(*arguments); });
}

struct InspectArguments {
  std::string path;
  std::optional<DatasetFormat> format;
  bool json = false;
  std::vector<std::string> augmentation;  // names
};

int run_inspect(const InspectArguments& arguments) {
  dataset::ScanOptions options;
  options.progress = progress_line();
  std::set<Augmentation> named;
  for (const std::string& name : arguments.augmentation) named.insert(*spec::parse_name<Augmentation>(name));
  const std::vector<Augmentation> augmentation(named.begin(), named.end());
  const auto inspection = dataset::inspect_dataset(arguments.path, arguments.format, options);
  if (!inspection.ok()) return fail(inspection.status());
  if (arguments.json) {
    std::cout << dataset::to_json(*inspection, augmentation)
                     .dump(2, ' ', false, nlohmann::json::error_handler_t::replace)
              << '\n';
  } else {
    std::cout << dataset::to_table(*inspection, augmentation);
  }
  return inspection->usable() ? 0 : 1;
}

void add_inspect(CLI::App& data, int& exit_code) {
  CLI::App* verb = data.add_subcommand("inspect", "Say what is in a data set and what is wrong with it");
  auto arguments = std::make_shared<InspectArguments>();
  auto format = std::make_shared<std::string>("auto");
  auto output = std::make_shared<std::string>("table");
  verb->add_option("DIR", arguments->path, "The data set's folder, or a CSV manifest")->required();
  verb->add_option("--format", *format, "Its layout")
      ->capture_default_str()
      ->check(CLI::IsMember({"auto", "urbansound8k", "esc50", "folders", "csv"}));
  verb->add_option("-o,--output", *output, "How it is said")
      ->capture_default_str()
      ->check(CLI::IsMember({"table", "json"}));
  std::vector<std::string> augmentations;
  for (const auto& named : spec::Names<Augmentation>::kAll) augmentations.emplace_back(named.name);
  verb->add_option("--augmentation", arguments->augmentation,
                   "Say how many pictures the clips give for training with this, such as channels,noise")
      ->delimiter(',')
      ->check(CLI::IsMember(augmentations));
  verb->callback([=, &exit_code] {
    for (const DatasetFormat known : {DatasetFormat::kUrbanSound8k, DatasetFormat::kEsc50,
                                      DatasetFormat::kFolders, DatasetFormat::kCsv}) {
      if (*format == dataset::format_name(known)) arguments->format = known;
    }
    arguments->json = *output == "json";
    exit_code = run_inspect(*arguments);
  });
}

}  // namespace

void add_data_command(CLI::App& app, int& exit_code) {
  CLI::App* data = app.add_subcommand("data", "Make and look at data sets");
  data->require_subcommand(1);
  add_synth(*data, exit_code);
  add_inspect(*data, exit_code);
}

}  // namespace melsweep::commands
