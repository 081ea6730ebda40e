#include "shared/results/trial_queries.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "SQLiteCpp/Statement.h"
#include "shared/results/labels.h"
#include "shared/results/parameter_rows.h"
#include "shared/results/row.h"

namespace melsweep::results {
namespace {

const std::string kSelectTrials =
    "SELECT t.id, t.sweep_id, t.number, t.seed, t.validation_fold, t.state, t.objective, t.finished_ms,"
    " (SELECT count(*) FROM attempts WHERE trial_id = t.id),"
    " (SELECT failure FROM attempts WHERE trial_id = t.id AND failure IS NOT NULL ORDER BY epoch DESC LIMIT "
    "1),"
    " a.worker_id, a.checkpoint, a.started_ms, a.epoch"
    " FROM trials t"
    " LEFT JOIN attempts a ON a.trial_id = t.id"
    " AND a.epoch = (SELECT max(epoch) FROM attempts WHERE trial_id = t.id)";

// Each metric of an attempt at its last step: one index look-up a name instead of a walk over the whole
// history.
class LastMetrics {
 public:
  explicit LastMetrics(SQLite::Database& database)
      : select_(database,
                "SELECT m.step, n.name, m.value FROM metric_names n CROSS JOIN metrics m"
                " ON m.trial_id = ?1 AND m.epoch = ?2 AND m.name_id = n.id AND m.step ="
                " (SELECT max(step) FROM metrics WHERE trial_id = ?1 AND epoch = ?2 AND name_id = n.id)"
                " ORDER BY n.name") {}

  std::vector<MetricPoint> of(TrialId trial, std::int64_t epoch) {
    std::vector<MetricPoint> points;
    select_.reset();
    select_.bind(1, trial.value);
    select_.bind(2, epoch);
    while (select_.executeStep()) {
      Row row(select_);
      MetricPoint point;
      point.step = row.integer();
      point.name = row.text();
      point.value = row.optional_real().value_or(std::numeric_limits<double>::quiet_NaN());
      points.push_back(std::move(point));
    }
    return points;
  }

 private:
  SQLite::Statement select_;
};

// Makes trials of the rows of kSelectTrials.
class TrialReader {
 public:
  TrialReader(SQLite::Database& database, const Standings& standings)
      : standings_(standings), parameters_(database), last_metrics_(database) {}

  TrialSummary read(SQLite::Statement& select) {
    Row row(select);
    TrialSummary trial;
    trial.id = TrialId{row.integer()};
    trial.sweep = SweepId{row.integer()};
    trial.number = row.integer();
    trial.rank = standings_.rank_of(trial.id);
    trial.parameters = parameters_.of(trial.id);
    trial.seed = static_cast<std::uint64_t>(row.integer());
    trial.validation_fold = row.small();
    trial.state = row.enumerator<TrialState>();
    trial.objective = row.optional_real();
    trial.finished_ms = row.integer();
    trial.attempts = row.small();
    trial.failure = row.text();
    trial.worker = row.text();
    trial.checkpoint = row.text();
    trial.started_ms = row.integer();
    trial.last_metrics = last_metrics_.of(trial.id, row.integer());
    return trial;
  }

 private:
  const Standings& standings_;
  ParameterRows parameters_;
  LastMetrics last_metrics_;
};

}  // namespace

std::vector<TrialSummary> read_trials(SQLite::Database& database, SweepId sweep, const TrialRange& range,
                                      const Standings& standings) {
  SQLite::Statement select(
      database, kSelectTrials + " WHERE t.sweep_id = ? AND t.number > ? ORDER BY t.number LIMIT ?");
  select.bind(1, sweep.value);
  select.bind(2, range.after);
  select.bind(3, range.limit);
  TrialReader reader(database, standings);
  std::vector<TrialSummary> trials;
  while (select.executeStep()) trials.push_back(reader.read(select));
  return trials;
}

std::vector<TrialSummary> read_ranked_trials(SQLite::Database& database, const TrialRange& range,
                                             const Standings& standings) {
  const auto ranked = static_cast<std::int64_t>(standings.ranked().size());
  const std::int64_t first = std::clamp<std::int64_t>(range.after, 0, ranked);
  const std::int64_t count = std::clamp<std::int64_t>(range.limit, 0, ranked - first);
  SQLite::Statement select(database, kSelectTrials + " WHERE t.id = ?");
  TrialReader reader(database, standings);
  std::vector<TrialSummary> trials;
  for (const TrialId trial :
       standings.ranked().subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count))) {
    select.reset();
    select.bind(1, trial.value);
    while (select.executeStep()) trials.push_back(reader.read(select));
  }
  return trials;
}

std::vector<ClassMetrics> read_class_metrics(SQLite::Database& database, TrialId trial) {
  SQLite::Statement select(database,
                           "SELECT class, precision, recall, f1, support FROM class_metrics"
                           " WHERE trial_id = ? ORDER BY class_index");
  select.bind(1, trial.value);
  std::vector<ClassMetrics> classes;
  while (select.executeStep()) {
    Row row(select);
    ClassMetrics metrics;
    metrics.class_name = row.text();
    metrics.precision = row.real();
    metrics.recall = row.real();
    metrics.f1 = row.real();
    metrics.support = row.integer();
    classes.push_back(std::move(metrics));
  }
  return classes;
}

std::vector<WorkerSummary> read_workers(SQLite::Database& database) {
  SQLite::Statement select(
      database,
      "SELECT w.id, w.host, w.device, w.draining,"
      " (SELECT trial_id FROM attempts WHERE worker_id = w.id AND state = 'running' ORDER BY started_ms DESC "
      "LIMIT 1),"
      " max(w.registered_ms,"
      "     coalesce((SELECT max(coalesce(ended_ms, started_ms)) FROM attempts WHERE worker_id = w.id), 0)),"
      " w.gpus, w.gpu_memory, w.cpus, w.labels FROM workers w ORDER BY w.id");
  std::vector<WorkerSummary> workers;
  while (select.executeStep()) {
    Row row(select);
    WorkerSummary worker;
    worker.id = WorkerId{row.text()};
    worker.host = row.text();
    worker.device = row.text();
    worker.draining = row.integer() != 0;
    const std::int64_t trial = row.integer();
    if (trial != 0) worker.trial = TrialId{trial};
    worker.last_seen_ms = row.integer();
    worker.resources.gpus = row.small();
    worker.resources.gpu_memory = {row.integer()};
    worker.resources.cpus = row.small();
    worker.resources.labels = labels_of(row.text());
    workers.push_back(std::move(worker));
  }
  return workers;
}

}  // namespace melsweep::results
