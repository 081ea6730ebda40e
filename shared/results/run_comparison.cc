#include "shared/results/run_comparison.h"

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "SQLiteCpp/Database.h"
#include "SQLiteCpp/Statement.h"
#include "SQLiteCpp/Transaction.h"
#include "absl/strings/str_cat.h"
#include "shared/results/database_file.h"
#include "shared/results/row.h"
#include "shared/results/sqlite_status.h"

namespace melsweep::results {
namespace {

using nlohmann::json;

constexpr char kSelectRun[] =
    "SELECT s.name, s.id, t.number, t.settings, t.seed, nullif(t.validation_fold, 0), d.content_hash,"
    " (SELECT weights_hash FROM dataset_weights"
    "   WHERE sweep_id = s.id AND weights = t.settings ->> '$.model.weights')"
    " FROM trials t JOIN sweeps s ON s.id = t.sweep_id JOIN datasets d ON d.sweep_id = s.id WHERE t.id = ?";

constexpr char kSelectMetrics[] =
    "SELECT metric, value FROM trial_metrics m WHERE trial_id = ?1 AND step ="
    " (SELECT max(step) FROM trial_metrics WHERE trial_id = ?1 AND metric = m.metric)";

constexpr char kSelectClasses[] =
    "SELECT a.split, a.class, a.f1, b.f1, a.support FROM class_metrics a"
    " JOIN class_metrics b ON b.split = a.split AND b.class = a.class"
    " WHERE a.trial_id = ?1 AND b.trial_id = ?2 ORDER BY a.split DESC, a.class_index";

// What both said of the clips that both were evaluated on.
const std::string kPairs =
    "WITH said AS MATERIALIZED (SELECT f.trial_id, f.split, p.clip, t.class AS true_class,"
    "  k.class AS predicted_class, p.probabilities ->> ('$[' || p.true_index || ']') AS probability"
    "  FROM finished_evaluations f JOIN predictions p ON p.evaluation_id = f.evaluation_id"
    "  JOIN evaluated_classes t ON t.evaluation_id = p.evaluation_id AND t.class_index = p.true_index"
    "  JOIN evaluated_classes k ON k.evaluation_id = p.evaluation_id AND k.class_index = p.predicted_index"
    "  WHERE f.trial_id IN (?1, ?2))"
    " SELECT a.split, a.clip, a.true_class, a.predicted_class, b.predicted_class, a.probability, "
    "b.probability"
    " FROM said a JOIN said b ON b.split = a.split AND b.clip = a.clip"
    " WHERE a.trial_id = ?1 AND b.trial_id = ?2 ORDER BY a.split DESC, a.true_class, a.clip";

// As a sweep writes it.
std::string shown(const json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

// Every setting by its dotted path; a list is one value.
void flatten(const json& value, const std::string& path, std::map<std::string, std::string>& flat) {
  if (!value.is_object()) {
    flat[path] = shown(value);
    return;
  }
  for (const auto& [key, member] : value.items()) {
    flatten(member, path.empty() ? key : absl::StrCat(path, ".", key), flat);
  }
}

struct Run {
  ComparedRun name;
  std::map<std::string, std::string> settings;
  std::map<std::string, std::optional<double>> metrics;
};

Run read_run(SQLite::Database& database, TrialId trial) {
  Run run;
  SQLite::Statement select(database, kSelectRun);
  select.bind(1, trial.value);
  if (select.executeStep()) {
    Row row(select);
    run.name.sweep = row.text();
    run.name.sweep_id = row.integer();
    run.name.trial = row.integer();
    flatten(json::parse(row.text(), nullptr, /*allow_exceptions=*/false), "", run.settings);
    for (const char* key : {"seed", "fold", "data", "weights"}) run.settings[key] = row.text();
  }
  SQLite::Statement metrics(database, kSelectMetrics);
  metrics.bind(1, trial.value);
  while (metrics.executeStep()) {
    Row row(metrics);
    std::string metric = row.text();
    run.metrics.insert_or_assign(std::move(metric), row.optional_real());
  }
  return run;
}

// What the two maps have under each key that one of them has.
template <class Value, class Take>
void in_pairs(const std::map<std::string, Value>& a, const std::map<std::string, Value>& b, Take take) {
  std::set<std::string> keys;
  for (const auto& [key, value] : a) keys.insert(key);
  for (const auto& [key, value] : b) keys.insert(key);
  const auto value_in = [](const std::map<std::string, Value>& map, const std::string& key) {
    const auto found = map.find(key);
    return found == map.end() ? Value{} : found->second;
  };
  for (const std::string& key : keys) take(key, value_in(a, key), value_in(b, key));
}

SQLite::Statement select_of_both(SQLite::Database& database, const std::string& query, TrialId a, TrialId b) {
  SQLite::Statement select(database, query);
  select.bind(1, a.value);
  select.bind(2, b.value);
  return select;
}

void read_classes(SQLite::Database& database, TrialId a, TrialId b, RunComparison& comparison) {
  SQLite::Statement select = select_of_both(database, kSelectClasses, a, b);
  while (select.executeStep()) {
    Row row(select);
    ClassPair pair;
    pair.split = row.text();
    pair.class_name = row.text();
    pair.a_f1 = row.real();
    pair.b_f1 = row.real();
    pair.support = row.integer();
    comparison.classes.push_back(std::move(pair));
  }
}

void read_clips(SQLite::Database& database, TrialId a, TrialId b, RunComparison& comparison) {
  SQLite::Statement select = select_of_both(database, kPairs, a, b);
  while (select.executeStep()) {
    ++comparison.clips_in_common;
    Row row(select);
    ClipPair pair;
    pair.split = row.text();
    pair.clip = row.text();
    pair.true_class = row.text();
    pair.a_class = row.text();
    pair.b_class = row.text();
    pair.a_probability = row.real();
    pair.b_probability = row.real();
    const bool a_right = pair.a_class == pair.true_class;
    const bool b_right = pair.b_class == pair.true_class;
    if (a_right && b_right) continue;
    pair.verdict = b_right ? Verdict::kFixed : a_right ? Verdict::kBroken : Verdict::kBothWrong;
    comparison.clips.push_back(std::move(pair));
  }
  std::ranges::stable_sort(comparison.clips, {}, &ClipPair::verdict);
}

absl::StatusOr<RunComparison> compare(SQLite::Database& database, const RunChoice& first,
                                      const RunChoice& second) {
  const absl::StatusOr<TrialId> a = resolve_run(database, first);
  if (!a.ok()) return a.status();
  const absl::StatusOr<TrialId> b = resolve_run(database, second);
  if (!b.ok()) return b.status();
  const Run run_a = read_run(database, *a);
  const Run run_b = read_run(database, *b);
  RunComparison comparison;
  comparison.a = run_a.name;
  comparison.b = run_b.name;
  in_pairs(run_a.settings, run_b.settings, [&](const auto& path, const auto& of_a, const auto& of_b) {
    if (of_a != of_b) comparison.settings.push_back({.path = path, .a = of_a, .b = of_b});
  });
  in_pairs(run_a.metrics, run_b.metrics, [&](const auto& metric, const auto& of_a, const auto& of_b) {
    comparison.metrics.push_back({.metric = metric, .a = of_a, .b = of_b});
  });
  read_classes(database, *a, *b, comparison);
  read_clips(database, *a, *b, comparison);
  return comparison;
}

}  // namespace

std::string to_text(Verdict verdict) {
  switch (verdict) {
    case Verdict::kFixed:
      return "fixed";
    case Verdict::kBroken:
      return "broken";
    case Verdict::kBothWrong:
      break;
  }
  return "both wrong";
}

absl::StatusOr<RunComparison> compare_runs(const std::filesystem::path& path, const RunChoice& a,
                                           const RunChoice& b) {
  absl::StatusOr<SQLite::Database> database = open_read_only(path);
  if (!database.ok()) return database.status();
  try {
    const SQLite::Transaction moment(*database);
    return compare(*database, a, b);
  } catch (const SQLite::Exception& error) {
    return to_status(error, absl::StrCat("reading the results database ", path.string()));
  }
}

}  // namespace melsweep::results
