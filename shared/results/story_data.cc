#include <map>
#include <utility>

#include "SQLiteCpp/Statement.h"
#include "absl/strings/str_cat.h"
#include "shared/results/row.h"
#include "shared/results/story_queries.h"

namespace melsweep::results {
namespace {

constexpr char kSelectClasses[] =
    "SELECT k.class,"
    " count(*) FILTER (WHERE c.split = 'train'), count(*) FILTER (WHERE c.split = 'validation'),"
    " count(*) FILTER (WHERE c.split = 'test'), count(*) FILTER (WHERE c.split = 'train' AND c.channels > 1)"
    " FROM dataset_classes k LEFT JOIN clips c USING (sweep_id, class_index)"
    " WHERE k.sweep_id = ? GROUP BY k.class_index ORDER BY k.class_index";

constexpr char kSelectClips[] =
    "SELECT clip, class_index, recording, duration_s, content_hash FROM clips WHERE sweep_id = ?"
    " ORDER BY class_index, clip";

constexpr char kSelectRecordings[] =
    "SELECT count(*), coalesce(sum(parts > 1), 0) FROM (SELECT count(DISTINCT CASE WHEN EXISTS"
    "   (SELECT 1 FROM validation_folds WHERE sweep_id = ?1) THEN split || fold ELSE split END) AS parts"
    "  FROM clips WHERE sweep_id = ?1 GROUP BY recording)";

constexpr char kSelectRuns[] =
    "SELECT t.number, a.worker_id, w.host, w.device, a.request, a.started_ms, a.ended_ms,"
    " t.reused_from IS NOT NULL, a.checkpoint, a.members,"
    " (t.settings ->> '$.training.steps') - coalesce(a.resumed_from_step, 0),"
    " CASE WHEN EXISTS (SELECT 1 FROM attempt_stages g WHERE g.trial_id = a.trial_id AND g.epoch = a.epoch)"
    "  THEN w.device || json_extract(t.settings, '$.features', '$.model', '$.training.augmentation',"
    "   '$.training.batch_size', '$.training.precision') ELSE '' END"
    " FROM (SELECT o.*, count(*) OVER (PARTITION BY o.request) AS members"
    "  FROM trials m JOIN attempts o ON o.trial_id = m.id WHERE m.sweep_id = ?1) a"
    " JOIN trials t ON t.id = a.trial_id JOIN workers w ON w.id = a.worker_id"
    " WHERE a.state = 'finished' ORDER BY a.started_ms, t.number";

constexpr char kSelectStages[] =
    "SELECT trial, stage, seconds, made, found FROM stage_times WHERE sweep_id = ? ORDER BY trial, stage";

SQLite::Statement select_of(SQLite::Database& database, const std::string& query, SweepId sweep) {
  SQLite::Statement select(database, query);
  select.bind(1, sweep.value);
  return select;
}

void read_clips(SQLite::Database& database, SweepId sweep, StoryData& data) {
  SQLite::Statement classes = select_of(database, kSelectClasses, sweep);
  while (classes.executeStep()) {
    Row row(classes);
    ClassCounts counts;
    counts.class_name = row.text();
    counts.train = row.integer();
    counts.validation = row.integer();
    counts.test = row.integer();
    counts.train_stereo = row.integer();
    data.classes.push_back(std::move(counts));
  }
  SQLite::Statement clips = select_of(database, kSelectClips, sweep);
  while (clips.executeStep()) {
    Row row(clips);
    StoryClip clip;
    clip.clip = row.text();
    clip.class_index = row.small();
    clip.recording = row.text();
    clip.duration_s = row.real();
    clip.content_hash = row.text();
    data.clips.push_back(std::move(clip));
  }
}

void read_test_reads(SQLite::Database& database, StoryData& data) {
  SQLite::Statement reads(database,
                          "SELECT look, sweep_id, sweep, trial, read_at FROM test_reads"
                          " WHERE data_hash = ? ORDER BY look");
  reads.bind(1, data.content_hash);
  while (reads.executeStep()) {
    Row row(reads);
    TestRead read;
    read.look = row.integer();
    read.sweep_id = row.integer();
    read.sweep = row.text();
    read.trial = row.integer();
    read.read_at = row.text();
    data.test_reads.push_back(std::move(read));
  }
}

void read_stages(SQLite::Database& database, SweepId sweep, std::vector<StoryRun>& runs) {
  std::map<std::int64_t, StoryRun*> run_of;
  for (StoryRun& run : runs) run_of.emplace(run.trial, &run);
  SQLite::Statement select = select_of(database, kSelectStages, sweep);
  while (select.executeStep()) {
    Row row(select);
    const auto run = run_of.find(row.integer());
    if (run == run_of.end()) continue;
    StageTime stage;
    stage.stage = row.text();
    stage.seconds = row.real();
    stage.made = row.integer();
    stage.found = row.integer();
    run->second->stages.push_back(std::move(stage));
  }
}

}  // namespace

StoryData read_story_data(SQLite::Database& database, SweepId sweep) {
  StoryData data;
  SQLite::Statement dataset =
      select_of(database, "SELECT content_hash, trainer FROM datasets WHERE sweep_id = ?", sweep);
  if (!dataset.executeStep()) return data;
  Row found(dataset);
  data.known = true;
  data.content_hash = found.text();
  data.trainer = found.text();
  read_clips(database, sweep, data);
  SQLite::Statement folds =
      select_of(database, "SELECT fold FROM validation_folds WHERE sweep_id = ? ORDER BY position", sweep);
  while (folds.executeStep()) data.validation_folds.push_back(Row(folds).small());
  SQLite::Statement skipped = select_of(
      database, "SELECT clip, reason FROM skipped_clips WHERE sweep_id = ? ORDER BY position", sweep);
  while (skipped.executeStep()) {
    Row row(skipped);
    std::string clip = row.text();
    data.skipped.push_back({.clip = std::move(clip), .reason = row.text()});
  }
  SQLite::Statement weights = select_of(
      database, "SELECT weights, weights_hash FROM dataset_weights WHERE sweep_id = ? ORDER BY 1", sweep);
  while (weights.executeStep()) {
    Row row(weights);
    std::string name = row.text();
    data.weights.emplace_back(std::move(name), row.text());
  }
  read_test_reads(database, data);
  SQLite::Statement recordings = select_of(database, kSelectRecordings, sweep);
  if (recordings.executeStep()) {
    Row row(recordings);
    data.recordings = row.integer();
    data.recordings_split = row.integer();
  }
  return data;
}

std::vector<StoryTaking> read_takings(SQLite::Database& database, SweepId sweep) {
  SQLite::Statement select = select_of(
      database,
      "SELECT k.from_sweep_id, s.name, k.from_trial,"
      " (SELECT coalesce(group_concat(value, ', '), '') FROM json_each(k.fields))"
      " FROM takings k JOIN sweeps s ON s.id = k.from_sweep_id WHERE k.sweep_id = ? ORDER BY k.position",
      sweep);
  std::vector<StoryTaking> takings;
  while (select.executeStep()) {
    Row row(select);
    StoryTaking taking;
    taking.from_sweep_id = row.integer();
    taking.from_sweep = row.text();
    taking.from_trial = row.integer();
    taking.fields = row.text();
    takings.push_back(std::move(taking));
  }
  return takings;
}

std::vector<StoryRun> read_runs(SQLite::Database& database, SweepId sweep) {
  SQLite::Statement select = select_of(database, kSelectRuns, sweep);
  std::vector<StoryRun> runs;
  while (select.executeStep()) {
    Row row(select);
    StoryRun run;
    run.trial = row.integer();
    run.worker = row.text();
    run.host = row.text();
    run.device = row.text();
    run.group = row.text();
    run.started_ms = row.integer();
    run.ended_ms = row.integer();
    run.reused = row.integer() != 0;
    run.checkpoint = row.text();
    run.begun_together = row.integer();
    run.steps = row.integer();
    run.kind = row.text();
    runs.push_back(std::move(run));
  }
  read_stages(database, sweep, runs);
  return runs;
}

std::int64_t count_attempts(SQLite::Database& database, SweepId sweep, const std::string& state) {
  SQLite::Statement select = select_of(database,
                                       "SELECT count(*) FROM attempts a JOIN trials t ON t.id = a.trial_id "
                                       "WHERE t.sweep_id = ? AND a.state = ?",
                                       sweep);
  select.bind(2, state);
  return select.executeStep() ? Row(select).integer() : 0;
}

std::string read_settings(SQLite::Database& database, TrialId trial) {
  SQLite::Statement select(database, "SELECT settings FROM trials WHERE id = ?");
  select.bind(1, trial.value);
  return select.executeStep() ? Row(select).text() : "{}";
}

}  // namespace melsweep::results
