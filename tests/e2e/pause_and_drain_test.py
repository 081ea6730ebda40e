"""Sweeps that are paused and resumed, and workers that are told from afar to leave."""

import signal
import unittest

from programs import as_json, melsweep, rows, wait_until
from staged import StagedTest

LEASE_TTL_MS = 10_000


class PauseAndDrainTest(StagedTest):
    def ask(self, cluster, *arguments, expect=0):
        return melsweep(*arguments, "--coordinator", cluster.address, expect=expect)

    def status(self, cluster, sweep):
        return as_json("status", sweep, "--coordinator", cluster.address)[0]

    def reasons(self, cluster):
        released = rows(cluster.database, "select release_reason as why from attempts where state = 'released'")
        return [row["why"] for row in released]

    def started(self, sweep):
        return [line for line in self.stage.journal("started") if line["sweep"] == sweep]

    def run_other_sweep(self, cluster, name):
        """What shows that the workers ask for work and are given none of the paused sweep."""
        self.watch(cluster, self.submit(cluster, self.sweep_file(trials=2, name=name)))

    def assert_nothing_failed(self, database):
        self.assertEqual(rows(database, "select sum(failed_attempts) as n from trials"), [{"n": 0}])

    def test_a_paused_sweep_runs_nowhere_until_it_is_resumed(self):
        self.stage.hold()
        with self.cluster(lease_ttl_ms=LEASE_TTL_MS) as cluster:
            workers = [self.start_worker(cluster, name) for name in ("one", "two")]
            sweep = self.submit(cluster, self.sweep_file(trials=4))
            self.wait_for_held(cluster, 2)
            self.assertIn(f"sweep {sweep} paused", self.ask(cluster, "pause", sweep).stderr)
            wait_until(lambda: self.attempts(cluster) == {"released": 2}, "the running trials' return")
            self.assertEqual(len(self.stage.journal("stopped")), 2, "their trainers stopped")
            self.assertEqual(self.reasons(cluster), ["paused"] * 2)

            status = self.status(cluster, sweep)
            self.assertEqual((status["state"], status["paused"], status["running"]), ("running", True, 0))
            self.assertIn("paused", self.ask(cluster, "status", sweep).stdout)
            self.stage.let_go()
            self.run_other_sweep(cluster, "other")
            cluster.coordinator.stop(signal.SIGKILL)
            cluster.start_coordinator(cluster.address)
            self.assertTrue(self.status(cluster, sweep)["paused"], "after the coordinator's restart")
            self.run_other_sweep(cluster, "another")
            self.assertEqual(len(self.started(sweep)), 2)
            self.assertTrue(all(worker.running() for worker in workers))

            self.ask(cluster, "resume", sweep)
            self.watch(cluster, sweep)
            self.assertEqual(self.status(cluster, sweep)["paused"], False)
            self.assertIn("has ended", self.ask(cluster, "pause", sweep, expect=1).stderr)
            self.assertEqual(self.attempts(cluster), {"finished": 4 + 2 + 2, "released": 2})
            self.assert_nothing_failed(cluster.database)
            self.assert_recorded_once(cluster.database)
            self.assert_one_trainer_a_trial()

    def test_a_drained_worker_leaves_and_its_trial_goes_on_elsewhere(self):
        self.stage.hold()
        with self.cluster(lease_ttl_ms=LEASE_TTL_MS) as cluster:
            leaving = self.start_worker(cluster, "leaving")
            sweep = self.submit(cluster, self.sweep_file(trials=1))
            self.wait_for_held(cluster, 1)
            self.assertIn("there are: leaving-", self.ask(cluster, "drain", "nobody", expect=1).stderr)
            staying = self.start_worker(cluster, "staying")
            self.ask(cluster, "drain", "leaving", "--wait")
            self.assertEqual(leaving.process.wait(), 0, leaving.tail())
            self.stage.let_go()
            self.watch(cluster, sweep)
            self.assertTrue(staying.running(), staying.tail())
            self.assertEqual(self.attempts(cluster), {"finished": 1, "released": 1})
            self.assertEqual(self.reasons(cluster), ["drained"])
            self.assert_nothing_failed(cluster.database)
            draining = {row["worker"].split("-")[0]: row["draining"] for row in as_json("workers", "--coordinator", cluster.address)}
            self.assertEqual(draining, {"leaving": True, "staying": False})
            self.assert_recorded_once(cluster.database)

    def test_a_sweep_is_paused_in_a_database_that_no_coordinator_has(self):
        with self.cluster() as cluster:
            sweep = self.submit(cluster, self.sweep_file(trials=1))
            refused = melsweep("pause", sweep, "--db", cluster.database, expect=1)
            self.assertIn("a coordinator has", refused.stderr)
            cluster.coordinator.stop()
            melsweep("pause", sweep, "--db", cluster.database)
            self.assertEqual(as_json("status", sweep, "--db", cluster.database)[0]["paused"], True)
            cluster.start_coordinator(cluster.address)
            self.start_worker(cluster, "only")
            self.run_other_sweep(cluster, "other")
            self.assertEqual(self.started(sweep), [])
            cluster.coordinator.stop()
            melsweep("resume", sweep, "--db", cluster.database)
            cluster.start_coordinator(cluster.address)
            self.watch(cluster, sweep)


if __name__ == "__main__":
    unittest.main()
