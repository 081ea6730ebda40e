"""A sweep that is edited and submitted again: what is in the database already is not run again."""

import unittest

from programs import as_json, melsweep, rows
from staged import StagedTest


class EditedSweepTest(StagedTest):
    def run_to_its_end(self, cluster, learning_rates, *more):
        """The outcome, and how many trials were run for it."""
        before = len(self.stage.journal("started"))
        sweep = self.sweep_file(2, learning_rates=learning_rates)
        ended = melsweep("submit", sweep, "--coordinator", cluster.address, "--wait", *more)
        return ended, len(self.stage.journal("started")) - before

    def test_only_what_the_edit_adds_is_run(self):
        with self.cluster() as cluster:
            self.start_worker(cluster, "only")
            self.assertEqual(self.run_to_its_end(cluster, [0.5, 0.25])[1], 4)
            ended, trials = self.run_to_its_end(cluster, [0.125, 0.25, 0.5])
            self.assertEqual(trials, 2)
            self.assertIn("6 of 6 trials finished", ended.stderr)
            self.assertIn("the results of 4 are from earlier sweeps", ended.stderr)
            same = rows(
                cluster.database,
                "select count(*) as n from trials t join trials o on o.id = t.reused_from"
                " where t.key = o.key and t.objective = o.objective and t.sweep_id = 2 and o.sweep_id = 1",
            )
            self.assertEqual(same, [{"n": 4}])
            self.assert_recorded_once(cluster.database)

    def test_the_same_sweep_again_has_ended_before_a_worker_asks(self):
        with self.cluster() as cluster:
            self.start_worker(cluster, "only")
            first, _ = self.run_to_its_end(cluster, [0.5, 0.25])
            again, trials = self.run_to_its_end(cluster, [0.5, 0.25])
            self.assertEqual(trials, 0)
            self.assertEqual(first.stdout, again.stdout)
            sweeps = as_json("status", "--coordinator", cluster.address)
            self.assertEqual([sweep["reused"] for sweep in sweeps], [4, 0])
            self.assert_recorded_once(cluster.database)

    def test_fresh_runs_all(self):
        with self.cluster() as cluster:
            self.start_worker(cluster, "only")
            self.run_to_its_end(cluster, [0.5])
            ended, trials = self.run_to_its_end(cluster, [0.5], "--fresh")
            self.assertEqual(trials, 2)
            self.assertNotIn("earlier sweeps", ended.stderr)


if __name__ == "__main__":
    unittest.main()
