#include "shared/results/verification_rules.h"

#include <array>

namespace melsweep::results {
namespace {

// The steps that a trial measures at: every evaluate_every, and the last one. 'every' is at most 'steps'.
constexpr std::array<VerificationRule, 15> kRules = {{
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
     " FROM (SELECT t.number AS number, n.name AS metric, count(*) AS points, max(m.step) AS last,"
     "  sum(m.step % min(every, steps) <> 0 AND m.step <> steps) AS odd, steps, min(every, steps) AS every"
     "  FROM (SELECT id, number, settings ->> '$.training.steps' AS steps,"
     "   settings ->> '$.training.evaluate_every' AS every FROM trials WHERE sweep_id = ?1) t"
     "  JOIN attempts a ON a.trial_id = t.id AND a.state = 'finished'"
     "  JOIN metrics m ON m.trial_id = a.trial_id AND m.epoch = a.epoch JOIN metric_names n ON n.id = "
     "m.name_id"
     "  GROUP BY t.id, n.id)"
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
     "SELECT number, predicted || ' validation clips have a prediction, of ' || due FROM"
     " (SELECT t.number AS number,"
     "  (SELECT count(*) FROM clips c WHERE c.sweep_id = t.sweep_id AND CASE WHEN t.validation_fold = 0"
     "   THEN c.split = 'validation' ELSE c.fold = t.validation_fold END) AS due,"
     "  (SELECT count(*) FROM evaluations e JOIN predictions p ON p.evaluation_id = e.id"
     "   JOIN clips c ON c.sweep_id = t.sweep_id AND c.clip = p.clip"
     "   WHERE e.trial_id = t.id AND e.epoch = a.epoch AND e.split = 'validation') AS predicted"
     "  FROM trials t JOIN attempts a ON a.trial_id = t.id AND a.state = 'finished' WHERE t.sweep_id = ?1)"
     " WHERE predicted <> due"},
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
}};

}  // namespace

std::span<const VerificationRule> verification_rules() {
  return kRules;
}

}  // namespace melsweep::results
