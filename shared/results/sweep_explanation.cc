#include "shared/results/sweep_explanation.h"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

#include "SQLiteCpp/Database.h"
#include "SQLiteCpp/Statement.h"
#include "SQLiteCpp/Transaction.h"
#include "absl/strings/str_cat.h"
#include "shared/model/leakage.h"
#include "shared/results/class_clips.h"
#include "shared/results/database_file.h"
#include "shared/results/row.h"
#include "shared/results/sqlite_status.h"
#include "shared/results/sweep_queries.h"
#include "shared/spec/value_json.h"

namespace melsweep::results {
namespace {

// Values in the order in which trials try them; the mean over the classes stands for a class behind all
// others.
constexpr char kSelectEffects[] =
    "WITH tried AS (SELECT p.position, p.name, p.text, c.class_index, c.class, c.f1, t.id AS trial_id, t.cell"
    "  FROM trials t JOIN parameters p ON p.trial_id = t.id JOIN class_metrics c ON c.trial_id = t.id"
    "  WHERE t.sweep_id = ?1 AND c.split = 'validation')"
    " SELECT name, text, class, avg(f1), count(*), position, class_index, min(cell) AS first FROM tried"
    " GROUP BY position, text, class_index"
    " UNION ALL"
    " SELECT name, text, '', avg(f1), count(DISTINCT trial_id), position, 1e9, min(cell) FROM tried"
    " GROUP BY position, text"
    " ORDER BY position, class_index, first";

constexpr char kSelectHardClips[] =
    "WITH said AS MATERIALIZED (SELECT p.clip, p.evaluation_id, p.true_index, p.predicted_index, "
    "p.probabilities"
    "   FROM finished_evaluations f JOIN predictions p ON p.evaluation_id = f.evaluation_id"
    "   WHERE f.sweep_id = ?1 AND f.split = 'validation'),"
    " hard AS (SELECT clip, true_index, count(*) AS trials, sum(predicted_index <> true_index) AS wrong,"
    "   avg(probabilities ->> ('$[' || true_index || ']')) AS true_probability FROM said"
    "   GROUP BY clip HAVING sum(predicted_index <> true_index) >= ?2 * count(*)),"
    " mostly AS (SELECT clip, predicted_index, row_number() OVER ("
    "   PARTITION BY clip ORDER BY count(*) DESC, predicted_index) AS place"
    "   FROM said WHERE predicted_index <> true_index GROUP BY clip, predicted_index)"
    " SELECT h.clip, t.class, k.class, h.trials, h.wrong, h.true_probability,"
    "  (SELECT avg(probabilities ->> ('$[' || m.predicted_index || ']')) FROM said WHERE clip = h.clip) AS "
    "taken"
    " FROM hard h JOIN mostly m ON m.clip = h.clip AND m.place = 1"
    " JOIN dataset_classes t ON t.sweep_id = ?1 AND t.class_index = h.true_index"
    " JOIN dataset_classes k ON k.sweep_id = ?1 AND k.class_index = m.predicted_index"
    " ORDER BY taken DESC, h.clip";

constexpr char kSelectAugmentations[] =
    "SELECT settings -> '$.training.augmentation' AS augmentation, validation_fold FROM trials"
    " WHERE sweep_id = ? AND state = 'finished' GROUP BY 1, 2 ORDER BY min(cell), 2";

void read_effects(SQLite::Database& database, SweepId sweep, SweepExplanation& explanation) {
  SQLite::Statement select(database, kSelectEffects);
  select.bind(1, sweep.value);
  while (select.executeStep()) {
    Row row(select);
    ValueEffect effect;
    effect.parameter = row.text();
    effect.value = row.text();
    effect.class_name = row.text();
    effect.f1 = row.real();
    effect.trials = row.integer();
    explanation.effects.push_back(std::move(effect));
  }
}

void read_hard_clips(SQLite::Database& database, SweepId sweep, SweepExplanation& explanation) {
  SQLite::Statement select(database, kSelectHardClips);
  select.bind(1, sweep.value);
  select.bind(2, kAlmostEvery);
  while (select.executeStep()) {
    Row row(select);
    HardClip clip;
    clip.clip = row.text();
    clip.true_class = row.text();
    clip.mostly_taken_for = row.text();
    clip.trials = row.integer();
    clip.wrong = row.integer();
    clip.mean_true_probability = row.real();
    clip.mean_taken_probability = row.real();
    explanation.hard_clips.push_back(std::move(clip));
  }
}

// The rows of this augmentation, one for each class, are made where there are none.
void add_pictures(const std::string& augmentation, const std::vector<ClassClips>& classes,
                  std::vector<ClassPictures>& pictures) {
  auto place = std::ranges::find(pictures, augmentation, &ClassPictures::augmentation) - pictures.begin();
  if (place == std::ssize(pictures)) {
    for (const ClassClips& clips : classes)
      pictures.push_back({.augmentation = augmentation, .class_name = clips.class_name, .folds = 0});
  }
  for (const ClassClips& clips : classes) {
    ClassPictures& sum = pictures[static_cast<std::size_t>(place++)];
    ++sum.folds;
    sum.clips += clips.train;
    sum.pictures += clips.pictures;
  }
}

absl::Status read_pictures(SQLite::Database& database, SweepId sweep, SweepExplanation& explanation) {
  const absl::StatusOr<SweepSpec> spec = read_spec(database, sweep);
  if (!spec.ok()) return spec.status();
  SQLite::Statement select(database, kSelectAugmentations);
  select.bind(1, sweep.value);
  while (select.executeStep()) {
    Row row(select);
    const auto json = nlohmann::json::parse(row.text(), nullptr, /*allow_exceptions=*/false);
    const int fold = row.small();
    std::vector<Augmentation> augmentation;
    if (absl::Status status = spec::decode(json, augmentation); !status.ok()) {
      return absl::DataLossError(
          absl::StrCat("the settings of a trial in the database cannot be read: training.augmentation ",
                       status.message()));
    }
    add_pictures(to_text(spec::to_parameter_value(spec::encode(augmentation))),
                 read_class_clips(database, sweep, fold, spec->train_on, augmentation), explanation.pictures);
  }
  return absl::OkStatus();
}

void read_duplicates(SQLite::Database& database, SweepId sweep, SweepExplanation& explanation) {
  for (const std::string& warning : read_warnings(database, sweep)) {
    if (warning.starts_with(kLeakageWarning))
      explanation.duplicates_across_splits.push_back(warning.substr(kLeakageWarning.size()));
  }
}

absl::StatusOr<SweepExplanation> explain(SQLite::Database& database, const std::string& which) {
  const absl::StatusOr<SweepId> sweep = resolve_sweep(database, which);
  if (!sweep.ok()) return sweep.status();
  const absl::StatusOr<SweepSummary> summary = read_sweep(database, *sweep);
  if (!summary.ok()) return summary.status();
  if (summary->trials_finished == 0) {
    return absl::NotFoundError(absl::StrCat("no trial of sweep ", sweep->value,
                                            " has finished yet, so that there is nothing to explain"));
  }
  SweepExplanation explanation{.sweep_id = sweep->value,
                               .sweep = summary->name,
                               .trials_finished = summary->trials_finished,
                               .effects = {},
                               .hard_clips = {},
                               .pictures = {}};
  read_effects(database, *sweep, explanation);
  read_hard_clips(database, *sweep, explanation);
  read_duplicates(database, *sweep, explanation);
  if (absl::Status status = read_pictures(database, *sweep, explanation); !status.ok()) return status;
  return explanation;
}

}  // namespace

absl::StatusOr<SweepExplanation> explain_sweep(const std::filesystem::path& path, const std::string& sweep) {
  absl::StatusOr<SQLite::Database> database = open_read_only(path);
  if (!database.ok()) return database.status();
  try {
    const SQLite::Transaction moment(*database);
    return explain(*database, sweep);
  } catch (const SQLite::Exception& error) {
    return to_status(error, absl::StrCat("reading the results database ", path.string()));
  }
}

}  // namespace melsweep::results
