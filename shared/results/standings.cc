#include "shared/results/standings.h"

#include <utility>

#include "SQLiteCpp/Statement.h"
#include "shared/results/row.h"

namespace melsweep::results {
namespace {

std::vector<TrialId> read_ranked(SQLite::Database& database, SweepId sweep) {
  SQLite::Statement select(database, "SELECT trial_id FROM ranked_trials WHERE sweep_id = ? ORDER BY rank");
  select.bind(1, sweep.value);
  std::vector<TrialId> trials;
  while (select.executeStep()) trials.push_back(TrialId{Row(select).integer()});
  return trials;
}

std::int64_t read_mean_duration_ms(SQLite::Database& database, SweepId sweep) {
  SQLite::Statement select(
      database,
      "SELECT CAST(avg(a.ended_ms - a.started_ms) AS INTEGER)"
      " FROM trials t CROSS JOIN attempts a ON a.trial_id = t.id AND a.state = 'finished'"
      " WHERE t.sweep_id = ? AND t.state = 'finished'");
  select.bind(1, sweep.value);
  select.executeStep();
  return Row(select).integer();
}

}  // namespace

void Standings::update(SQLite::Database& database, const SweepSummary& sweep) {
  const Basis basis{sweep.id, sweep.trials_total, sweep.trials_finished, sweep.trials_failed};
  if (basis == basis_) return;
  std::vector<TrialId> ranked = read_ranked(database, sweep.id);
  const std::int64_t mean_duration_ms = read_mean_duration_ms(database, sweep.id);
  std::unordered_map<TrialId, std::int64_t> ranks;
  ranks.reserve(ranked.size());
  for (const TrialId trial : ranked) ranks.emplace(trial, static_cast<std::int64_t>(ranks.size()) + 1);
  basis_ = basis;
  ranked_ = std::move(ranked);
  ranks_ = std::move(ranks);
  mean_duration_ms_ = mean_duration_ms;
}

std::int64_t Standings::rank_of(TrialId trial) const {
  const auto found = ranks_.find(trial);
  return found == ranks_.end() ? 0 : found->second;
}

}  // namespace melsweep::results
