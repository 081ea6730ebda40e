#include "shared/results/run_choice.h"

#include "SQLiteCpp/Database.h"
#include "SQLiteCpp/Statement.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "shared/results/row.h"
#include "shared/results/sweep_queries.h"

namespace melsweep::results {
namespace {

constexpr char kBest[] = "best";

// Only one that has finished.
absl::StatusOr<TrialId> find_trial(SQLite::Database& database, SweepId sweep, std::int64_t number) {
  SQLite::Statement select(database, "SELECT id, state FROM trials WHERE sweep_id = ? AND number = ?");
  select.bind(1, sweep.value);
  select.bind(2, number);
  if (!select.executeStep()) {
    SQLite::Statement count(database, "SELECT count(*) FROM trials WHERE sweep_id = ?");
    count.bind(1, sweep.value);
    const std::int64_t trials = count.executeStep() ? Row(count).integer() : 0;
    return absl::NotFoundError(absl::StrCat("sweep ", sweep.value, " has no trial ", number,
                                            "; it has trials 1 to ", trials,
                                            " (`melsweep trials` lists them)"));
  }
  Row row(select);
  const TrialId trial{row.integer()};
  const std::string state = row.text();
  if (state == "finished") return trial;
  return absl::FailedPreconditionError(
      absl::StrCat("trial ", number, " of sweep ", sweep.value, " has no model: it is ", state,
                   "; choose a finished one (`melsweep leaderboard` lists them)"));
}

absl::StatusOr<TrialId> find_best(SQLite::Database& database, SweepId sweep) {
  SQLite::Statement select(database, "SELECT trial_id FROM ranked_trials WHERE sweep_id = ? AND rank = 1");
  select.bind(1, sweep.value);
  if (select.executeStep()) return TrialId{Row(select).integer()};
  return absl::NotFoundError(absl::StrCat(
      "no trial of sweep ", sweep.value, " has finished yet, so that there is no model (`melsweep status`)"));
}

}  // namespace

RunChoice parse_run(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos) return {.sweep = text, .trial = std::nullopt};
  const std::string which = text.substr(colon + 1);
  if (which == kBest) return {.sweep = text.substr(0, colon), .trial = std::nullopt};
  std::int64_t number = 0;
  if (!absl::SimpleAtoi(which, &number)) return {.sweep = text, .trial = std::nullopt};
  return {.sweep = text.substr(0, colon), .trial = number};
}

absl::StatusOr<TrialId> resolve_run(SQLite::Database& database, const RunChoice& run) {
  const absl::StatusOr<SweepId> sweep = resolve_sweep(database, run.sweep);
  if (!sweep.ok()) return sweep.status();
  return run.trial ? find_trial(database, *sweep, *run.trial) : find_best(database, *sweep);
}

}  // namespace melsweep::results
