#include "shared/results/verification.h"

#include <map>
#include <tuple>
#include <variant>

#include "SQLiteCpp/Database.h"
#include "SQLiteCpp/Statement.h"
#include "SQLiteCpp/Transaction.h"
#include "absl/strings/str_cat.h"
#include "shared/results/database_file.h"
#include "shared/results/row.h"
#include "shared/results/sqlite_status.h"
#include "shared/results/sweep_queries.h"
#include "shared/results/verification_rules.h"
#include "shared/spec/cells.h"
#include "shared/spec/sweep_yaml.h"

namespace melsweep::results {
namespace {

// Of a sweep whose ledger is in ruins the first rows of each rule tell enough.
constexpr std::size_t kMaxViolationsOfARule = 100;

std::int64_t count(SQLite::Database& database, const char* sql, SweepId sweep) {
  SQLite::Statement select(database, sql);
  select.bind(1, sweep.value);
  return select.executeStep() ? Row(select).integer() : 0;
}

std::vector<int> folds_of(SQLite::Database& database, SweepId sweep) {
  SQLite::Statement select(database,
                           "SELECT fold FROM validation_folds WHERE sweep_id = ? ORDER BY position");
  select.bind(1, sweep.value);
  std::vector<int> folds;
  while (select.executeStep()) folds.push_back(Row(select).small());
  if (folds.empty()) folds.push_back(0);
  return folds;
}

using Place = std::tuple<std::int64_t, std::int64_t, int>;  // cell, seed, fold

std::map<Place, std::int64_t> trials_by_place(SQLite::Database& database, SweepId sweep) {
  SQLite::Statement select(
      database,
      "SELECT cell, seed, validation_fold, count(*) FROM trials WHERE sweep_id = ? GROUP BY 1, 2, 3");
  select.bind(1, sweep.value);
  std::map<Place, std::int64_t> trials;
  while (select.executeStep()) {
    Row row(select);
    const std::int64_t cell = row.integer();
    const std::int64_t seed = row.integer();
    const int fold = row.small();
    trials[{cell, seed, fold}] = row.integer();
  }
  return trials;
}

std::string describe(const Place& place) {
  const auto& [cell, seed, fold] = place;
  std::string text = absl::StrCat("cell ", cell, ", seed ", seed);
  if (fold != 0) absl::StrAppend(&text, ", fold ", fold);
  return text;
}

// Trials are made in the order of their places. A sweep that has finished or failed has them all; one that
// runs, or was cancelled, may lack the last ones.
bool may_lack_trials(SweepState state) {
  return !has_ended(state) || state == SweepState::kCancelled;
}

// Every place of the search space has one trial, and no trial is elsewhere.
void check_grid(SQLite::Database& database, const SweepSummary& sweep, const std::vector<int>& folds,
                Verification& verification) {
  std::map<Place, std::int64_t> found = trials_by_place(database, sweep.id);
  auto made = static_cast<std::int64_t>(found.size());
  std::size_t reported = 0;
  const auto report = [&](const Place& place, std::int64_t trials) {
    if (++reported <= kMaxViolationsOfARule) {
      verification.violations.push_back(
          {"grid", std::nullopt, absl::StrCat(describe(place), " has ", trials, " trials instead of one")});
    }
  };
  for (std::int64_t cell = 0; cell < verification.cells; ++cell) {
    for (std::int64_t seed = 0; seed < verification.seeds; ++seed) {
      for (const int fold : folds) {
        const auto trials = found.extract({cell, seed, fold});
        const std::int64_t times = trials.empty() ? 0 : trials.mapped();
        const bool is_still_to_come = made-- <= 0 && times == 0 && may_lack_trials(sweep.state);
        if (times != 1 && !is_still_to_come) report({cell, seed, fold}, times);
      }
    }
  }
  for (const auto& [place, times] : found) {
    verification.violations.push_back(
        {"grid", std::nullopt, absl::StrCat(describe(place), " is not in the search space")});
  }
}

void check_rule(SQLite::Database& database, SweepId sweep, const VerificationRule& rule,
                std::vector<Violation>& violations) {
  SQLite::Statement select(database,
                           absl::StrCat(std::string(rule.violations), " LIMIT ", kMaxViolationsOfARule));
  select.bind(1, sweep.value);
  while (select.executeStep()) {
    Row row(select);
    Violation violation{std::string(rule.name), std::nullopt, {}};
    if (row.is_null()) {
      row.skip(1);
    } else {
      violation.trial = row.integer();
    }
    violation.detail = row.text();
    violations.push_back(std::move(violation));
  }
}

absl::StatusOr<SweepSpec> stored_spec(SQLite::Database& database, SweepId sweep) {
  SQLite::Statement select(database, "SELECT spec FROM sweeps WHERE id = ?");
  select.bind(1, sweep.value);
  if (!select.executeStep()) return absl::NotFoundError(absl::StrCat("there is no sweep ", sweep.value));
  spec::ParseResult parsed =
      spec::parse_stored_sweep(Row(select).text(), absl::StrCat("sweep ", sweep.value));
  if (auto* known = std::get_if<SweepSpec>(&parsed)) return std::move(*known);
  return absl::FailedPreconditionError(
      absl::StrCat("the stored specification cannot be read: ", std::get<1>(parsed).front().to_string()));
}

absl::StatusOr<Verification> verify(SQLite::Database& database, const std::string& which) {
  const SQLite::Transaction moment(database);
  const absl::StatusOr<SweepId> id = resolve_sweep(database, which);
  if (!id.ok()) return id.status();
  absl::StatusOr<SweepSummary> summary = read_sweep(database, *id);
  if (!summary.ok()) return summary.status();
  const absl::StatusOr<SweepSpec> spec = stored_spec(database, *id);
  if (!spec.ok()) return spec.status();
  const std::vector<int> folds =
      spec->evaluate == Split::kTest ? std::vector<int>{0} : folds_of(database, *id);

  Verification verification;
  verification.sweep = *std::move(summary);
  verification.cells = spec::grid_size(*spec);
  verification.seeds = spec->seeds;
  verification.folds = static_cast<std::int64_t>(folds.size());
  verification.attempts =
      count(database,
            "SELECT count(*) FROM attempts a JOIN trials t ON t.id = a.trial_id WHERE t.sweep_id = ?", *id);
  verification.metrics = count(database, "SELECT count(*) FROM trial_metrics WHERE sweep_id = ?", *id);
  const SweepState state = verification.sweep.state;
  verification.has_ended = has_ended(state);
  // A sweep has no trials before its data are known.
  if (verification.sweep.trials_total > 0 || state == SweepState::kFinished) {
    check_grid(database, verification.sweep, folds, verification);
  }
  for (const VerificationRule& rule : verification_rules()) {
    check_rule(database, *id, rule, verification.violations);
  }
  return verification;
}

}  // namespace

absl::StatusOr<Verification> verify_sweep(const std::filesystem::path& path, const std::string& which) {
  absl::StatusOr<SQLite::Database> database = open_read_only(path);
  if (!database.ok()) return database.status();
  try {
    return verify(*database, which);
  } catch (const SQLite::Exception& error) {
    return to_status(error, absl::StrCat("verifying ", path.string()));
  }
}

}  // namespace melsweep::results
