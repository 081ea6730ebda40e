"""Trials that one trainer does together: each has its own end, and nobody else's."""

import os
import signal
import unittest

from programs import melsweep, rows, wait_until
from staged import StagedTest

LONG_LEASE_MS = 3_600_000
POISON = 0.4


class GroupedTrialsTest(StagedTest):
    def setUp(self):
        super().setUp()
        self.stage.direct(max_group=4)

    def start(self, cluster, **sweep):
        """A worker, and a sweep of four trials that it does together."""
        self.start_worker(cluster, "only")
        return self.submit(cluster, self.sweep_file(**{"trials": 4, **sweep}))

    def trainer(self):
        """The one process that all trials of the journal's were started in."""
        pids = {line["pid"] for line in self.stage.journal("started")}
        self.assertEqual(len(pids), 1, "they are one group")
        return pids.pop()

    def reasons(self, cluster):
        released = rows(cluster.database, "select release_reason as why from attempts where state = 'released'")
        return [row["why"] for row in released]

    def failed_attempts(self, cluster):
        return rows(cluster.database, "select sum(failed_attempts) as n from trials")[0]["n"]

    def assert_sound(self, cluster):
        self.assert_recorded_once(cluster.database)
        self.assert_one_trainer_a_trial()

    def test_a_group_finishes_trial_by_trial_in_one_process(self):
        with self.cluster() as cluster:
            self.watch(cluster, self.start(cluster))
            self.trainer()
            self.assertEqual(self.attempts(cluster), {"finished": 4})
            self.assert_sound(cluster)

    def test_a_trainers_death_costs_no_trial_of_its_group_an_attempt(self):
        self.stage.hold()
        # A lease this long cannot have run out: what is known of the death, the agent told.
        with self.cluster(lease_ttl_ms=LONG_LEASE_MS) as cluster:
            sweep = self.start(cluster)
            self.wait_for_held(cluster, 4)
            os.kill(self.trainer(), signal.SIGKILL)
            self.stage.let_go()
            self.watch(cluster, sweep)
            self.assertEqual(self.attempts(cluster), {"released": 4, "finished": 4})
            self.assertEqual(self.reasons(cluster), ["group_died"] * 4)
            self.assertEqual(self.failed_attempts(cluster), 0)
            self.assert_sound(cluster)

    def test_a_poison_trial_takes_others_with_it_once(self):
        self.stage.direct(max_group=4, poison=[POISON])
        with self.cluster(lease_ttl_ms=LONG_LEASE_MS) as cluster:
            sweep = self.start(cluster, trials=1, learning_rates=(0.1, 0.2, 0.3, POISON), max_attempts=2)
            self.watch(cluster, sweep, expect=1)
            self.assertEqual(self.attempts(cluster), {"released": 4, "finished": 3, "failed": 2})
            self.assertEqual(self.failed_attempts(cluster), 2, "those of the poison trial")
            self.assert_sound(cluster)

    def test_a_group_of_a_paused_sweep_is_given_back_and_goes_on_when_it_is_resumed(self):
        self.stage.hold()
        with self.cluster(lease_ttl_ms=10_000) as cluster:
            sweep = self.start(cluster)
            self.wait_for_held(cluster, 4)
            trainer = self.trainer()
            melsweep("pause", sweep, "--coordinator", cluster.address)
            wait_until(lambda: self.attempts(cluster) == {"released": 4}, "the group's return")
            self.assertEqual(self.reasons(cluster), ["paused"] * 4)
            self.stage.let_go()
            melsweep("resume", sweep, "--coordinator", cluster.address)
            self.watch(cluster, sweep)
            self.assertEqual(self.attempts(cluster), {"released": 4, "finished": 4})
            self.assertEqual(self.trainer(), trainer, "its process was kept")
            self.assertEqual(self.failed_attempts(cluster), 0)
            self.assert_sound(cluster)

    def test_a_group_goes_on_through_the_coordinators_restart(self):
        self.stage.hold()
        with self.cluster(lease_ttl_ms=10_000) as cluster:
            sweep = self.start(cluster)
            self.wait_for_held(cluster, 4)
            cluster.coordinator.stop(signal.SIGKILL)
            cluster.start_coordinator(cluster.address)
            self.stage.let_go()
            self.watch(cluster, sweep)
            self.assertEqual(self.attempts(cluster), {"finished": 4})
            self.trainer()
            self.assert_sound(cluster)


if __name__ == "__main__":
    unittest.main()
