#include "client/commands/run_choice.h"

#include <iostream>
#include <nlohmann/json.hpp>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "client/commands/path_option.h"
#include "client/local/listened_program.h"
#include "shared/files/places.h"
#include "shared/spec/trained_model_json.h"

namespace melsweep::commands {
namespace {

absl::StatusOr<results::RunChoice> choose(const RunOptions& options, const std::string& run) {
  results::RunChoice choice = results::parse_run(run);
  if (options.which.empty()) return choice;
  if (choice.sweep != run) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", run, "' names the trial, and --run does too; leave one out"));
  }
  if (options.which == "best") return choice;
  std::int64_t number = 0;
  if (!absl::SimpleAtoi(options.which, &number)) {
    return absl::InvalidArgumentError(
        absl::StrCat("--run is 'best' or a trial's number, not '", options.which, "'"));
  }
  choice.trial = number;
  return choice;
}

}  // namespace

std::string RunOptions::path() const {
  return database.empty() ? files::default_database().string() : database;
}

void add_run_options(CLI::App& verb, RunOptions& options) {
  add_path_option(verb, "--db", options.database,
                  "The results database, also while it is in use; else $MELSWEEP_DB, else the default one");
  verb.add_option("--run", options.which, "best, or a trial's number, instead of SWEEP:TRIAL");
}

absl::StatusOr<TrainedModel> find_model(const RunOptions& options, const std::string& run) {
  const absl::StatusOr<results::RunChoice> choice = choose(options, run);
  if (!choice.ok()) return choice.status();
  return results::read_trained_model(options.path(), *choice);
}

int run_trainer(const std::vector<std::string>& arguments, const std::string& input,
                const std::function<void(const std::string&)>& heard) {
  const std::filesystem::path program = local::sibling_program("melsweep-trainer");
  const auto end =
      local::listen_to({.program = program, .arguments = arguments, .input = input, .heard = heard});
  if (!end.ok()) {
    std::cerr << "melsweep: " << end.status().message() << "\n";
    return 1;
  }
  if (end->signal == 0) return end->code;
  std::cerr << "melsweep: " << program.string() << " ended with " << end->to_string() << "\n";
  return 1;
}

std::string describe(const TrainedModel& model) {
  return spec::to_json(model).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace melsweep::commands
