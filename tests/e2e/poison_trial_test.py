"""Trials that kill their trainer every time."""

import unittest

from programs import rows
from staged import StagedTest

HARMLESS, POISON = 0.5, 0.25
MAX_ATTEMPTS = 3


class PoisonTrialTest(StagedTest):
    def test_it_fails_with_its_reason_after_max_attempts_and_the_sweep_ends(self):
        self.stage.direct(poison=[POISON])
        with self.cluster() as cluster:
            for name in ("one", "other"):
                self.start_worker(cluster, name)
            self.submit(cluster, self.sweep_file(2, learning_rates=(HARMLESS, POISON), max_attempts=MAX_ATTEMPTS))
            self.assertIn("2 of 4 trials finished, 2 failed", self.watch(cluster, expect=1).stderr)
            self.assertEqual(rows(cluster.database, "select state from sweeps"), [{"state": "finished"}])
            trials = rows(
                cluster.database,
                "select value as learning_rate, state, failed_attempts, count(*) as n from trials"
                " join parameters on trial_id = id group by 1, 2, 3 order by 1",
            )
            self.assertEqual(
                [tuple(row.values()) for row in trials],
                [(POISON, "failed", MAX_ATTEMPTS, 2), (HARMLESS, "finished", 0, 2)],
            )
            failures = rows(cluster.database, "select failure_kind, failure from attempts where state = 'failed'")
            self.assertEqual(len(failures), 2 * MAX_ATTEMPTS)
            for failure in failures:
                self.assertEqual(failure["failure_kind"], "trainer_died")
                self.assertIn("signal 9", failure["failure"])
            self.assert_recorded_once(cluster.database)


if __name__ == "__main__":
    unittest.main()
