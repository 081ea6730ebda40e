#include "shared/results/sweep_queries.h"

#include <optional>
#include <utility>
#include <variant>

#include "SQLiteCpp/Statement.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "shared/results/row.h"
#include "shared/spec/sweep_yaml.h"

namespace melsweep::results {
namespace {

constexpr int kListedSweeps = 10;

const std::string kSelectSweeps =
    "SELECT s.id, s.name, s.state, s.paused, s.reason, s.objective_metric, s.goal, s.created_ms, "
    "s.finished_ms,"
    " (SELECT count(*) FROM trials WHERE sweep_id = s.id),"
    " (SELECT count(*) FROM trials WHERE sweep_id = s.id AND state = 'running'),"
    " (SELECT count(*) FROM trials WHERE sweep_id = s.id AND state = 'finished'),"
    " (SELECT count(*) FROM trials WHERE sweep_id = s.id AND state = 'failed'),"
    " (SELECT count(*) FROM trials WHERE sweep_id = s.id AND reused_from IS NOT NULL),"
    " d.clips, d.clips_skipped, s.study, s.study_id,"
    " (SELECT group_concat(name, ', ') FROM (SELECT f.name AS name FROM takings k JOIN sweeps f ON f.id = "
    "k.from_sweep_id"
    "   WHERE k.sweep_id = s.id AND s.state = 'waiting' AND k.from_trial IS NULL ORDER BY k.position))"
    " FROM sweeps s LEFT JOIN datasets d ON d.sweep_id = s.id";

SweepSummary read_summary(SQLite::Database& database, SQLite::Statement& select) {
  Row row(select);
  SweepSummary sweep;
  sweep.id = SweepId{row.integer()};
  sweep.name = row.text();
  sweep.state = row.enumerator<SweepState>();
  sweep.paused = row.integer() != 0;
  sweep.reason = row.text();
  sweep.objective_metric = row.text();
  sweep.goal = row.enumerator<Goal>();
  sweep.created_ms = row.integer();
  sweep.finished_ms = row.integer();
  sweep.trials_total = row.integer();
  sweep.trials_running = row.integer();
  sweep.trials_finished = row.integer();
  sweep.trials_failed = row.integer();
  sweep.trials_reused = row.integer();
  sweep.clips = row.integer();
  sweep.clips_skipped = row.integer();
  sweep.study = row.text();
  sweep.study_id = SweepId{row.integer()};
  sweep.waits_for = row.text();
  sweep.warnings = read_warnings(database, sweep.id);
  return sweep;
}

std::optional<SweepId> first_id(SQLite::Statement& select) {
  if (!select.executeStep()) return std::nullopt;
  return SweepId{Row(select).integer()};
}

absl::Status no_such_sweep(SQLite::Database& database, const std::string& which) {
  SQLite::Statement select(database, "SELECT id, name FROM sweeps ORDER BY id DESC LIMIT ?");
  select.bind(1, kListedSweeps + 1);
  std::string list;
  int listed = 0;
  while (select.executeStep()) {
    if (++listed > kListedSweeps) {
      list += ", ...";
      break;
    }
    Row row(select);
    const std::int64_t id = row.integer();
    absl::StrAppend(&list, listed == 1 ? "" : ", ", id, " '", row.text(), "'");
  }
  if (list.empty()) return absl::NotFoundError("there are no sweeps in this database yet");
  return absl::NotFoundError(absl::StrCat("there is no sweep '", which, "'; there are: ", list));
}

}  // namespace

std::vector<std::string> read_warnings(SQLite::Database& database, SweepId sweep) {
  SQLite::Statement select(database, "SELECT message FROM all_warnings WHERE sweep_id = ? ORDER BY position");
  select.bind(1, sweep.value);
  std::vector<std::string> warnings;
  while (select.executeStep()) warnings.push_back(Row(select).text());
  return warnings;
}

std::vector<SweepSummary> read_sweeps(SQLite::Database& database) {
  SQLite::Statement select(database, kSelectSweeps + " ORDER BY s.id DESC");
  std::vector<SweepSummary> sweeps;
  while (select.executeStep()) sweeps.push_back(read_summary(database, select));
  return sweeps;
}

absl::StatusOr<SweepSummary> read_sweep(SQLite::Database& database, SweepId id) {
  SQLite::Statement select(database, kSelectSweeps + " WHERE s.id = ?");
  select.bind(1, id.value);
  if (!select.executeStep()) return no_such_sweep(database, absl::StrCat(id.value));
  return read_summary(database, select);
}

absl::StatusOr<SweepSpec> read_spec(SQLite::Database& database, SweepId id) {
  SQLite::Statement select(database, "SELECT spec FROM sweeps WHERE id = ?");
  select.bind(1, id.value);
  if (!select.executeStep()) return no_such_sweep(database, absl::StrCat(id.value));
  spec::ParseResult parsed = spec::parse_stored_sweep(Row(select).text(), "the database");
  if (const auto* problems = std::get_if<std::vector<spec::Problem>>(&parsed)) {
    return absl::DataLossError(
        absl::StrCat("the sweep in the database cannot be read: ", problems->front().to_string()));
  }
  return std::get<SweepSpec>(std::move(parsed));
}

absl::StatusOr<SweepId> resolve_sweep(SQLite::Database& database, const std::string& which) {
  if (which == "last") {
    SQLite::Statement newest(database, "SELECT id FROM sweeps ORDER BY id DESC LIMIT 1");
    if (const std::optional<SweepId> id = first_id(newest)) return *id;
  }
  std::int64_t number = 0;
  if (absl::SimpleAtoi(which, &number)) {
    SQLite::Statement by_number(database, "SELECT id FROM sweeps WHERE id = ?");
    by_number.bind(1, number);
    if (const std::optional<SweepId> id = first_id(by_number)) return *id;
  }
  SQLite::Statement by_name(database, "SELECT id FROM sweeps WHERE name = ? ORDER BY id DESC LIMIT 1");
  by_name.bind(1, which);
  if (const std::optional<SweepId> id = first_id(by_name)) return *id;
  return no_such_sweep(database, which);
}

}  // namespace melsweep::results
