#include "shared/results/verification_rules.h"

#include <array>

namespace melsweep::results {
namespace {

// The steps that a trial measures at: every evaluate_every, and the last one. 'every' is at most 'steps'.
constexpr std::array<VerificationRule, 20> kRules = {{
    {"trial-numbers",
     "SELECT number, 'it is trial number ' || number || ' at place ' || place FROM"
     " (SELECT number, row_number() OVER (ORDER BY number) AS place FROM trials WHERE sweep_id = ?1)"
     " WHERE number <> place"},
    {"open-after-end",
     "SELECT t.number, 'the sweep has ended (' || s.state || ') and the trial is ' || t.state"
     " FROM trials t JOIN sweeps s ON s.id = t.sweep_id"
     " WHERE s.id = ?1 AND s.state IN ('finished', 'failed', 'cancelled') AND t.state IN ('pending', "
     "'running')"},
    {"running-attempts",
     "SELECT t.number, 'the trial is ' || t.state || ' and has ' || count(a.epoch) || ' running attempts'"
     " FROM trials t LEFT JOIN attempts a ON a.trial_id = t.id AND a.state = 'running'"
     " WHERE t.sweep_id = ?1 GROUP BY t.id HAVING count(a.epoch) <> (t.state = 'running')"},
    {"finished-once",
     "SELECT t.number, 'the trial is ' || t.state || ' and has ' || count(a.epoch) || ' finished attempts'"
     " FROM trials t LEFT JOIN attempts a ON a.trial_id = t.id AND a.state = 'finished'"
     " WHERE t.sweep_id = ?1 GROUP BY t.id HAVING count(a.epoch) <> (t.state = 'finished')"},
    {"last-attempt-finished",
     "SELECT t.number, 'attempt ' || a.epoch || ' finished, and attempt ' || t.epoch || ' was made after it'"
     " FROM trials t JOIN attempts a ON a.trial_id = t.id AND a.state = 'finished'"
     " WHERE t.sweep_id = ?1 AND a.epoch <> t.epoch"},
    {"fencing-numbers",
     "SELECT t.number, 'the fencing number is ' || t.epoch || ', and the attempts are '"
     " || coalesce((SELECT group_concat(epoch, ', ') FROM (SELECT epoch FROM attempts WHERE trial_id = t.id"
     " ORDER BY epoch)), 'none')"
     " FROM trials t LEFT JOIN attempts a ON a.trial_id = t.id WHERE t.sweep_id = ?1 GROUP BY t.id"
     " HAVING count(a.epoch) <> t.epoch OR coalesce(max(a.epoch), 0) <> t.epoch"},
    {"failed-attempts",
     "SELECT t.number, t.failed_attempts || ' failed attempts are counted, and ' || count(a.epoch)"
     " || ' failed or were lost'"
     " FROM trials t LEFT JOIN attempts a ON a.trial_id = t.id AND a.state IN ('failed', 'lost')"
     " WHERE t.sweep_id = ?1 GROUP BY t.id HAVING count(a.epoch) <> t.failed_attempts"},
    {"reasons",
     "SELECT t.number, 'attempt ' || a.epoch || ' is ' || a.state || ' and '"
     " || CASE WHEN a.failure IS NULL THEN 'says no reason' ELSE 'has a reason to fail' END"
     " FROM trials t JOIN attempts a ON a.trial_id = t.id"
     " WHERE t.sweep_id = ?1 AND (a.state IN ('failed', 'lost')) <> (a.failure IS NOT NULL)"},
    {"metrics-complete",
     "SELECT number, metric || ' has ' || points || ' points up to step ' || last || '; '"
     " || ((steps + every - 1) / every) || ' up to step ' || steps || ' are due'"
     " FROM (SELECT number, metric, count(*) AS points, max(step) AS last,"
     "  sum(step % every <> 0 AND step <> steps) AS odd, steps, every"
     // The test part is looked at once, after the last step.
     "  FROM (SELECT t.id AS id, t.number AS number, n.id AS name_id, n.name AS metric, m.step AS step, "
     "steps,"
     "   CASE WHEN n.name LIKE 'test/%' THEN steps ELSE min(every, steps) END AS every"
     "   FROM (SELECT id, number, settings ->> '$.training.steps' AS steps,"
     "    settings ->> '$.training.evaluate_every' AS every FROM trials WHERE sweep_id = ?1) t"
     "   JOIN attempts a ON a.trial_id = t.id AND a.state = 'finished'"
     "   JOIN metrics m ON m.trial_id = a.trial_id AND m.epoch = a.epoch JOIN metric_names n ON n.id = "
     "m.name_id)"
     "  GROUP BY id, name_id)"
     " WHERE points <> (steps + every - 1) / every OR last <> steps OR odd > 0"},
    {"objective",
     "SELECT t.number, 'the objective is ' || coalesce(t.objective, 'none') || ', and ' || s.objective_metric"
     " || ' at the last step is ' || coalesce(m.value, 'none')"
     " FROM trials t JOIN sweeps s ON s.id = t.sweep_id"
     " JOIN attempts a ON a.trial_id = t.id AND a.state = 'finished'"
     " LEFT JOIN metric_names n ON n.name = s.objective_metric"
     " LEFT JOIN metrics m ON m.trial_id = a.trial_id AND m.epoch = a.epoch AND m.name_id = n.id"
     "  AND m.step = (SELECT max(step) FROM metrics WHERE trial_id = a.trial_id AND epoch = a.epoch"
     "   AND name_id = n.id)"
     " WHERE s.id = ?1 AND t.objective IS NOT m.value"},
    {"predictions",
     "SELECT number, predicted || ' ' || split || ' clips have a prediction, of ' || due FROM"
     " (SELECT t.number AS number, e.split AS split,"
     "  (SELECT count(*) FROM clips c WHERE c.sweep_id = t.sweep_id"
     "   AND CASE WHEN e.split = 'test' OR t.validation_fold = 0"
     "   THEN c.split = e.split ELSE c.fold = t.validation_fold END) AS due,"
     "  (SELECT count(*) FROM predictions p JOIN clips c ON c.sweep_id = t.sweep_id AND c.clip = p.clip"
     "   WHERE p.evaluation_id = e.id) AS predicted"
     "  FROM trials t JOIN attempts a ON a.trial_id = t.id AND a.state = 'finished'"
     "  JOIN evaluations e ON e.trial_id = a.trial_id AND e.epoch = a.epoch WHERE t.sweep_id = ?1)"
     " WHERE predicted <> due"},
    {"evaluated-once",
     "SELECT t.number, 'the finished attempt has ' || count(e.id) || ' evaluations'"
     " FROM trials t JOIN attempts a ON a.trial_id = t.id AND a.state = 'finished'"
     " LEFT JOIN evaluations e ON e.trial_id = a.trial_id AND e.epoch = a.epoch"
     " WHERE t.sweep_id = ?1 GROUP BY t.id HAVING count(e.id) <> 1"},
    {"one-test",
     "SELECT NULL, 'the sweep is evaluated on the test part, and has ' || count(DISTINCT t.id) || ' trials'"
     " FROM trials t WHERE t.sweep_id = ?1 AND EXISTS (SELECT 1 FROM trials o"
     "  JOIN evaluations e ON e.trial_id = o.id AND e.split = 'test' WHERE o.sweep_id = ?1)"
     " HAVING count(DISTINCT t.id) > 1"},
    {"taken-from",
     "SELECT NULL, 'the settings taken over are those of trial ' || k.from_trial || ' of sweep ' || "
     "k.from_sweep_id"
     " || ', which is not its winner' FROM takings k WHERE k.sweep_id = ?1 AND k.from_trial IS NOT NULL"
     " AND NOT EXISTS (SELECT 1 FROM ranked_trials r WHERE r.sweep_id = k.from_sweep_id AND r.rank = 1"
     "  AND r.trial = k.from_trial)"},
    // evaluate_every is at most the steps, which may differ.
    {"taken-settings",
     "SELECT t.number, f.value || ' is ' || coalesce(json_extract(t.settings, '$.' || f.value), 'the "
     "default')"
     " || ', and the winner it is taken from has '"
     " || coalesce(json_extract(w.settings, '$.' || f.value), 'the default')"
     " FROM takings k JOIN json_each(k.fields) f"
     " JOIN trials w ON w.sweep_id = k.from_sweep_id AND w.number = k.from_trial"
     " JOIN trials t ON t.sweep_id = k.sweep_id WHERE k.sweep_id = ?1 AND f.value <> "
     "'training.evaluate_every'"
     " AND json_extract(t.settings, '$.' || f.value) IS NOT json_extract(w.settings, '$.' || f.value)"},
    {"checkpoint",
     "SELECT t.number, 'the finished attempt ' || a.epoch || ' has no checkpoint'"
     " FROM trials t JOIN attempts a ON a.trial_id = t.id AND a.state = 'finished'"
     " WHERE t.sweep_id = ?1 AND a.checkpoint IS NULL"},
    {"resumed-from",
     "SELECT t.number, 'attempt ' || a.epoch || ' goes on from step ' || a.resumed_from_step || ' of attempt "
     "'"
     " || a.resumed_from_epoch || ', which is not an earlier one'"
     " FROM trials t JOIN attempts a ON a.trial_id = t.id"
     " WHERE t.sweep_id = ?1 AND a.resumed_from_epoch IS NOT NULL AND NOT EXISTS (SELECT 1 FROM attempts o"
     "  WHERE o.trial_id = t.id AND o.epoch = a.resumed_from_epoch AND o.epoch < a.epoch)"},
    {"reused-from",
     "SELECT t.number, 'the result is that of trial ' || t.reused_from || ', which is not the same or has not"
     " finished' FROM trials t LEFT JOIN trials o ON o.id = t.reused_from AND o.key = t.key AND o.key <> ''"
     "  AND o.state = 'finished' AND o.id < t.id"
     " WHERE t.sweep_id = ?1 AND t.reused_from IS NOT NULL AND o.id IS NULL"},
    {"checkpoints-left",
     "SELECT t.number, 'the trial is ' || t.state || ' and has ' || count(*) || ' checkpoints to go on from'"
     " FROM trials t JOIN checkpoints c ON c.trial_id = t.id WHERE t.sweep_id = ?1 GROUP BY t.id"
     " HAVING count(*) > CASE WHEN t.state IN ('pending', 'running') THEN 2 ELSE 0 END"},
    {"stage-times",
     "SELECT t.number, 'attempt ' || a.epoch || ' says what its time went into, and '"
     " || CASE WHEN a.state = 'finished' THEN 'its result was taken over' ELSE 'is ' || a.state END"
     " FROM trials t JOIN attempts a ON a.trial_id = t.id"
     " WHERE t.sweep_id = ?1 AND (a.state <> 'finished' OR t.reused_from IS NOT NULL) AND EXISTS"
     " (SELECT 1 FROM attempt_stages g WHERE g.trial_id = a.trial_id AND g.epoch = a.epoch)"},
}};

}  // namespace

std::span<const VerificationRule> verification_rules() {
  return kRules;
}

}  // namespace melsweep::results
