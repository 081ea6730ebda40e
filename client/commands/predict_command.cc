#include <algorithm>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/commands/path_option.h"
#include "client/commands/results_source.h"
#include "client/commands/run_choice.h"
#include "client/commands/verbs.h"
#include "client/output/table.h"

namespace melsweep::commands {
namespace {

struct PredictOptions {
  RunOptions run;
  std::string folder;  // of an exported model; empty: a run's model
  std::vector<std::string> words;
  SourceOptions output;  // its format alone
  double window_s = 0.0;
  double hop_s = 0.0;
  int top = 1;
  unsigned threads = 0;
};

// What the trainer said, as rows.
class PredictionRows {
 public:
  explicit PredictionRows(const PredictOptions& options) : options_(options) {}

  void add(const std::string& line) {
    const auto json = nlohmann::ordered_json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (json.is_discarded()) return;
    std::vector<std::pair<double, std::string>> classes;
    for (const auto& [label, probability] : json.at("probabilities").items()) {
      classes.emplace_back(probability.get<double>(), label);
    }
    std::ranges::stable_sort(classes, std::ranges::greater(), &std::pair<double, std::string>::first);
    const std::size_t shown = std::min(classes.size(), static_cast<std::size_t>(options_.top));
    for (std::size_t i = 0; i < shown; ++i) {
      table_.add_row({json.at("file").get<std::string>(), moment(json.at("start_s")),
                      moment(json.at("end_s")), static_cast<std::int64_t>(i + 1), classes[i].second,
                      classes[i].first});
    }
  }

  std::string render() const { return table_.render(options_.output.output_format()); }

 private:
  // Of whole files there are none.
  output::CellValue moment(const nlohmann::ordered_json& seconds) const {
    return options_.window_s > 0.0 ? output::CellValue(seconds.get<double>()) : output::CellValue();
  }

  const PredictOptions& options_;
  output::Table table_{{"file", "start_s", "end_s", "rank", "class", "probability"}};
};

// The sounds behind the run, which is named unless --model stands for it.
absl::StatusOr<std::vector<std::string>> sounds(const PredictOptions& options) {
  std::vector<std::string> files = options.words;
  if (options.folder.empty()) files.erase(files.begin());
  if (!files.empty()) return files;
  return absl::InvalidArgumentError(
      absl::StrCat("no sound is named: melsweep predict ",
                   options.folder.empty() ? "SWEEP FILES..." : "--model DIR FILES..."));
}

absl::StatusOr<std::string> description(const PredictOptions& options) {
  if (!options.folder.empty()) return std::string();
  const absl::StatusOr<TrainedModel> model = find_model(options.run, options.words.front());
  if (!model.ok()) return model.status();
  return describe(*model);
}

int predict(const PredictOptions& options) {
  const absl::StatusOr<std::vector<std::string>> files = sounds(options);
  if (!files.ok()) return report_error(files.status());
  const absl::StatusOr<std::string> input = description(options);
  if (!input.ok()) return report_error(input.status());
  std::vector<std::string> arguments = {"predict",
                                        "--model",
                                        options.folder.empty() ? "-" : options.folder,
                                        "--window",
                                        absl::StrCat(options.window_s),
                                        "--hop",
                                        absl::StrCat(options.hop_s),
                                        "--threads",
                                        absl::StrCat(options.threads),
                                        "--"};
  arguments.insert(arguments.end(), files->begin(), files->end());
  PredictionRows rows(options);
  const int code = run_trainer(arguments, *input, [&](const std::string& line) { rows.add(line); });
  std::cout << rows.render();
  return code;
}

}  // namespace

void add_predict_command(CLI::App& app, int& exit_code) {
  CLI::App* verb = app.add_subcommand("predict", "Say what a trained model hears in sound files");
  auto options = std::make_shared<PredictOptions>();
  verb->footer(
      "melsweep predict [--run best|TRIAL] SWEEP FILES...    a trial of the database\n"
      "melsweep predict --model DIR FILES...                 an exported model");
  verb->add_option(
          "FILES", options->words,
          "A sweep's number, its name, or 'last' (its best trial; SWEEP:TRIAL for another one), then "
          "sound files and folders of them; with --model the latter alone")
      ->required();
  add_run_options(*verb, options->run);
  add_path_option(*verb, "--model", options->folder, "An exported model's folder, instead of SWEEP");
  CLI::Option* window = verb->add_option("--window", options->window_s,
                                         "Listen to windows of this many seconds, not to whole files");
  window->check(CLI::PositiveNumber);
  verb->add_option("--hop", options->hop_s, "Seconds from one window to the next; else those of --window")
      ->check(CLI::PositiveNumber)
      ->needs(window);
  verb->add_option("--top", options->top, "How many classes of each, the likeliest first")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  verb->add_option("--threads", options->threads, "Threads to compute with; else as many as the machine has");
  add_format_option(*verb, options->output);
  verb->callback([options, &exit_code] { exit_code = predict(*options); });
}

}  // namespace melsweep::commands
