"""The main job with the real programs, on a small generated data set and untrained weights."""

import pathlib
import signal
import subprocess
import tempfile
import unittest

from programs import BIN, ROOT, Cluster, as_json, melsweep, rows, wait_until

SWEEP = """\
version: 1
name: small-grid
dataset:
  format: urbansound8k
  path: {data}
  split: {{by: fold, validation: [9], test: [10]}}
model: {{weights: random}}
training: {{{training}}}
parameters:
  learning_rate: [0.005, 0.01, 0.05]
  {other}
"""

BATCH_SIZES = "batch_size: [10, 20, 30]"


class SweepTest(unittest.TestCase):
    """One data set and one feature cache for all tests: features are built once."""

    @classmethod
    def setUpClass(cls):
        cls.shelf = tempfile.TemporaryDirectory(prefix="melsweep-e2e-")
        cls.folder = pathlib.Path(cls.shelf.name)
        cls.data = cls.folder / "UrbanSound8K"
        cls.worker_dir = cls.folder / "worker"
        melsweep("data", "synth", cls.data, "--clips", "60", "--seed", "3")

    @classmethod
    def tearDownClass(cls):
        cls.shelf.cleanup()

    def setUp(self):
        self.own = self.folder / self.id().rsplit(".", 1)[-1]
        self.own.mkdir()

    def write_sweep(self, training, other):
        file = self.own / "sweep.yaml"
        file.write_text(SWEEP.format(data=self.data, training=training, other=other))
        return file

    def sweep_file(self, steps=200, every=50):
        return self.write_sweep(f"steps: {steps}, evaluate_every: {every}", BATCH_SIZES)

    def sweep_of_lengths(self):
        """Trials that end long after one another, though they are trained together."""
        return self.write_sweep("batch_size: 10, evaluate_every: 10000", "training.steps: [500, 60000, 80000]")

    def states_on(self, database, worker):
        """Of the attempts of the workers whose names begin so."""
        states = rows(database, f"select distinct state from attempts where worker_id like '{worker}-%'")
        return {row["state"] for row in states}

    def assert_whole(self, database, trials=9):
        melsweep("db", "check", "--db", database)
        melsweep("verify", "last", "--db", database)
        finished = rows(database, "select count(*) as n from leaderboard")
        self.assertEqual(finished, [{"n": trials}])

    def test_run_ends_with_a_leaderboard_that_the_database_agrees_with(self):
        database = self.own / "results.db"
        run = melsweep("run", self.sweep_file(), "--db", database, "--data-dir", self.worker_dir, "--workers", "2")
        self.assertEqual(len(run.stdout.splitlines()), 1 + 9, run.stdout)
        self.assert_whole(database)

        best = rows(database, "select * from best_run")
        self.assertEqual(len(best), 1)
        board = as_json("leaderboard", "last", "--db", database)
        self.assertEqual([row["rank"] for row in board], list(range(1, 10)))
        self.assertEqual(board[0]["objective"], max(row["objective"] for row in board))
        self.assertEqual(best[0]["objective"], board[0]["objective"])
        self.assertEqual(as_json("best", "--db", database)[0]["trial"], board[0]["trial"])

        points = rows(database, "select metric, count(*) as n from trial_metrics group by metric order by metric")
        self.assertEqual(
            points,
            [{"metric": name, "n": 9 * 4} for name in ("train/accuracy", "train/loss", "validation/accuracy", "validation/loss")],
        )
        validation = rows(database, "select count(distinct clip) as clips, count(*) as n from predictions")
        clips = rows(database, "select count(*) as n from clips where split = 'validation'")[0]["n"]
        self.assertEqual(validation, [{"clips": clips, "n": 9 * clips}])
        support = sum(row["support"] for row in as_json("classes", "--db", database))
        self.assertEqual(support, clips)
        self.assertTrue(pathlib.Path(board[0]["checkpoint"]).is_file())

        # What the trials of a group share counts once.
        groups = "select max(made) as steps from stage_times where stage = 'training' group by group_id"
        self.assertEqual(rows(database, f"select sum(steps) as steps from ({groups})"), [{"steps": 9 * 200}])

    def test_a_second_run_builds_no_feature_and_gives_the_same_numbers(self):
        outcomes = []
        for run in ("first", "second"):
            database = self.own / f"{run}.db"
            melsweep("run", self.sweep_file(), "--db", database, "--data-dir", self.worker_dir)
            outcomes.append(rows(database, "select trial, objective from leaderboard order by trial"))
            items = rows(database, "select max(made) as made, min(found) as found from stage_times where stage = 'bottlenecks'")
            cache = {path: path.stat().st_mtime_ns for path in (self.worker_dir / "features").rglob("segment-*")}
            if run == "first":
                before = cache
        self.assertGreater(len(before), 0)
        self.assertEqual(cache, before)
        self.assertEqual(outcomes[0], outcomes[1])
        self.assertEqual(items[0]["made"], 0)
        self.assertGreater(items[0]["found"], 0)

    def test_two_workers_with_caches_of_their_own_survive_the_death_of_one(self):
        with Cluster(self.own) as cluster:
            doomed = cluster.start_worker("doomed", self.own / "doomed-data")
            cluster.start_worker("survivor", self.own / "survivor-data")
            melsweep("submit", self.sweep_file(steps=2000, every=500), "--coordinator", cluster.address)

            def doomed_works():
                running = rows(cluster.database, "select worker_id from attempts where state = 'running'")
                return any(row["worker_id"].startswith("doomed") for row in running)

            wait_until(doomed_works, "the doomed worker to take a trial")
            doomed.process.kill()
            doomed.process.wait()
            run = melsweep("watch", "last", "--coordinator", cluster.address)
            self.assertEqual(len(run.stdout.splitlines()), 1 + 9)
            self.assert_whole(cluster.database)
            self.assertIn("lost", self.states_on(cluster.database, "doomed"))
            self.assertEqual(self.states_on(cluster.database, "survivor"), {"finished"})

    def test_a_drained_worker_gives_its_trial_back_without_costing_an_attempt(self):
        with Cluster(self.own) as cluster:
            worker = cluster.start_worker("first", self.worker_dir)
            melsweep("submit", self.sweep_file(steps=20000, every=5000), "--coordinator", cluster.address)
            wait_until(
                lambda: rows(cluster.database, "select 1 from attempts where state = 'running'"), "a running trial"
            )
            self.assertEqual(worker.stop(signal.SIGTERM), 0, worker.tail())
            self.assertEqual(self.states_on(cluster.database, "first"), {"released"})
            cluster.start_worker("second", self.worker_dir)
            melsweep("watch", "last", "--coordinator", cluster.address)
            self.assert_whole(cluster.database)
            self.assertEqual(rows(cluster.database, "select sum(failed_attempts) as n from trials"), [{"n": 0}])

    def test_a_restarted_coordinator_goes_on_with_the_running_trials(self):
        with Cluster(self.own, lease_ttl_ms=10_000) as cluster:
            cluster.start_worker("steady", self.worker_dir)
            melsweep("submit", self.sweep_file(steps=20000, every=5000), "--coordinator", cluster.address)
            wait_until(
                lambda: rows(cluster.database, "select 1 from attempts where state = 'running'"), "a running trial"
            )
            cluster.coordinator.stop(signal.SIGKILL)
            cluster.start_coordinator(cluster.address)
            melsweep("watch", "last", "--coordinator", cluster.address)
            self.assert_whole(cluster.database)
            attempts = rows(cluster.database, "select count(*) as n from attempts")
            self.assertEqual(attempts, [{"n": 9}], "a trial was run again")

    def test_an_interrupted_run_goes_on_when_it_is_started_again(self):
        database = self.own / "results.db"
        sweep = self.sweep_of_lengths()
        command = [BIN / "melsweep", "run", sweep, "--db", database, "--data-dir", self.worker_dir, "--workers", "1"]
        run = subprocess.Popen(list(map(str, command)), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

        def one_finished():
            return database.exists() and rows(database, "select 1 from sqlite_master where name = 'leaderboard'") and rows(
                database, "select 1 from leaderboard"
            )

        wait_until(one_finished, "a finished trial")
        run.send_signal(signal.SIGINT)
        _, talk = run.communicate(timeout=60)
        self.assertEqual(run.returncode, 2, talk)
        self.assertIn("goes on", talk)

        melsweep(*command[1:])
        self.assert_whole(database)
        self.assertEqual(rows(database, "select count(*) as n from sweeps"), [{"n": 1}])

    def test_cancel_stops_the_trials_and_keeps_the_results(self):
        with Cluster(self.own) as cluster:
            cluster.start_worker("only", self.worker_dir)
            melsweep("submit", self.sweep_of_lengths(), "--coordinator", cluster.address)
            wait_until(lambda: rows(cluster.database, "select 1 from leaderboard"), "a finished trial")
            melsweep("cancel", "last", "--coordinator", cluster.address)
            run = melsweep("watch", "last", "--coordinator", cluster.address, expect=2)
            self.assertIn("cancelled", run.stderr)
            states = {row["state"] for row in rows(cluster.database, "select distinct state from trials")}
            self.assertEqual(states, {"finished", "cancelled"})


if __name__ == "__main__":
    unittest.main()
