#include "shared/results/trial_curves.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "SQLiteCpp/Database.h"
#include "SQLiteCpp/Statement.h"
#include "SQLiteCpp/Transaction.h"
#include "absl/strings/str_cat.h"
#include "shared/results/database_file.h"
#include "shared/results/parameter_rows.h"
#include "shared/results/row.h"
#include "shared/results/sqlite_status.h"
#include "shared/results/sweep_queries.h"

namespace melsweep::results {
namespace {

constexpr char kSelectTrials[] =
    "SELECT s.id, s.name, s.created_ms, t.id, t.number, t.seed, t.validation_fold, a.started_ms, a.ended_ms, "
    "a.epoch"
    " FROM trials t JOIN sweeps s ON s.id = t.sweep_id"
    " JOIN attempts a ON a.trial_id = t.id AND a.state = 'finished'"
    " WHERE t.state = 'finished' AND (?1 = 0 OR t.sweep_id = ?1) ORDER BY s.id, t.number";

constexpr char kSelectPoints[] =
    "SELECT m.step, n.name, m.value FROM metrics m JOIN metric_names n ON n.id = m.name_id"
    " WHERE m.trial_id = ? AND m.epoch = ? ORDER BY n.name, m.step";

void read_points(SQLite::Statement& select, std::int64_t epoch, TrialCurves& trial) {
  select.reset();
  select.bind(1, trial.trial_id);
  select.bind(2, epoch);
  while (select.executeStep()) {
    Row row(select);
    MetricPoint point;
    point.step = row.integer();
    point.name = row.text();
    point.value = row.optional_real().value_or(std::numeric_limits<double>::quiet_NaN());
    trial.last_step = std::max(trial.last_step, point.step);
    trial.points.push_back(std::move(point));
  }
}

absl::Status read_all(SQLite::Database& database, const std::optional<std::string>& which,
                      const std::function<absl::Status(const TrialCurves&)>& take) {
  SweepId sweep;  // 0: all
  if (which) {
    const absl::StatusOr<SweepId> found = resolve_sweep(database, *which);
    if (!found.ok()) return found.status();
    sweep = *found;
  }
  SQLite::Statement select(database, kSelectTrials);
  SQLite::Statement points(database, kSelectPoints);
  ParameterRows parameters(database);
  select.bind(1, sweep.value);
  while (select.executeStep()) {
    Row row(select);
    TrialCurves trial;
    trial.sweep_id = row.integer();
    trial.sweep = row.text();
    trial.sweep_created_ms = row.integer();
    trial.trial_id = row.integer();
    trial.trial = row.integer();
    trial.seed = static_cast<std::uint64_t>(row.integer());
    trial.validation_fold = row.small();
    trial.started_ms = row.integer();
    trial.ended_ms = row.integer();
    read_points(points, row.integer(), trial);
    trial.parameters = parameters.of(TrialId{trial.trial_id});
    if (absl::Status status = take(trial); !status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace

std::int64_t TrialCurves::about_ms(std::int64_t step) const {
  if (last_step <= 0) return started_ms;
  const double part = std::clamp(static_cast<double>(step) / static_cast<double>(last_step), 0.0, 1.0);
  return started_ms + static_cast<std::int64_t>(part * static_cast<double>(ended_ms - started_ms));
}

absl::Status read_curves(const std::filesystem::path& path, const std::optional<std::string>& sweep,
                         const std::function<absl::Status(const TrialCurves&)>& take) {
  absl::StatusOr<SQLite::Database> database = open_read_only(path);
  if (!database.ok()) return database.status();
  try {
    const SQLite::Transaction moment(*database);
    return read_all(*database, sweep, take);
  } catch (const SQLite::Exception& error) {
    return to_status(error, absl::StrCat("reading the results database ", path.string()));
  }
}

}  // namespace melsweep::results
