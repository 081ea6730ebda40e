// Where a reading verb gets its results: a coordinator or a database file.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "client/output/table.h"
#include "client/remote/coordinator_address.h"
#include "shared/results/results.h"

namespace melsweep::commands {

inline constexpr char kDefaultCoordinator[] = "127.0.0.1:7070";

// Which coordinator a verb speaks to.
struct CoordinatorOptions {
  std::string target;  // HOST:PORT; empty: not given
  bool insecure = false;
  std::string credentials;

  // Given by the option or by $MELSWEEP_COORDINATOR.
  bool named() const;

  // The option, else $MELSWEEP_COORDINATOR, else kDefaultCoordinator.
  remote::CoordinatorAddress address() const;
};

// Adds --coordinator and --insecure; returns the former.
CLI::Option* add_coordinator_options(CLI::App& verb, CoordinatorOptions& options);

// The options that every reading verb has.
struct SourceOptions {
  CoordinatorOptions coordinator;
  std::string database;  // empty: not given
  std::string sweep = "last";
  std::string format = "table";

  output::OutputFormat output_format() const;
};

// Adds the coordinator's options and --db, which excludes --coordinator.
void add_source_options(CLI::App& verb, SourceOptions& options);

// Adds -o, --output.
void add_format_option(CLI::App& verb, SourceOptions& options);

// Adds the positional SWEEP.
void add_sweep_argument(CLI::App& verb, SourceOptions& options);

// Results and where they come from.
struct ResultsSource {
  std::unique_ptr<results::Results> results;
  std::string database;  // the file that is read; empty: a coordinator answers
};

// Opens what the options say. With neither given, nor $MELSWEEP_COORDINATOR: the coordinator at
// kDefaultCoordinator, and where none answers, the default database file, which is then named on standard
// error.
absl::StatusOr<ResultsSource> open_results(const SourceOptions& options);

// "melsweep: <message>" on standard error, and the exit code that goes with it.
int report_error(const absl::Status& status);

}  // namespace melsweep::commands
