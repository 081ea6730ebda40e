#include "worker/trainer/commands/predict_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "worker/trainer/commands/device.h"
#include "worker/trainer/commands/model_option.h"
#include "worker/trainer/models/classifier.h"
#include "worker/trainer/models/predict.h"
#include "worker/trainer/models/sound_list.h"

namespace melsweep::commands {
namespace {

struct PredictCommandOptions {
  std::string model;
  std::vector<std::filesystem::path> named;
  models::WindowOptions windows;
  unsigned threads = 0;
};

void complain(const absl::Status& status) {
  fmt::print(stderr, "melsweep predict: {}\n", std::string(status.message()));
}

void print_line(const std::vector<std::string>& labels, const models::SoundPrediction& prediction) {
  nlohmann::ordered_json probabilities = nlohmann::ordered_json::object();
  for (std::size_t i = 0; i < labels.size(); ++i) probabilities[labels[i]] = prediction.probabilities[i];
  const nlohmann::ordered_json line = {{"file", prediction.file.string()},
                                       {"start_s", prediction.start_s},
                                       {"end_s", prediction.end_s},
                                       {"probabilities", std::move(probabilities)}};
  // A file's name need not be UTF-8, JSON must be.
  fmt::print("{}\n", line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

// One line that is written over, for a person at a terminal.
std::function<void(std::size_t, std::size_t)> progress_line() {
  if (::isatty(STDERR_FILENO) == 0) return nullptr;
  return [](std::size_t done, std::size_t total) {
    fmt::print(stderr, "\rlistening: {} of {}{}", done, total, done == total ? "\n" : "");
    std::fflush(stderr);
  };
}

int predict(const PredictCommandOptions& options) {
  const absl::StatusOr<TrainedModel> model = read_model(options.model);
  if (!model.ok()) return complain(model.status()), 1;
  const Device device = choose_device(options.threads);
  const auto classifier = models::load_classifier(*model, device.torch_device);
  if (!classifier.ok()) return complain(classifier.status()), 1;

  const models::SoundList sounds = models::list_sounds(options.named);
  for (const absl::Status& failure : sounds.failures) complain(failure);
  std::size_t failures = sounds.failures.size();
  const absl::Status status = models::predict_files(
      sounds.files, **classifier,
      {.features = model->settings.features,
       .labels = model->labels.size(),
       .windows = options.windows,
       .predicted = [&](const models::SoundPrediction& found) { print_line(model->labels, found); },
       .failed =
           [&](const absl::Status& why) {
             ++failures;
             complain(why);
           },
       .progress = progress_line()});
  if (!status.ok()) return complain(status), 1;
  return failures == 0 ? 0 : 1;
}

}  // namespace

void add_predict_command(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<PredictCommandOptions>();
  CLI::App* command = app.add_subcommand("predict", "Says what a trained model hears, in lines of JSON");
  add_model_option(*command, options->model);
  command->add_option("--window", options->windows.window_s, "Seconds; 0 = whole files")
      ->check(CLI::NonNegativeNumber);
  command->add_option("--hop", options->windows.hop_s, "Seconds from window to window; 0 = --window")
      ->check(CLI::NonNegativeNumber);
  command->add_option("--threads", options->threads,
                      "Threads to compute with (0: as many as the machine has)");
  command->add_option("FILES", options->named, "Sound files, and folders of them")->required();
  command->callback([options, &exit_code] { exit_code = predict(*options); });
}

}  // namespace melsweep::commands
