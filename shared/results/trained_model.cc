#include "shared/results/trained_model.h"

#include <limits>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "SQLiteCpp/Database.h"
#include "SQLiteCpp/Statement.h"
#include "SQLiteCpp/Transaction.h"
#include "absl/strings/str_cat.h"
#include "shared/results/class_clips.h"
#include "shared/results/database_file.h"
#include "shared/results/parameter_rows.h"
#include "shared/results/row.h"
#include "shared/results/sqlite_status.h"
#include "shared/results/stored_spec.h"
#include "shared/results/sweep_queries.h"
#include "shared/spec/settings_json.h"

namespace melsweep::results {
namespace {

constexpr char kSelectRun[] =
    "SELECT s.id, s.name, t.number, t.settings, t.seed, t.validation_fold,"
    " strftime('%Y-%m-%dT%H:%M:%SZ', t.finished_ms / 1000, 'unixepoch'),"
    " a.epoch, a.checkpoint, a.checkpoint_sha256, a.checkpoint_step, w.device,"
    " d.content_hash, d.trainer, d.clips_skipped,"
    " coalesce((SELECT weights_hash FROM dataset_weights"
    "   WHERE sweep_id = s.id AND weights = t.settings ->> '$.model.weights'), '')"
    " FROM trials t JOIN sweeps s ON s.id = t.sweep_id"
    " JOIN attempts a ON a.trial_id = t.id AND a.state = 'finished'"
    " JOIN workers w ON w.id = a.worker_id JOIN datasets d ON d.sweep_id = s.id"
    " WHERE t.id = ?";

constexpr char kSelectMetrics[] =
    "SELECT n.name, m.step, m.value FROM metrics m JOIN metric_names n ON n.id = m.name_id"
    " WHERE m.trial_id = ?1 AND m.epoch = ?2 AND m.step ="
    " (SELECT max(step) FROM metrics WHERE trial_id = ?1 AND epoch = ?2 AND name_id = n.id) ORDER BY n.name";

constexpr char kSelectEvaluations[] =
    "SELECT split, class, precision, recall, f1, support FROM class_metrics"
    " WHERE trial_id = ? ORDER BY split DESC, class_index";

std::vector<MetricPoint> read_metrics(SQLite::Database& database, TrialId trial, std::int64_t epoch) {
  SQLite::Statement select(database, kSelectMetrics);
  select.bind(1, trial.value);
  select.bind(2, epoch);
  std::vector<MetricPoint> metrics;
  while (select.executeStep()) {
    Row row(select);
    MetricPoint point;
    point.name = row.text();
    point.step = row.integer();
    point.value = row.optional_real().value_or(std::numeric_limits<double>::quiet_NaN());
    metrics.push_back(std::move(point));
  }
  return metrics;
}

std::vector<SplitMetrics> read_evaluations(SQLite::Database& database, TrialId trial) {
  SQLite::Statement select(database, kSelectEvaluations);
  select.bind(1, trial.value);
  std::vector<SplitMetrics> evaluations;
  while (select.executeStep()) {
    Row row(select);
    std::string split = row.text();
    if (evaluations.empty() || evaluations.back().split != split) {
      evaluations.push_back({.split = std::move(split), .classes = {}});
    }
    ClassMetrics metrics;
    metrics.class_name = row.text();
    metrics.precision = row.real();
    metrics.recall = row.real();
    metrics.f1 = row.real();
    metrics.support = row.integer();
    evaluations.back().classes.push_back(std::move(metrics));
  }
  return evaluations;
}

absl::StatusOr<TrialSettings> parse_settings(const std::string& text) {
  return spec::settings_from_json(nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false));
}

absl::StatusOr<TrainedModel> read_model(SQLite::Database& database, TrialId trial) {
  SQLite::Statement select(database, kSelectRun);
  select.bind(1, trial.value);
  if (!select.executeStep()) {
    return absl::DataLossError("the database lacks what belongs to the trial; `melsweep verify` tells more");
  }
  Row row(select);
  TrainedModel model;
  ModelOrigin& origin = model.origin;
  const SweepId sweep{row.integer()};
  origin.sweep_id = sweep.value;
  origin.sweep = row.text();
  origin.trial = row.integer();
  absl::StatusOr<TrialSettings> settings = parse_settings(row.text());
  if (!settings.ok()) return settings.status();
  model.settings = *std::move(settings);
  origin.seed = static_cast<std::uint64_t>(row.integer());
  origin.validation_fold = row.small();
  origin.finished_at = row.text();
  const std::int64_t epoch = row.integer();
  model.file.path = row.text();
  model.file.sha256 = row.text();
  origin.step = row.integer();
  origin.device = row.text();
  origin.dataset_hash = row.text();
  origin.trainer = row.text();
  origin.clips_skipped = row.integer();
  const absl::StatusOr<SweepSpec> spec = read_spec(database, sweep);
  if (!spec.ok()) return spec.status();
  origin.dataset = spec->dataset;
  model.start = {.path = model.settings.model.weights, .sha256 = row.text()};
  origin.parameters = ParameterRows(database).of(trial);
  origin.clips = read_class_clips(database, sweep, origin.validation_fold, spec->train_on,
                                  model.settings.training.augmentation);
  for (const ClassClips& clips : origin.clips) model.labels.push_back(clips.class_name);
  origin.metrics = read_metrics(database, trial, epoch);
  origin.evaluations = read_evaluations(database, trial);
  origin.warnings = read_warnings(database, sweep);
  return model;
}

}  // namespace

absl::StatusOr<TrainedModel> read_trained_model(const std::filesystem::path& path, const RunChoice& run) {
  absl::StatusOr<SQLite::Database> database = open_read_only(path);
  if (!database.ok()) return database.status();
  try {
    const SQLite::Transaction moment(*database);
    const absl::StatusOr<TrialId> trial = resolve_run(*database, run);
    return trial.ok() ? read_model(*database, *trial) : trial.status();
  } catch (const SQLite::Exception& error) {
    return to_status(error, absl::StrCat("reading the results database ", path.string()));
  }
}

}  // namespace melsweep::results
