#include <chrono>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>

#include "client/commands/results_source.h"
#include "client/commands/verbs.h"
#include "client/local/interrupt.h"
#include "client/output/terminal.h"
#include "shared/files/places.h"
#include "shared/results/maintenance.h"

namespace melsweep::commands {
namespace {

struct DbOptions {
  std::string database;
  std::string target;

  std::string path() const { return database.empty() ? files::default_database().string() : database; }
};

int check(const DbOptions& options) {
  const auto problems = results::check_database(options.path());
  if (!problems.ok()) return report_error(problems.status());
  for (const std::string& problem : *problems) std::cout << problem << "\n";
  if (problems->empty()) {
    std::cerr << options.path() << " is sound\n";
    return 0;
  }
  std::cerr << "melsweep: " << options.path() << " is damaged: restore a backup\n";
  return 1;
}

int back_up(const DbOptions& options) {
  local::InterruptWatch interrupt;
  const bool is_shown = output::is_terminal(stderr);
  const auto status =
      results::back_up_database(options.path(), options.target, [&](const results::BackupProgress& progress) {
        if (is_shown)
          std::cerr << "\r" << progress.pages_done << " of " << progress.pages_total << " pages"
                    << std::flush;
        return interrupt.wait_for(std::chrono::milliseconds(0)) == 0;
      });
  if (is_shown) std::cerr << "\r";
  if (!status.ok()) return report_error(status);
  std::cerr << options.path() << " is copied to " << options.target << ", and the copy is sound\n";
  return 0;
}

void add_database_option(CLI::App& verb, DbOptions& options) {
  verb.add_option("--db", options.database, "The results database; else $MELSWEEP_DB, else the default one");
}

}  // namespace

void add_db_command(CLI::App& app, int& exit_code) {
  CLI::App* group =
      app.add_subcommand("db", "Check or back up the results database, also while it is in use");
  group->require_subcommand(1);
  auto options = std::make_shared<DbOptions>();
  CLI::App* check_verb =
      group->add_subcommand("check", "Look for damage: pages, indices, references between rows");
  add_database_option(*check_verb, *options);
  check_verb->callback([options, &exit_code] { exit_code = check(*options); });
  CLI::App* backup_verb = group->add_subcommand("backup", "Copy the database as it is now to a new FILE");
  backup_verb->add_option("FILE", options->target, "Where the copy goes; it must not be there yet")
      ->required();
  add_database_option(*backup_verb, *options);
  backup_verb->callback([options, &exit_code] { exit_code = back_up(*options); });
}

}  // namespace melsweep::commands
