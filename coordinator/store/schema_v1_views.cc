#include "coordinator/store/schema.h"

namespace melsweep::store {

// The views named in docs/results-db.md are what people's queries stand on: columns are only ever added.
// ranked_trials and finished_evaluations are their common parts.
const std::string_view kViewsV1 = R"sql(
-- Finished trials with their rank in the sweep. A cell's mean counts only where every trial of the cell, over seeds
-- and folds, has finished: a mean over those that happened to survive, or to be done first, would flatter it. So cells
-- that are complete come first, then those with trials still to come (or cancelled), last those with a failed trial.
CREATE VIEW ranked_trials AS
SELECT trial_id, sweep_id, trial, objective, cell_objective,
  row_number() OVER (
    PARTITION BY sweep_id
    ORDER BY is_complete DESC, sign * cell_objective DESC NULLS LAST, sign * objective DESC NULLS LAST, trial) AS rank
FROM (
  SELECT t.id AS trial_id, t.sweep_id AS sweep_id, t.number AS trial, t.state AS state, t.objective AS objective,
    CASE (SELECT goal FROM sweeps WHERE id = t.sweep_id) WHEN 'minimize' THEN -1 ELSE 1 END AS sign,
    count(*) OVER cell = count(t.objective) OVER cell AS is_complete,
    CASE WHEN count(*) FILTER (WHERE t.state = 'failed' OR t.state = 'finished' AND t.objective IS NULL) OVER cell = 0
      THEN avg(t.objective) OVER cell END AS cell_objective
  FROM trials t
  WINDOW cell AS (PARTITION BY t.sweep_id, t.cell)
)
WHERE state = 'finished';

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
   FROM (SELECT message FROM warnings WHERE sweep_id = s.id ORDER BY position)) AS warnings,
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

CREATE VIEW trial_metrics AS
SELECT t.sweep_id AS sweep_id, s.name AS sweep, t.number AS trial, m.step AS step, n.name AS metric, m.value AS value,
  t.id AS trial_id
FROM trials t
JOIN sweeps s ON s.id = t.sweep_id
JOIN attempts a ON a.trial_id = t.id AND a.state = 'finished'
JOIN metrics m ON m.trial_id = a.trial_id AND m.epoch = a.epoch
JOIN metric_names n ON n.id = m.name_id;

CREATE VIEW finished_evaluations AS
SELECT e.id AS evaluation_id, t.sweep_id AS sweep_id, s.name AS sweep, t.number AS trial, e.split AS split,
  t.id AS trial_id
FROM trials t
JOIN sweeps s ON s.id = t.sweep_id
JOIN attempts a ON a.trial_id = t.id AND a.state = 'finished'
JOIN evaluations e ON e.trial_id = a.trial_id AND e.epoch = a.epoch;

CREATE VIEW class_metrics AS
SELECT e.sweep_id AS sweep_id, e.sweep AS sweep, e.trial AS trial, e.split AS split, c.class AS class,
  c.precision AS precision, c.recall AS recall, c.f1 AS f1, c.support AS support, c.class_index AS class_index,
  e.trial_id AS trial_id
FROM finished_evaluations e
JOIN evaluated_classes c ON c.evaluation_id = e.evaluation_id;

CREATE VIEW confusion AS
SELECT e.sweep_id AS sweep_id, e.sweep AS sweep, e.trial AS trial, e.split AS split, truth.class AS true_class,
  predicted.class AS predicted_class, coalesce(k.clips, 0) AS clips,
  CASE WHEN truth.support > 0 THEN 1.0 * coalesce(k.clips, 0) / truth.support END AS fraction,
  truth.class_index AS true_index, predicted.class_index AS predicted_index, e.trial_id AS trial_id
FROM finished_evaluations e
JOIN evaluated_classes truth ON truth.evaluation_id = e.evaluation_id
JOIN evaluated_classes predicted ON predicted.evaluation_id = e.evaluation_id
LEFT JOIN confusion_counts k ON k.evaluation_id = e.evaluation_id AND k.true_index = truth.class_index
  AND k.predicted_index = predicted.class_index;

CREATE VIEW misclassified AS
SELECT e.sweep_id AS sweep_id, e.sweep AS sweep, e.trial AS trial, e.split AS split, p.clip AS clip,
  truth.class AS true_class, predicted.class AS predicted_class,
  p.probabilities ->> ('$[' || p.true_index || ']') AS true_probability,
  p.probabilities ->> ('$[' || p.predicted_index || ']') AS predicted_probability,
  (SELECT json_group_object(class, p.probabilities -> ('$[' || class_index || ']'))
   FROM (SELECT class, class_index FROM evaluated_classes WHERE evaluation_id = e.evaluation_id ORDER BY class_index)
  ) AS probabilities,
  e.trial_id AS trial_id
FROM finished_evaluations e
JOIN predictions p ON p.evaluation_id = e.evaluation_id AND p.true_index <> p.predicted_index
JOIN evaluated_classes truth ON truth.evaluation_id = e.evaluation_id AND truth.class_index = p.true_index
JOIN evaluated_classes predicted ON predicted.evaluation_id = e.evaluation_id
  AND predicted.class_index = p.predicted_index;
)sql";

}  // namespace melsweep::store
