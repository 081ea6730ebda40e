"""deploy/slurm/worker.sbatch under a real Slurm: workers as jobs that are preempted, lose their node, run out of time, and end."""

import pathlib
import signal
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "e2e")]

from programs import BIN, ROOT, Daemon, melsweep, rows, wait_until  # noqa: E402
from slurm_cluster import SlurmCluster, what_is_missing  # noqa: E402
from staged import StagedTest  # noqa: E402

SCRIPT = ROOT / "deploy" / "slurm" / "worker.sbatch"
LEASE_TTL_MS = 6_000
LEASE_GRACE_MS = 4_000
MISSING = what_is_missing()


@unittest.skipIf(MISSING, MISSING)
class SlurmTest(StagedTest):
    def cluster(self, **options):
        return super().cluster(lease_ttl_ms=LEASE_TTL_MS, lease_grace_ms=LEASE_GRACE_MS, **options)

    def slurm(self, nodes):
        folder = self.folder / "slurm"
        folder.mkdir()
        return SlurmCluster(folder, nodes)

    def job_environment(self, cluster):
        return {
            "MELSWEEP_COORDINATOR": cluster.address,
            "MELSWEEP_WORKER": str(BIN / "melsweep-worker"),
            "XDG_CACHE_HOME": str(self.folder / "cache"),
        }

    def submit_workers(self, slurm, cluster, *options):
        environment = {**self.job_environment(cluster), "MELSWEEP_IDLE_TIMEOUT_S": "3"}
        return slurm.submit(*options, SCRIPT, "--trainer", self.stage.trainer, environment=environment)

    def job_on(self, slurm, node):
        return next(job for job, state, where in slurm.jobs() if where == node and state == "RUNNING")

    def ended(self, cluster, state):
        return self.attempts(cluster).get(state, 0)

    def reasons(self, cluster):
        return [row["why"] for row in rows(cluster.database, "select release_reason as why from attempts where state = 'released'")]

    def begin_what_waits(self, slurm):
        for job, state, _ in slurm.jobs():
            if state == "PENDING":
                slurm.begin_at_once(job)

    def test_a_sweep_outlives_a_preempted_job_and_a_lost_node(self):
        self.stage.hold()
        with self.slurm(nodes=3) as slurm, self.cluster() as cluster:
            self.submit_workers(slurm, cluster, "--array=0-2")
            sweep = self.submit(cluster, self.sweep_file(trials=9))
            self.wait_for_held(cluster, 3)

            preempted = self.job_on(slurm, "node1")
            slurm.submit("--partition=urgent", "--nodelist=node1", "--wrap=sleep 2")
            wait_until(lambda: self.ended(cluster, "released") == 1, "the preempted job's trial")
            self.assertEqual(self.reasons(cluster), ["drained"])
            slurm.wait_until(lambda: slurm.field(preempted, "Restarts") == "1", "the preempted job's return to the queue")

            slurm.lose_node("node2", self.job_on(slurm, "node2"))
            wait_until(lambda: self.ended(cluster, "lost") == 1, "the lost node's trial")
            slurm.start_node("node2")

            self.stage.let_go()
            self.begin_what_waits(slurm)
            self.watch(cluster, sweep)
            self.assertEqual(self.attempts(cluster), {"finished": 9, "released": 1, "lost": 1})
            self.assertEqual(rows(cluster.database, "select sum(failed_attempts) as n from trials"), [{"n": 1}], "the lost node's alone")
            self.assert_recorded_once(cluster.database)
            print(melsweep("verify", sweep, "--db", cluster.database).stderr.strip())
            slurm.wait_until(lambda: not any(state == "RUNNING" for _, state, _ in slurm.jobs()), "the end of workers that have nothing to do")

    def test_a_job_whose_time_is_nearly_up_is_queued_again_with_its_trial_given_back(self):
        self.stage.hold()
        with self.slurm(nodes=1) as slurm, self.cluster() as cluster:
            job = self.submit_workers(slurm, cluster, "--time=2", "--signal=B:USR1@90")
            sweep = self.submit(cluster, self.sweep_file(trials=2))
            self.wait_for_held(cluster, 1)
            slurm.wait_until(lambda: self.ended(cluster, "released") == 1, "the warning", 120)
            self.assertEqual(self.reasons(cluster), ["time_limit"])
            slurm.wait_until(lambda: slurm.field(f"{job}_0", "Restarts") == "1", "the job's return to the queue")
            self.stage.let_go()
            self.begin_what_waits(slurm)
            self.watch(cluster, sweep)
            self.assertEqual(self.attempts(cluster), {"finished": 2, "released": 1})
            self.assert_recorded_once(cluster.database)

    def test_workers_come_with_the_work_and_go_with_it(self):
        with self.slurm(nodes=2) as slurm, self.cluster() as cluster:
            environment = {**self.job_environment(cluster), **slurm.environment}
            options = ["--on", "slurm", "--coordinator", cluster.address]
            trainer = ["--", "--trainer", self.stage.trainer]
            self.assertIn("3 are started", melsweep("scale", 3, *options, *trainer, environment=environment, cwd=self.folder).stderr)
            slurm.wait_until(lambda: [state for _, state, _ in slurm.jobs()].count("RUNNING") == 2, "two jobs, and one that waits")
            self.assertIn("1 is withdrawn", melsweep("scale", 2, *options, environment=environment, cwd=self.folder).stderr)
            slurm.wait_until(lambda: len(slurm.jobs()) == 2, "the waiting job's end")
            scaler = Daemon("melsweep", ["autoscale", *options, "--max", 2, "--idle", "3s", "--every", "1s", *trainer],
                            self.folder / "autoscale.log", cwd=self.folder, environment=environment)
            try:
                sweep = self.submit(cluster, self.sweep_file(trials=6))
                self.watch(cluster, sweep)
                slurm.wait_until(lambda: slurm.jobs() == [], "the idle workers' end")
            finally:
                scaler.stop(signal.SIGINT)
            self.assertIn("told to leave", scaler.tail())
            self.assert_recorded_once(cluster.database)


if __name__ == "__main__":
    unittest.main()
