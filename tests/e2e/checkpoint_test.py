"""Trials that are interrupted in their middle, with the real trainer: they go on from their last checkpoint, and what comes of
them is what comes of a trial that nobody disturbed, to the last bit."""

import pathlib
import signal
import tempfile
import unittest

from programs import Cluster, melsweep, rows, wait_until

SWEEP = """\
version: 1
name: long
dataset:
  format: urbansound8k
  path: {sound}
  split: {{by: fold, validation: [9], test: [10]}}
model: {{weights: random}}
training: {{steps: 250000, evaluate_every: 50000, batch_size: 16}}
parameters: {{learning_rate: [0.05]}}
retry: {{max_attempts: 10}}
"""

RESULT = "select checkpoint_sha256 from attempts where state = 'finished'"
METRICS = "select step, metric, value from trial_metrics order by step, metric"


class CheckpointTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shelf = tempfile.TemporaryDirectory(prefix="melsweep-checkpoints-")
        cls.shared = pathlib.Path(cls.shelf.name)
        melsweep("data", "synth", cls.shared / "sound", "--clips", "40")
        cls.sweep = cls.shared / "sweep.yaml"
        cls.sweep.write_text(SWEEP.format(sound=cls.shared / "sound"))
        undisturbed = cls.shared / "undisturbed"
        undisturbed.mkdir()
        with Cluster(undisturbed, lease_ttl_ms=2000) as cluster:
            cluster.start_worker("calm", cls.shared / "calm")
            melsweep("submit", cls.sweep, "--coordinator", cluster.address, "--wait")
            cls.result = rows(cluster.database, RESULT)
            cls.metrics = rows(cluster.database, METRICS)

    @classmethod
    def tearDownClass(cls):
        cls.shelf.cleanup()

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(dir=self.shared))

    def start_worker(self, cluster, name, *more):
        # Two machines in turn: what one of them has on its disk, the other cannot see.
        return cluster.start_worker(name, self.shared / ("one" if int(name) % 2 else "other"), "--checkpoint-every-s", "0.2", *more)

    def newest_step(self, cluster):
        return rows(cluster.database, "select coalesce(max(step), 0) as step from checkpoints")[0]["step"]

    def wait_for_a_checkpoint_after(self, cluster, step, several=1):
        """Of an attempt that has made as many as that since."""
        query = f"select step from checkpoints where step > {step} and epoch = (select max(epoch) from attempts)"
        found = wait_until(lambda: len(rows(cluster.database, query)) >= several and rows(cluster.database, query), "a checkpoint")
        return max(row["step"] for row in found)

    def submit(self, cluster):
        melsweep("submit", self.sweep, "--coordinator", cluster.address)

    def attempts(self, cluster):
        return rows(cluster.database, "select state, release_reason, resumed_from_epoch, resumed_from_step from attempts order by epoch")

    def files(self, cluster):
        folder = pathlib.Path(f"{cluster.database}.artifacts")
        return sorted(str(path) for path in folder.rglob("step-*"))

    def watch_to_the_same_end(self, cluster):
        melsweep("watch", "last", "--coordinator", cluster.address)
        self.assertEqual(rows(cluster.database, RESULT), self.result, cluster.logs())
        self.assertEqual(rows(cluster.database, METRICS), self.metrics)
        self.assertEqual(rows(cluster.database, "select * from checkpoints"), [])
        kept = rows(cluster.database, "select checkpoint from best_run")[0]["checkpoint"]
        wait_until(lambda: self.files(cluster) == [kept], "one file, the result")
        melsweep("verify", "last", "--db", cluster.database)

    def test_workers_killed_at_any_moment_cost_only_what_was_done_since_the_last_checkpoint(self):
        with Cluster(self.folder, lease_ttl_ms=1000) as cluster:
            worker = self.start_worker(cluster, "1")
            self.submit(cluster)
            step = 0
            for name in ("2", "3", "4"):
                step = self.wait_for_a_checkpoint_after(cluster, step)
                worker.stop(signal.SIGKILL)
                worker = self.start_worker(cluster, name)
            self.watch_to_the_same_end(cluster)
            attempts = self.attempts(cluster)
            self.assertEqual([attempt["state"] for attempt in attempts], ["lost", "lost", "lost", "finished"])
            came_from = [attempt["resumed_from_step"] for attempt in attempts[1:]]
            self.assertEqual(came_from, sorted(came_from))
            self.assertGreater(came_from[0], 0)

    def test_a_drained_worker_leaves_nothing_to_repeat(self):
        for sent, reason in ((signal.SIGTERM, "drained"), (signal.SIGUSR1, "time_limit")):
            with self.subTest(reason), Cluster(pathlib.Path(tempfile.mkdtemp(dir=self.folder)), lease_ttl_ms=3_600_000) as cluster:
                worker = self.start_worker(cluster, "1")
                self.submit(cluster)
                self.wait_for_a_checkpoint_after(cluster, 0)
                self.assertEqual(worker.stop(sent), 0, worker.tail())
                last = self.newest_step(cluster)
                self.start_worker(cluster, "2")
                self.watch_to_the_same_end(cluster)
                first, second = self.attempts(cluster)
                self.assertEqual((first["state"], first["release_reason"]), ("released", reason))
                self.assertEqual((second["resumed_from_epoch"], second["resumed_from_step"]), (1, last))
                self.assertEqual(rows(cluster.database, "select failed_attempts from trials"), [{"failed_attempts": 0}])

    def test_a_paused_sweep_has_nothing_to_repeat(self):
        with Cluster(self.folder, lease_ttl_ms=5000) as cluster:
            self.start_worker(cluster, "1")
            self.submit(cluster)
            self.wait_for_a_checkpoint_after(cluster, 0)
            melsweep("pause", "last", "--coordinator", cluster.address)
            wait_until(lambda: self.attempts(cluster)[0]["state"] == "released", "the trial's return")
            last = self.newest_step(cluster)
            melsweep("resume", "last", "--coordinator", cluster.address)
            self.watch_to_the_same_end(cluster)
            first, second = self.attempts(cluster)
            self.assertEqual(first["release_reason"], "paused")
            self.assertEqual((second["resumed_from_epoch"], second["resumed_from_step"]), (1, last))

    def damage(self, cluster, damages):
        """Newest first: what becomes of the checkpoints' files."""
        found = rows(cluster.database, "select path, step from checkpoints order by epoch desc, step desc")
        for damage, row in zip(damages, found):
            damage(pathlib.Path(row["path"]))
        return [row["step"] for row in found]

    def test_a_damaged_checkpoint_gives_way_to_the_one_before_or_to_a_start_from_nothing(self):
        def flip(path):
            content = bytearray(path.read_bytes())
            content[len(content) // 2] ^= 1
            path.write_bytes(content)

        def truncate(path):
            path.write_bytes(path.read_bytes()[:1000])

        for damages in ([flip], [truncate, pathlib.Path.unlink]):
            with self.subTest(damages=len(damages)), Cluster(pathlib.Path(tempfile.mkdtemp(dir=self.folder)), lease_ttl_ms=1000) as cluster:
                worker = self.start_worker(cluster, "1")
                self.submit(cluster)
                self.wait_for_a_checkpoint_after(cluster, 0, several=2)
                worker.stop(signal.SIGKILL)
                steps = self.damage(cluster, damages)
                self.start_worker(cluster, "2")
                self.watch_to_the_same_end(cluster)
                expected = steps[1] if len(damages) == 1 else None
                self.assertEqual(self.attempts(cluster)[-1]["resumed_from_step"], expected)

    def test_a_shared_folder_takes_the_place_of_the_network(self):
        with Cluster(self.folder, lease_ttl_ms=1000) as cluster:
            shared = ("--shared-artifacts", f"{cluster.database}.artifacts")
            worker = self.start_worker(cluster, "1", *shared)
            self.submit(cluster)
            self.wait_for_a_checkpoint_after(cluster, 0)
            worker.stop(signal.SIGKILL)
            self.start_worker(cluster, "2", *shared)
            self.watch_to_the_same_end(cluster)
            self.assertGreater(self.attempts(cluster)[-1]["resumed_from_step"], 0)


if __name__ == "__main__":
    unittest.main()
