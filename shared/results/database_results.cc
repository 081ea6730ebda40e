#include "shared/results/database_results.h"

#include <sqlite3.h>

#include <utility>

#include "SQLiteCpp/Database.h"
#include "SQLiteCpp/Transaction.h"
#include "absl/strings/str_cat.h"
#include "shared/results/database_file.h"
#include "shared/results/sqlite_status.h"
#include "shared/results/standings.h"
#include "shared/results/sweep_queries.h"
#include "shared/results/trial_queries.h"

namespace melsweep::results {
namespace {

// How many steps of SQLite's virtual machine go by between two looks at whether to stop: about a millisecond.
constexpr int kStepsBetweenLooks = 20'000;

class OpenDatabase final : public DatabaseResults {
 public:
  OpenDatabase(SQLite::Database database, std::string path)
      : database_(std::move(database)), path_(std::move(path)) {}

  void stop_when(std::function<bool()> should_stop) override {
    should_stop_ = std::move(should_stop);
    const auto ask = [](void* self) {
      return static_cast<OpenDatabase*>(self)->should_stop_() ? 1 : 0;  // 1 interrupts
    };
    sqlite3_progress_handler(database_.getHandle(), should_stop_ ? kStepsBetweenLooks : 0,
                             should_stop_ ? static_cast<int (*)(void*)>(ask) : nullptr, this);
  }

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

  absl::StatusOr<std::vector<TrialSummary>> trials(SweepId sweep, const TrialRange& range) override {
    return read_of<std::vector<TrialSummary>>(
        sweep, [&](const SweepSummary&) { return read_trials(database_, sweep, range, standings_); });
  }

  absl::StatusOr<std::vector<TrialSummary>> leaderboard(SweepId sweep, const TrialRange& range) override {
    return read_of<std::vector<TrialSummary>>(
        sweep, [&](const SweepSummary&) { return read_ranked_trials(database_, range, standings_); });
  }

  absl::StatusOr<SweepProgress> progress(SweepId sweep) override {
    return read_of<SweepProgress>(sweep, [&](const SweepSummary& summary) {
      SweepProgress progress;
      progress.sweep = summary;
      progress.mean_duration_ms = standings_.mean_duration_ms();
      std::vector<TrialSummary> best = read_ranked_trials(database_, {.limit = 1}, standings_);
      if (!best.empty()) progress.best = std::move(best.front());
      return progress;
    });
  }

  absl::StatusOr<TrialSummary> best(SweepId sweep) override {
    absl::StatusOr<std::vector<TrialSummary>> best = leaderboard(sweep, {.limit = 1});
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
            absl::StrCat("trial id ", trial.value, " has no evaluation: it has not finished"));
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

  // What `ask` makes of a sweep's summary, with the standings being the sweep's.
  template <class Answer, class Ask>
  absl::StatusOr<Answer> read_of(SweepId sweep, Ask ask) {
    return read<Answer>([&]() -> absl::StatusOr<Answer> {
      const absl::StatusOr<SweepSummary> summary = read_sweep(database_, sweep);
      if (!summary.ok()) return summary.status();
      standings_.update(database_, *summary);
      return ask(*summary);
    });
  }

  SQLite::Database database_;
  std::string path_;
  Standings standings_;
  std::function<bool()> should_stop_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<DatabaseResults>> open_database(const std::string& path) {
  absl::StatusOr<SQLite::Database> database = open_read_only(path);
  if (!database.ok()) return database.status();
  return std::make_unique<OpenDatabase>(*std::move(database), path);
}

}  // namespace melsweep::results
