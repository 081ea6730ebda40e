#include "shared/results/database_results.h"

#include <utility>

#include "SQLiteCpp/Database.h"
#include "SQLiteCpp/Transaction.h"
#include "absl/strings/str_cat.h"
#include "shared/results/database_file.h"
#include "shared/results/sqlite_status.h"
#include "shared/results/sweep_queries.h"
#include "shared/results/trial_queries.h"

namespace melsweep::results {
namespace {

class DatabaseResults final : public Results {
 public:
  DatabaseResults(SQLite::Database database, std::string path)
      : database_(std::move(database)), path_(std::move(path)) {}

  absl::StatusOr<std::vector<SweepSummary>> sweeps() override {
    return read<std::vector<SweepSummary>>([this] { return read_sweeps(database_); });
  }

  absl::StatusOr<SweepSummary> sweep(const std::string& which) override {
    return read<SweepSummary>([&]() -> absl::StatusOr<SweepSummary> {
      const absl::StatusOr<SweepId> id = resolve_sweep(database_, which);
      if (!id.ok()) return id.status();
      return read_sweep(database_, *id);
    });
  }

  absl::StatusOr<std::vector<TrialSummary>> trials(SweepId sweep) override {
    return read_of(sweep, TrialChoice::kAll);
  }

  absl::StatusOr<std::vector<TrialSummary>> leaderboard(SweepId sweep) override {
    return read_of(sweep, TrialChoice::kRanked);
  }

  absl::StatusOr<TrialSummary> best(SweepId sweep) override {
    absl::StatusOr<std::vector<TrialSummary>> best = read_of(sweep, TrialChoice::kBest);
    if (!best.ok()) return best.status();
    if (best->empty())
      return absl::NotFoundError(absl::StrCat("no trial of sweep ", sweep.value, " has finished yet"));
    return std::move(best->front());
  }

  absl::StatusOr<std::vector<ClassMetrics>> class_metrics(TrialId trial) override {
    using Classes = std::vector<ClassMetrics>;
    return read<Classes>([&]() -> absl::StatusOr<Classes> {
      Classes classes = read_class_metrics(database_, trial);
      if (classes.empty()) {
        return absl::NotFoundError(
            absl::StrCat("trial id ", trial.value, " has no validation: it has not finished"));
      }
      return classes;
    });
  }

  absl::StatusOr<std::vector<WorkerSummary>> workers() override {
    return read<std::vector<WorkerSummary>>([this] { return read_workers(database_); });
  }

 private:
  // All queries of one answer see the same moment of a database that is being written.
  template <class Answer, class Ask>
  absl::StatusOr<Answer> read(Ask ask) {
    try {
      const SQLite::Transaction moment(database_);
      return ask();
    } catch (const SQLite::Exception& error) {
      return to_status(error, absl::StrCat("reading the results database ", path_));
    }
  }

  absl::StatusOr<std::vector<TrialSummary>> read_of(SweepId sweep, TrialChoice choice) {
    using Trials = std::vector<TrialSummary>;
    return read<Trials>([&]() -> absl::StatusOr<Trials> {
      if (absl::StatusOr<SweepSummary> known = read_sweep(database_, sweep); !known.ok())
        return known.status();
      return read_trials(database_, sweep, choice);
    });
  }

  SQLite::Database database_;
  std::string path_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Results>> open_database(const std::string& path) {
  absl::StatusOr<SQLite::Database> database = open_read_only(path);
  if (!database.ok()) return database.status();
  return std::make_unique<DatabaseResults>(*std::move(database), path);
}

}  // namespace melsweep::results
