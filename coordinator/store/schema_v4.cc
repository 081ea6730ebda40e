#include "coordinator/store/schema.h"

namespace melsweep::store {

// Studies: sweeps that wait for others and take over their winners' settings; looks at the test part.
const std::string_view kTablesV4 = R"sql(
-- What a column may hold cannot be changed, only the column, and that only while no view names it.
DROP VIEW best_run;
DROP VIEW leaderboard;
ALTER TABLE sweeps ADD COLUMN state_now TEXT NOT NULL DEFAULT 'preparing'
  CHECK (state_now IN ('waiting', 'preparing', 'running', 'finished', 'failed', 'cancelled'));
UPDATE sweeps SET state_now = state;
ALTER TABLE sweeps DROP COLUMN state;
ALTER TABLE sweeps RENAME COLUMN state_now TO state;

-- Of a sweep that was submitted with others: the study's name, and the number of its first sweep.
ALTER TABLE sweeps ADD COLUMN study TEXT NOT NULL DEFAULT '';
ALTER TABLE sweeps ADD COLUMN study_id INTEGER REFERENCES sweeps (id) ON DELETE SET NULL;
CREATE INDEX sweeps_by_study ON sweeps (study_id) WHERE study_id IS NOT NULL;

-- fields: a list of dotted paths; from_trial: the winner's number, NULL until they are taken.
CREATE TABLE takings (
  sweep_id INTEGER NOT NULL REFERENCES sweeps (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  from_sweep_id INTEGER NOT NULL REFERENCES sweeps (id) ON DELETE CASCADE,
  fields TEXT NOT NULL CHECK (json_valid(fields)),
  from_trial INTEGER CHECK (from_trial > 0),
  PRIMARY KEY (sweep_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX takings_by_source ON takings (from_sweep_id);

CREATE INDEX test_evaluations ON evaluations (trial_id, epoch) WHERE split = 'test';
)sql";

const std::string_view kViewsV4 = R"sql(
CREATE VIEW test_reads AS
SELECT
  d.content_hash AS data_hash,
  row_number() OVER (PARTITION BY d.content_hash ORDER BY a.ended_ms, t.id) AS look,
  t.sweep_id AS sweep_id,
  s.name AS sweep,
  t.number AS trial,
  nullif(s.study, '') AS study,
  strftime('%Y-%m-%dT%H:%M:%SZ', a.ended_ms / 1000, 'unixepoch') AS read_at,
  s.objective_metric AS objective_metric,
  t.objective AS objective,
  t.id AS trial_id
FROM evaluations e
JOIN attempts a ON a.trial_id = e.trial_id AND a.epoch = e.epoch AND a.state = 'finished'
JOIN trials t ON t.id = e.trial_id AND t.reused_from IS NULL
JOIN sweeps s ON s.id = t.sweep_id
JOIN datasets d ON d.sweep_id = s.id
WHERE e.split = 'test';

-- What the workers found, and behind it that a sweep was not the first to look at the test part of its data.
CREATE VIEW all_warnings AS
SELECT sweep_id, position, message FROM warnings
UNION ALL
SELECT r.sweep_id, 1000000 + r.look,
  'the test part of this data has now been looked at ' || r.look || ' times: '
  || (SELECT group_concat('sweep ' || o.sweep_id || ' (' || o.sweep || ') at ' || o.read_at, ', ')
      FROM (SELECT * FROM test_reads WHERE data_hash = r.data_hash AND look <= r.look ORDER BY look) o)
  || '; what is chosen by it is no longer an honest result'
FROM test_reads r WHERE r.look > 1;

-- A cell is all trials with the same parameters, over seeds and folds. As in the leaderboard a cell with a failed
-- trial has no mean.
CREATE VIEW cells AS
SELECT
  c.sweep_id AS sweep_id,
  s.name AS sweep,
  row_number() OVER (PARTITION BY c.sweep_id ORDER BY c.best_rank NULLS LAST, c.cell) AS rank,
  c.cell AS cell,
  (SELECT coalesce(group_concat(name || '=' || text, ' '), '')
   FROM (SELECT name, text FROM parameters WHERE trial_id = c.first_trial_id ORDER BY position)) AS parameters,
  s.objective_metric AS objective_metric,
  CASE WHEN c.failed = 0 THEN c.mean END AS objective_mean,
  CASE WHEN c.failed = 0 AND c.finished > 1 THEN sqrt(c.squares / (c.finished - 1)) END AS objective_deviation,
  CASE WHEN c.failed = 0 THEN c.lowest END AS objective_min,
  CASE WHEN c.failed = 0 THEN c.highest END AS objective_max,
  c.trials AS trials,
  c.finished AS trials_finished,
  c.failed AS trials_failed,
  c.open AS trials_open,
  (SELECT json_group_object(name, CASE kind WHEN 'boolean' THEN json(text) ELSE value END)
   FROM (SELECT name, kind, value, text FROM parameters WHERE trial_id = c.first_trial_id ORDER BY position))
    AS parameters_json,
  (SELECT trial FROM ranked_trials WHERE sweep_id = c.sweep_id AND rank = c.best_rank) AS best_trial
FROM (
  SELECT t.sweep_id AS sweep_id, t.cell AS cell, min(t.id) AS first_trial_id, min(r.rank) AS best_rank,
    avg(t.objective) AS mean, sum(t.off * t.off) AS squares, min(t.objective) AS lowest, max(t.objective) AS highest,
    count(*) AS trials, count(t.objective) AS finished,
    sum(t.state = 'failed' OR t.state = 'finished' AND t.objective IS NULL) AS failed,
    sum(t.state IN ('pending', 'running')) AS open
  FROM (SELECT id, sweep_id, cell, state, objective,
          objective - avg(objective) OVER (PARTITION BY sweep_id, cell) AS off FROM trials) t
  LEFT JOIN ranked_trials r ON r.trial_id = t.id
  GROUP BY t.sweep_id, t.cell
) c
JOIN sweeps s ON s.id = c.sweep_id
ORDER BY c.sweep_id DESC, rank;

CREATE VIEW leaderboard AS
SELECT
  r.sweep_id AS sweep_id,
  s.name AS sweep,
  r.rank AS rank,
  r.trial AS trial,
  (SELECT coalesce(group_concat(name || '=' || text, ' '), '')
   FROM (SELECT name, text FROM parameters WHERE trial_id = t.id ORDER BY position)) AS parameters,
  t.settings ->> '$.training.learning_rate' AS learning_rate,
  t.settings ->> '$.training.batch_size' AS batch_size,
  t.seed AS seed,
  nullif(t.validation_fold, 0) AS fold,
  s.objective_metric AS objective_metric,
  t.objective AS objective,
  r.cell_objective AS cell_objective,
  (SELECT value FROM metrics WHERE trial_id = t.id AND epoch = a.epoch
     AND name_id = (SELECT id FROM metric_names WHERE name = 'validation/accuracy')
   ORDER BY step DESC LIMIT 1) AS validation_accuracy,
  (SELECT value FROM metrics WHERE trial_id = t.id AND epoch = a.epoch
     AND name_id = (SELECT id FROM metric_names WHERE name = 'validation/loss')
   ORDER BY step DESC LIMIT 1) AS validation_loss,
  (SELECT value FROM metrics WHERE trial_id = t.id AND epoch = a.epoch
     AND name_id = (SELECT id FROM metric_names WHERE name = 'train/accuracy')
   ORDER BY step DESC LIMIT 1) AS train_accuracy,
  (SELECT value FROM metrics WHERE trial_id = t.id AND epoch = a.epoch
     AND name_id = (SELECT id FROM metric_names WHERE name = 'train/loss')
   ORDER BY step DESC LIMIT 1) AS train_loss,
  t.settings ->> '$.training.steps' AS steps,
  round((a.ended_ms - a.started_ms) / 1000.0, 3) AS duration_s,
  a.worker_id AS worker,
  w.device AS device,
  (SELECT coalesce(group_concat(message, '; '), '')
   FROM (SELECT message FROM all_warnings WHERE sweep_id = s.id ORDER BY position)) AS warnings,
  d.clips_skipped AS clips_skipped,
  strftime('%Y-%m-%dT%H:%M:%SZ', t.finished_ms / 1000, 'unixepoch') AS finished_at,
  a.checkpoint AS checkpoint,
  (SELECT json_group_object(name, CASE kind WHEN 'boolean' THEN json(text) ELSE value END)
   FROM (SELECT name, kind, value, text FROM parameters WHERE trial_id = t.id ORDER BY position)) AS parameters_json,
  t.settings AS settings,
  t.id AS trial_id
-- CROSS JOIN: the ranking is made once, and leads.
FROM ranked_trials r
CROSS JOIN trials t ON t.id = r.trial_id
CROSS JOIN sweeps s ON s.id = r.sweep_id
LEFT JOIN attempts a ON a.trial_id = t.id AND a.state = 'finished'
LEFT JOIN workers w ON w.id = a.worker_id
LEFT JOIN datasets d ON d.sweep_id = s.id
ORDER BY r.sweep_id DESC, r.rank;

CREATE VIEW best_run AS
SELECT
  l.sweep_id AS sweep_id,
  l.sweep AS sweep,
  (SELECT state FROM sweeps WHERE id = l.sweep_id) AS sweep_state,
  (SELECT count(*) FROM trials WHERE sweep_id = l.sweep_id) AS trials,
  (SELECT count(*) FROM trials WHERE sweep_id = l.sweep_id AND state = 'finished') AS trials_finished,
  l.trial AS trial,
  l.parameters AS parameters,
  l.learning_rate AS learning_rate,
  l.batch_size AS batch_size,
  l.seed AS seed,
  l.fold AS fold,
  l.objective_metric AS objective_metric,
  l.objective AS objective,
  l.cell_objective AS cell_objective,
  l.validation_accuracy AS validation_accuracy,
  l.validation_loss AS validation_loss,
  l.train_accuracy AS train_accuracy,
  l.train_loss AS train_loss,
  l.steps AS steps,
  l.duration_s AS duration_s,
  l.worker AS worker,
  l.device AS device,
  l.warnings AS warnings,
  l.clips_skipped AS clips_skipped,
  l.finished_at AS finished_at,
  l.checkpoint AS checkpoint,
  l.parameters_json AS parameters_json,
  l.settings AS settings,
  l.trial_id AS trial_id
FROM leaderboard l
WHERE l.rank = 1
ORDER BY l.sweep_id DESC;
)sql";

}  // namespace melsweep::store
