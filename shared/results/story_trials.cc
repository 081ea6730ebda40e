#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "SQLiteCpp/Statement.h"
#include "shared/results/row.h"
#include "shared/results/story_queries.h"

namespace melsweep::results {
namespace {

constexpr char kSelectPoints[] =
    "SELECT step, metric, value FROM trial_metrics WHERE trial_id = ? ORDER BY metric, step";

constexpr char kSelectEvaluations[] =
    "SELECT evaluation_id, split FROM finished_evaluations WHERE trial_id = ? ORDER BY split DESC";

constexpr char kSelectClasses[] =
    "SELECT class, precision, recall, f1, support FROM class_metrics WHERE trial_id = ? AND split = ?"
    " ORDER BY class_index";

constexpr char kSelectConfusion[] =
    "SELECT true_index, predicted_index, clips FROM confusion WHERE trial_id = ? AND split = ?";

constexpr char kSelectPredictions[] =
    "SELECT clip, true_index, predicted_index, probabilities FROM predictions WHERE evaluation_id = ?"
    " ORDER BY clip";

constexpr char kSelectVerdicts[] =
    "SELECT p.clip, c.recording, p.true_index = p.predicted_index FROM finished_evaluations e"
    " JOIN predictions p ON p.evaluation_id = e.evaluation_id"
    " LEFT JOIN clips c ON c.sweep_id = e.sweep_id AND c.clip = p.clip"
    " WHERE e.trial_id = ? AND e.split = ?";

bool is_finished(const TrialSummary& trial) {
  return trial.state == TrialState::kFinished;
}

std::vector<double> numbers_of(const std::string& text) {
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  std::vector<double> numbers;
  if (!json.is_array()) return numbers;
  for (const nlohmann::json& value : json) {
    numbers.push_back(value.is_number() ? value.get<double>() : std::numeric_limits<double>::quiet_NaN());
  }
  return numbers;
}

void read_classes(SQLite::Database& database, TrialId trial, StoryEvaluation& evaluation) {
  SQLite::Statement classes(database, kSelectClasses);
  classes.bind(1, trial.value);
  classes.bind(2, evaluation.split);
  while (classes.executeStep()) {
    Row row(classes);
    ClassMetrics metrics;
    metrics.class_name = row.text();
    metrics.precision = row.real();
    metrics.recall = row.real();
    metrics.f1 = row.real();
    metrics.support = row.integer();
    evaluation.classes.push_back(std::move(metrics));
  }
  const std::size_t count = evaluation.classes.size();
  evaluation.confusion.assign(count, std::vector<std::int64_t>(count, 0));
  SQLite::Statement confusion(database, kSelectConfusion);
  confusion.bind(1, trial.value);
  confusion.bind(2, evaluation.split);
  while (confusion.executeStep()) {
    Row row(confusion);
    const auto truth = static_cast<std::size_t>(row.integer());
    const auto predicted = static_cast<std::size_t>(row.integer());
    evaluation.confusion.at(truth).at(predicted) = row.integer();
  }
}

void read_predictions(SQLite::Database& database, std::int64_t id, StoryEvaluation& evaluation) {
  SQLite::Statement select(database, kSelectPredictions);
  select.bind(1, id);
  while (select.executeStep()) {
    Row row(select);
    StoryPrediction prediction;
    prediction.clip = row.text();
    prediction.true_index = row.small();
    prediction.predicted_index = row.small();
    prediction.probabilities = numbers_of(row.text());
    evaluation.predictions.push_back(std::move(prediction));
  }
}

}  // namespace

std::vector<StoryCurves> read_story_curves(SQLite::Database& database,
                                           const std::vector<const TrialSummary*>& trials) {
  SQLite::Statement select(database, kSelectPoints);
  std::vector<StoryCurves> curves;
  for (const TrialSummary* trial : trials) {
    if (!is_finished(*trial)) continue;
    StoryCurves curve{.trial = trial->number, .points = {}};
    select.reset();
    select.bind(1, trial->id.value);
    while (select.executeStep()) {
      Row row(select);
      MetricPoint point;
      point.step = row.integer();
      point.name = row.text();
      point.value = row.optional_real().value_or(std::numeric_limits<double>::quiet_NaN());
      curve.points.push_back(std::move(point));
    }
    curves.push_back(std::move(curve));
  }
  return curves;
}

std::vector<StoryEvaluation> read_story_evaluations(SQLite::Database& database,
                                                    const std::vector<const TrialSummary*>& trials) {
  SQLite::Statement select(database, kSelectEvaluations);
  std::vector<StoryEvaluation> evaluations;
  for (const TrialSummary* trial : trials) {
    if (!is_finished(*trial)) continue;
    select.reset();
    select.bind(1, trial->id.value);
    while (select.executeStep()) {
      Row row(select);
      const std::int64_t id = row.integer();
      StoryEvaluation evaluation{
          .trial = trial->number, .split = row.text(), .classes = {}, .confusion = {}, .predictions = {}};
      read_classes(database, trial->id, evaluation);
      read_predictions(database, id, evaluation);
      evaluations.push_back(std::move(evaluation));
    }
  }
  return evaluations;
}

std::vector<ClipVerdict> read_verdicts(SQLite::Database& database,
                                       const std::vector<const TrialSummary*>& trials,
                                       const std::string& split) {
  struct Sum {
    std::string recording;
    double right = 0.0;
    double seen = 0.0;
  };
  std::map<std::string, Sum> sums;
  SQLite::Statement select(database, kSelectVerdicts);
  for (const TrialSummary* trial : trials) {
    select.reset();
    select.bind(1, trial->id.value);
    select.bind(2, split);
    while (select.executeStep()) {
      Row row(select);
      Sum& sum = sums[row.text()];
      sum.recording = row.text();
      sum.right += static_cast<double>(row.integer());
      sum.seen += 1.0;
    }
  }
  std::vector<ClipVerdict> verdicts;
  verdicts.reserve(sums.size());
  for (auto& [clip, sum] : sums) {
    const std::string& recording = sum.recording.empty() ? clip : sum.recording;
    verdicts.push_back({.clip = clip, .recording = recording, .right = sum.right / sum.seen});
  }
  return verdicts;
}

}  // namespace melsweep::results
