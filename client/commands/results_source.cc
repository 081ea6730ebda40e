#include "client/commands/results_source.h"

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/commands/path_option.h"
#include "client/remote/remote_results.h"
#include "shared/files/places.h"
#include "shared/results/database_results.h"

namespace melsweep::commands {
namespace {

// Read here and not by the option, so that --db may be given beside it.
std::string from_environment() {
  const char* value = std::getenv("MELSWEEP_COORDINATOR");
  return value == nullptr ? "" : value;
}

absl::StatusOr<ResultsSource> open_file(const std::string& database) {
  auto results = results::open_database(database);
  if (!results.ok()) return results.status();
  return ResultsSource{.results = *std::move(results), .database = database};
}

}  // namespace

output::OutputFormat SourceOptions::output_format() const {
  return output::parse_output_format(format).value_or(output::OutputFormat::kTable);
}

bool CoordinatorOptions::named() const {
  return !target.empty() || !from_environment().empty();
}

remote::CoordinatorAddress CoordinatorOptions::address() const {
  std::string chosen = target.empty() ? from_environment() : target;
  if (chosen.empty()) chosen = kDefaultCoordinator;
  return {.target = std::move(chosen),
          .plaintext = insecure ? net::Plaintext::kAnywhere : net::Plaintext::kLoopbackOnly,
          .credentials = credentials};
}

CLI::Option* add_coordinator_options(CLI::App& verb, CoordinatorOptions& options) {
  verb.add_option("--credentials", options.credentials,
                  "Folder with a client's certificate and token, made by melsweep certs init")
      ->envname("MELSWEEP_CREDENTIALS");
  verb.add_flag("--insecure", options.insecure, "Speak unencrypted to a coordinator beyond this machine");
  return verb.add_option(
      "--coordinator", options.target,
      std::string("The coordinator's HOST:PORT; else $MELSWEEP_COORDINATOR, else ") + kDefaultCoordinator);
}

void add_source_options(CLI::App& verb, SourceOptions& options) {
  CLI::Option* coordinator = add_coordinator_options(verb, options.coordinator);
  add_path_option(verb, "--db", options.database, "Read the results database FILE instead")
      ->excludes(coordinator);
}

void add_format_option(CLI::App& verb, SourceOptions& options) {
  verb.add_option("-o,--output", options.format, "table, json or csv")
      ->check(CLI::IsMember({"table", "json", "csv"}))
      ->capture_default_str();
}

void add_sweep_argument(CLI::App& verb, SourceOptions& options) {
  verb.add_option("SWEEP", options.sweep, "A sweep's number, its name, or 'last'")->capture_default_str();
}

absl::StatusOr<ResultsSource> open_results(const SourceOptions& options) {
  if (!options.database.empty()) return open_file(options.database);
  absl::StatusOr<std::unique_ptr<results::Results>> live =
      remote::connect_results(options.coordinator.address());
  if (live.ok()) return ResultsSource{.results = *std::move(live), .database = ""};
  if (options.coordinator.named()) return live.status();

  const std::filesystem::path database = files::default_database();
  std::error_code error;
  if (!std::filesystem::exists(database, error) && !error) {
    return absl::UnavailableError(absl::StrCat("no coordinator answers at ", kDefaultCoordinator,
                                               " and there is no database at ", database.string(),
                                               ": give --coordinator HOST:PORT or --db FILE"));
  }
  std::cerr << "melsweep: no coordinator at " << kDefaultCoordinator << ", reading " << database.string()
            << "\n";
  return open_file(database.string());
}

int report_error(const absl::Status& status) {
  std::cerr << "melsweep: " << status.message() << "\n";
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kCancelled:
      return 2;
    case absl::StatusCode::kUnauthenticated:
      return 4;
    default:
      return 1;
  }
}

}  // namespace melsweep::commands
