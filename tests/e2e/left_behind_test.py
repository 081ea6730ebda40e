"""One database after and beside a run: what an interrupted sweep leaves, who else may use the file."""

import csv
import io
import json
import pathlib
import signal
import subprocess
import tempfile
import unittest

from programs import BIN, PATIENCE_S, ROOT, Cluster, melsweep, rows, wait_until

SWEEP = """\
version: 1
name: {name}
dataset:
  format: urbansound8k
  path: {data}
  split: {{by: fold, validation: [9], test: [10]}}
model: {{weights: random}}
training: {{steps: {steps}, evaluate_every: {steps}}}
parameters:
  learning_rate: [0.00001, 0.05]
"""

# So many steps that a trial does not end while a test looks at it.
ENDLESS = 100_000_000


class LeftBehindTest(unittest.TestCase):
    """One data set and one feature cache for all tests."""

    @classmethod
    def setUpClass(cls):
        cls.shelf = tempfile.TemporaryDirectory(prefix="melsweep-left-")
        cls.addClassCleanup(cls.shelf.cleanup)
        cls.folder = pathlib.Path(cls.shelf.name)
        cls.data = cls.folder / "UrbanSound8K"
        cls.worker_dir = cls.folder / "worker"
        melsweep("data", "synth", cls.data, "--clips", "40", "--seed", "3")

    def setUp(self):
        self.own = self.folder / self.id().rsplit(".", 1)[-1]
        self.own.mkdir()
        self.database = self.own / "results.db"

    def sweep_file(self, name, steps):
        file = self.own / f"{name}.yaml"
        file.write_text(SWEEP.format(name=name, data=self.data, steps=steps))
        return file

    def run_arguments(self, sweep):
        return ["run", sweep, "--db", self.database, "--data-dir", self.worker_dir, "--workers", "1"]

    def start_endless(self):
        """A `melsweep run` with a trial running."""
        command = [BIN / "melsweep", *self.run_arguments(self.sweep_file("endless", ENDLESS))]
        run = subprocess.Popen(list(map(str, command)), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(lambda: run.poll() is None and run.kill())

        def running():
            has_schema = self.database.exists() and rows(
                self.database, "select 1 from sqlite_master where name = 'attempts'"
            )
            return has_schema and rows(self.database, "select 1 from attempts where state = 'running'")

        wait_until(running, "a running trial")
        return run

    def test_an_interrupted_sweep_does_not_hold_up_the_next_run_and_can_be_cancelled(self):
        run = self.start_endless()
        busy = melsweep(*self.run_arguments(self.sweep_file("quick", 50)), expect=1)
        self.assertIn("belongs to another coordinator", busy.stderr)
        self.assertIn("a coordinator has", melsweep("cancel", "1", "--db", self.database, expect=1).stderr)
        run.send_signal(signal.SIGINT)
        _, talk = run.communicate(timeout=PATIENCE_S)
        self.assertEqual(run.returncode, 2, talk)

        self.assertIn("no coordinator has", melsweep("watch", "1", "--db", self.database, expect=1).stderr)

        quick = melsweep(*self.run_arguments(self.sweep_file("quick", 50)))
        remedy = f"melsweep cancel 1 --db {self.database}"
        self.assertIn("sweep 1 'endless' is unfinished in this database", quick.stderr)
        self.assertIn(remedy, quick.stderr)
        self.assertIn("1e-05", quick.stdout)

        melsweep(*remedy.split()[1:])
        states = rows(self.database, "select name, state from sweeps order by id")
        self.assertEqual(states, [{"name": "endless", "state": "cancelled"}, {"name": "quick", "state": "finished"}])
        melsweep("watch", "2", "--db", self.database)
        self.check_every_reading_verb()

    def check_every_reading_verb(self):
        for verb in ("status", "trials", "leaderboard", "best", "classes", "workers"):
            options = [verb, *([] if verb == "workers" else ["quick"]), "--db", self.database]
            as_json = json.loads(melsweep(*options, "-o", "json").stdout)
            as_csv = list(csv.DictReader(io.StringIO(melsweep(*options, "-o", "csv").stdout)))
            self.assertGreater(len(as_json), 0, verb)
            self.assertEqual([list(row) for row in as_csv], [list(row) for row in as_json], verb)
            full = subprocess.run(
                f"'{BIN}/melsweep' {' '.join(map(str, options))} > /dev/full", shell=True, capture_output=True, text=True
            )
            self.assertEqual(full.returncode, 1, verb)
            self.assertIn("writing to standard output", full.stderr)

    def test_run_goes_on_with_its_sweep_where_that_was_paused(self):
        sweep = self.sweep_file("quick", 50)
        with Cluster(self.own) as cluster:
            melsweep("submit", sweep, "--coordinator", cluster.address)
            melsweep("pause", "quick", "--coordinator", cluster.address)
            cluster.coordinator.stop()
        other = melsweep(*self.run_arguments(self.sweep_file("other", 50)))
        self.assertIn("sweep 1 'quick' is unfinished in this database: it is paused", other.stderr)
        self.assertIn("sweep 1 was paused; going on with it", melsweep(*self.run_arguments(sweep)).stderr)
        states = rows(self.database, "select name, state from sweeps order by id")
        self.assertEqual(states, [{"name": "quick", "state": "finished"}, {"name": "other", "state": "finished"}])

    def test_a_second_interrupt_stops_at_once_and_leaves_no_process(self):
        run = self.start_endless()
        children = pathlib.Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text().split()
        self.assertEqual(len(children), 2)
        run.send_signal(signal.SIGINT)
        run.send_signal(signal.SIGINT)
        _, talk = run.communicate(timeout=PATIENCE_S)
        self.assertEqual(run.returncode, 2, talk)
        self.assertEqual([child for child in children if pathlib.Path(f"/proc/{child}").exists()], [])
        self.assertEqual(rows(self.database, "pragma integrity_check"), [{"integrity_check": "ok"}])

    def test_submit_waits_for_the_end_when_asked(self):
        with Cluster(self.own) as cluster:
            cluster.start_worker("only", self.worker_dir)
            sweep = self.sweep_file("waited-for", 50)
            run = melsweep("submit", sweep, "--wait", "--set", "seeds=2", "--coordinator", cluster.address)
            # The head, and a line for each setting: the mean over its seeds.
            self.assertEqual(len(run.stdout.splitlines()), 1 + 2, run.stdout)
            self.assertIn("4 of 4 trials finished", run.stderr)

    def test_databases_that_share_a_data_folder_keep_their_own_checkpoints(self):
        held = []
        for name in ("first", "second"):
            database = self.own / f"{name}.db"
            melsweep("run", self.sweep_file(name, 50), "--db", database, "--data-dir", self.worker_dir, "--workers", "1")
            held.append({row["checkpoint"] for row in rows(database, "select checkpoint from leaderboard")})
        self.assertEqual(held[0] & held[1], set())
        self.assertEqual([len(paths) for paths in held], [2, 2])


if __name__ == "__main__":
    unittest.main()
