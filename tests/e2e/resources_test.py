"""Workers that are not all alike, and sweeps that ask for some of them."""

import unittest

from programs import as_json, melsweep, wait_until
from staged import StagedTest

LEASE_TTL_MS = 10_000


class ResourcesTest(StagedTest):
    def start_place(self, cluster, name, *options):
        """A worker that is told what it has."""
        return cluster.start_worker(name, self.folder / name, "--trainer", self.stage.trainer, *options)

    def asking_file(self, name, *, trials, **asked):
        file = self.sweep_file(trials=trials, name=name)
        keys = "".join(f"{key}: {value}\n" for key, value in asked.items())
        file.write_text(file.read_text() + keys)
        return file

    def workers_of(self, sweep):
        """The names of those whose trainers began its trials."""
        return sorted({line["worker"].rsplit("-", 1)[0] for line in self.stage.journal("started") if line["sweep"] == sweep})

    def status(self, cluster, sweep):
        return as_json("status", sweep, "--coordinator", cluster.address)[0]

    def test_a_sweep_runs_only_where_there_is_what_it_asks_for(self):
        with self.cluster(lease_ttl_ms=LEASE_TTL_MS) as cluster:
            self.start_place(cluster, "plain", "--cpus", "0")
            self.start_place(cluster, "near", "--label", "local-data,fast")
            wait_until(lambda: len(as_json("workers", "--coordinator", cluster.address)) == 2, "both workers")
            listed = {row["worker"].rsplit("-", 1)[0]: row for row in as_json("workers", "--coordinator", cluster.address)}
            self.assertEqual((listed["plain"]["cpus"], listed["plain"]["labels"]), (1, None))
            self.assertEqual(listed["near"]["labels"], "fast,local-data")
            asking = self.submit(cluster, self.asking_file("asking", trials=3, resources="{labels: [local-data]}"))
            anywhere = self.submit(cluster, self.sweep_file(trials=3, name="anywhere"))
            self.watch(cluster, asking)
            self.watch(cluster, anywhere)
            self.assertEqual(self.workers_of(asking), ["near"])
            self.assert_recorded_once(cluster.database)

    def test_what_no_worker_has_is_said_at_once_and_waited_for(self):
        with self.cluster(lease_ttl_ms=LEASE_TTL_MS) as cluster:
            self.start_place(cluster, "plain", "--gpus", "none", "--cpus", "0")
            wait_until(lambda: as_json("workers", "--coordinator", cluster.address), "the worker")
            file = self.asking_file("large", trials=2, resources="{gpus: 1, gpu_memory: 8GiB, labels: [fast]}")
            said = melsweep("submit", file, "--coordinator", cluster.address)
            asked = "it asks for 1 GPU of at least 8GiB, label 'fast', which no worker has; there is 1 with no GPU, 1 CPU"
            self.assertIn(asked, said.stderr)
            sweep = int(said.stdout)
            self.assertIn(asked, melsweep("status", sweep, "--coordinator", cluster.address).stdout)
            self.watch(cluster, self.submit(cluster, self.sweep_file(trials=1, name="small")))
            self.assertEqual(self.status(cluster, sweep)["state"], "preparing")
            wrong = self.asking_file("wrong", trials=1, resources="{gpu_memory: 8}")
            self.assertIn("a size such as 8GiB", melsweep("submit", wrong, "--coordinator", cluster.address, expect=2).stderr)

    def test_a_sweep_that_nobody_works_on_says_so(self):
        with self.cluster(lease_ttl_ms=LEASE_TTL_MS) as cluster:
            sweep = self.submit(cluster, self.sweep_file(trials=1, name="lonely"))
            said = "there is no worker now"
            self.assertIn(said, self.status(cluster, sweep)["reason"])
            self.assertIn(said, melsweep("status", sweep, "--coordinator", cluster.address).stdout)
            melsweep("pause", sweep, "--coordinator", cluster.address)
            self.assertNotIn(said, str(self.status(cluster, sweep)))
            melsweep("resume", sweep, "--coordinator", cluster.address)
            self.start_place(cluster, "late")
            self.watch(cluster, sweep)
            self.assertNotIn(said, str(self.status(cluster, sweep)))

    def test_no_more_trials_run_than_a_sweep_allows(self):
        self.stage.hold()
        with self.cluster(lease_ttl_ms=LEASE_TTL_MS) as cluster:
            for name in ("one", "two", "three"):
                self.start_place(cluster, name)
            narrow = self.submit(cluster, self.asking_file("narrow", trials=3, max_parallel=1))
            self.wait_for_held(cluster, 1)
            self.submit(cluster, self.sweep_file(trials=3, name="wide"))
            self.wait_for_held(cluster, 3)
            self.assertEqual(self.status(cluster, narrow)["running"], 1)
            self.stage.let_go()
            for sweep in ("narrow", "wide"):
                self.watch(cluster, sweep)
            self.assert_recorded_once(cluster.database)

    def test_a_worker_leaves_when_it_has_nothing_to_do(self):
        with self.cluster(lease_ttl_ms=LEASE_TTL_MS) as cluster:
            worker = self.start_place(cluster, "idle", "--idle-timeout-s", "2")
            self.watch(cluster, self.submit(cluster, self.sweep_file(trials=1)))
            self.assertEqual(worker.process.wait(60), 0, worker.tail())
            self.assertIn("nothing to do for 2 s", worker.tail())

    def test_a_worker_whose_job_ends_gives_its_trial_back_in_time(self):
        self.stage.hold()
        with self.cluster(lease_ttl_ms=LEASE_TTL_MS) as cluster:
            limited = self.start_place(cluster, "limited", "--time-limit-s", "3600", "--time-margin-s", "3580")
            sweep = self.submit(cluster, self.sweep_file(trials=1))
            self.wait_for_held(cluster, 1)
            self.assertEqual(limited.process.wait(60), 0, limited.tail())
            self.assertEqual(self.attempts(cluster), {"released": 1})
            self.stage.let_go()
            self.start_place(cluster, "unlimited")
            self.watch(cluster, sweep)
            self.assertEqual(self.attempts(cluster), {"finished": 1, "released": 1})
            self.assert_recorded_once(cluster.database)


if __name__ == "__main__":
    unittest.main()
