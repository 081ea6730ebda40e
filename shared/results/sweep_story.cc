#include "shared/results/sweep_story.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "SQLiteCpp/Database.h"
#include "SQLiteCpp/Statement.h"
#include "SQLiteCpp/Transaction.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "shared/results/database_file.h"
#include "shared/results/row.h"
#include "shared/results/schema_version.h"
#include "shared/results/sqlite_status.h"
#include "shared/results/standings.h"
#include "shared/results/stored_spec.h"
#include "shared/results/story_queries.h"
#include "shared/results/sweep_queries.h"
#include "shared/results/trial_queries.h"

namespace melsweep::results {
namespace {

using Trials = std::vector<const TrialSummary*>;

// What a cell's trials have in common, as one text.
std::string cell_key(const std::vector<Parameter>& parameters) {
  std::string key;
  for (const Parameter& parameter : parameters) {
    const std::string value = to_text(parameter.value);
    absl::StrAppend(&key, parameter.name.size(), ":", parameter.name, value.size(), ":", value);
  }
  return key;
}

std::string split_of(const std::string& metric) {
  return absl::StartsWith(metric, "test/") ? "test" : "validation";
}

void tell_cells(SQLite::Database& database, SweepStory& story) {
  std::map<std::string, Trials> trials_of;
  for (const TrialSummary& trial : story.trials) trials_of[cell_key(trial.parameters)].push_back(&trial);
  Trials with_curves;
  for (CellSummary& summary : cells_of(story.trials)) {
    const Trials& trials = trials_of[cell_key(summary.parameters)];
    StoryCell cell;
    for (const TrialSummary* trial : trials) cell.trials.push_back(trial->number);
    const std::size_t place = story.cells.size();
    if (place < kCellsWithCurves) with_curves.insert(with_curves.end(), trials.begin(), trials.end());
    if (place < kCellsWithVerdicts) {
      cell.verdicts = read_verdicts(database, trials, split_of(story.summary.objective_metric));
      cell.settings = read_settings(database, trials.front()->id);
    }
    if (place == 0) story.evaluations = read_story_evaluations(database, trials);
    cell.summary = std::move(summary);
    story.cells.push_back(std::move(cell));
  }
  story.curves = read_story_curves(database, with_curves);
}

absl::StatusOr<SweepStory> read_one(SQLite::Database& database, SweepId id) {
  absl::StatusOr<SweepSummary> summary = read_sweep(database, id);
  if (!summary.ok()) return summary.status();
  SQLite::Statement texts(database, "SELECT yaml, spec FROM sweeps WHERE id = ?");
  texts.bind(1, id.value);
  if (!texts.executeStep()) return absl::DataLossError("a sweep has no text");
  Row row(texts);
  SweepStory story;
  story.yaml = row.text();
  absl::StatusOr<SweepSpec> spec = parse_spec(row.text());
  if (!spec.ok()) return spec.status();
  story.spec = *std::move(spec);
  story.summary = *std::move(summary);
  story.data = read_story_data(database, id);
  story.takings = read_takings(database, id);
  Standings standings;
  standings.update(database, story.summary);
  story.trials = read_trials(database, id, {}, standings);
  tell_cells(database, story);
  story.runs = read_runs(database, id);
  story.attempts_failed = count_attempts(database, id, "failed");
  story.attempts_lost = count_attempts(database, id, "lost");
  story.attempts_released = count_attempts(database, id, "released");
  return story;
}

std::vector<SweepId> sweeps_of_study(SQLite::Database& database, std::int64_t study) {
  SQLite::Statement select(database, "SELECT id FROM sweeps WHERE study_id = ? ORDER BY id");
  select.bind(1, study);
  std::vector<SweepId> sweeps;
  while (select.executeStep()) sweeps.push_back(SweepId{Row(select).integer()});
  return sweeps;
}

// The number of the newest study of this name; 0 where there is none.
std::int64_t study_called(SQLite::Database& database, const std::string& name) {
  SQLite::Statement select(database, "SELECT coalesce(max(study_id), 0) FROM sweeps WHERE study = ?");
  select.bind(1, name);
  return select.executeStep() ? Row(select).integer() : 0;
}

absl::Status neither(SQLite::Database& database, const absl::Status& no_sweep) {
  SQLite::Statement select(database,
                           "SELECT study FROM sweeps WHERE study <> '' GROUP BY study"
                           " ORDER BY max(id) DESC LIMIT 10");
  std::string studies;
  while (select.executeStep()) {
    absl::StrAppend(&studies, studies.empty() ? "" : ", ", "'", Row(select).text(), "'");
  }
  if (studies.empty()) return no_sweep;
  return absl::NotFoundError(absl::StrCat(no_sweep.message(), "; and the studies ", studies));
}

// A study and its first sweep may have the same name: whichever has the newer sweeps is meant. The last sweep
// is the end of its study.
absl::StatusOr<std::vector<SweepId>> resolve_story(SQLite::Database& database, const std::string& which) {
  const absl::StatusOr<SweepId> sweep = resolve_sweep(database, which);
  std::int64_t study = study_called(database, which);
  if (sweep.ok() && which == "last") {
    const absl::StatusOr<SweepSummary> last = read_sweep(database, *sweep);
    if (last.ok()) study = last->study_id.value;
  }
  if (study != 0) {
    std::vector<SweepId> sweeps = sweeps_of_study(database, study);
    if (!sweeps.empty() && (!sweep.ok() || sweeps.back() >= *sweep)) return sweeps;
  }
  if (!sweep.ok()) return neither(database, sweep.status());
  return std::vector<SweepId>{*sweep};
}

absl::StatusOr<Story> read_all(SQLite::Database& database, const std::string& which) {
  const absl::StatusOr<std::vector<SweepId>> ids = resolve_story(database, which);
  if (!ids.ok()) return ids.status();
  Story story;
  story.schema_version = kSchemaVersion;
  for (const SweepId id : *ids) {
    absl::StatusOr<SweepStory> one = read_one(database, id);
    if (!one.ok()) return one.status();
    story.sweeps.push_back(*std::move(one));
  }
  if (story.sweeps.size() > 1) story.study = story.sweeps.front().summary.study;
  return story;
}

}  // namespace

absl::StatusOr<std::vector<Story>> read_stories(const std::filesystem::path& path,
                                                const std::vector<std::string>& which) {
  absl::StatusOr<SQLite::Database> database = open_read_only(path);
  if (!database.ok()) return database.status();
  try {
    const SQLite::Transaction moment(*database);
    std::vector<Story> stories;
    for (const std::string& one : which) {
      absl::StatusOr<Story> story = read_all(*database, one);
      if (!story.ok()) return story.status();
      stories.push_back(*std::move(story));
    }
    return stories;
  } catch (const SQLite::Exception& error) {
    return to_status(error, absl::StrCat("reading the results database ", path.string()));
  }
}

absl::StatusOr<Story> read_story(const std::filesystem::path& path, const std::string& which) {
  absl::StatusOr<std::vector<Story>> stories = read_stories(path, {which});
  if (!stories.ok()) return stories.status();
  return std::move(stories->front());
}

}  // namespace melsweep::results
