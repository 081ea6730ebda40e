"""Trials whose trainers do what the test asks: hold until they are let go, kill themselves, take their time."""

import hashlib
import json
import math
import pathlib
import shutil
import tempfile
import unittest

from programs import Cluster, melsweep, rows, wait_until
from scripted_trainer import VALIDATION, metric_values

HERE = pathlib.Path(__file__).resolve().parent

SWEEP = """\
version: 1
name: {name}
dataset:
  format: esc50
  path: not-looked-at
  split: {{by: fold, validation: [4], test: [5]}}
model: {{weights: random}}
training: {{steps: {steps}, evaluate_every: {evaluate_every}}}
retry: {{max_attempts: {max_attempts}}}
seeds: {seeds}
parameters:
  learning_rate: {learning_rates}
"""

STEPS = 4
EVALUATE_EVERY = 1


class Stage:
    """The folder of the scripted trainer, which is told by what lies in it how to behave."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir()
        self.trainer = self.folder / "trainer"
        shutil.copy(HERE / "scripted_trainer.py", self.trainer)
        self.trainer.chmod(0o755)
        self.direct()

    def direct(self, pace_s=0, poison=(), max_group=1, promises_pictures=False):
        """How trials go that start from now on: seconds between evaluations; learning rates that kill their trainer; whether it
        names an archive of misclassified clips that is not there. How many a trainer that starts from now on does at once."""
        part = self.folder / "stage.json.part"
        part.write_text(json.dumps({"pace_s": pace_s, "poison": list(poison), "max_group": max_group,
                                    "promises_pictures": promises_pictures}))
        part.rename(self.folder / "stage.json")

    def hold(self, worker=None):
        """From now on trials wait in their middle, on this worker or on all."""
        self._hold_file(worker).touch()

    def let_go(self, worker=None):
        self._hold_file(worker).unlink()

    def _hold_file(self, worker):
        return self.folder / ("hold" if worker is None else f"hold-{worker}")

    def hold_sweep(self, number):
        """From now on trials of this sweep wait in their middle."""
        self._sweep_hold_file(number).touch()

    def let_sweep_go(self, number):
        self._sweep_hold_file(number).unlink()

    def _sweep_hold_file(self, number):
        return self.folder / f"hold-sweep-{number}"

    def journal(self, event=None):
        """What the trainers did, in order: dictionaries with event, sweep, trial, worker and pid."""
        file = self.folder / "journal"
        lines = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
        return [line for line in lines if event in (None, line["event"])]


def record(database):
    """Everything that the database has of trials."""
    tables = ("sweeps", "trials", "attempts", "metrics", "evaluations", "predictions")
    return {table: rows(database, f"select * from {table}") for table in tables}


class StagedTest(unittest.TestCase):
    """A folder, a stage in it, and clusters whose workers' trainers stand on that stage."""

    def setUp(self):
        shelf = tempfile.TemporaryDirectory(prefix="melsweep-staged-")
        self.addCleanup(shelf.cleanup)
        self.folder = pathlib.Path(shelf.name)
        self.stage = Stage(self.folder / "stage")

    def cluster(self, **options):
        return Cluster(self.folder, **options)

    def start_worker(self, cluster, name, **options):
        return cluster.start_worker(name, self.folder / name, "--trainer", self.stage.trainer, **options)

    def sweep_file(self, trials, name="staged", learning_rates=(0.5,), max_attempts=3):
        """So many trials for each learning rate."""
        file = self.folder / f"{name}.yaml"
        file.write_text(
            SWEEP.format(name=name, steps=STEPS, evaluate_every=EVALUATE_EVERY, max_attempts=max_attempts, seeds=trials,
                         learning_rates=list(learning_rates))
        )
        return file

    def submit(self, cluster, sweep):
        """The new sweep's number."""
        return int(melsweep("submit", sweep, "--coordinator", cluster.address).stdout)

    def watch(self, cluster, sweep="last", expect=0):
        """To the sweep's end."""
        return melsweep("watch", sweep, "--coordinator", cluster.address, expect=expect)

    def wait_for_held(self, cluster, trials):
        """Until so many trials are in their middle, with what was measured before it recorded."""
        points = trials * (STEPS // 2 // EVALUATE_EVERY) * 2
        recorded = "select count(*) as n from metrics natural join attempts where state = 'running'"
        wait_until(lambda: rows(cluster.database, recorded)[0]["n"] >= points, f"{trials} held trials")

    def attempts(self, cluster):
        """How many there are of each state."""
        counted = rows(cluster.database, "select state, count(*) as n from attempts group by state")
        return {row["state"]: row["n"] for row in counted}

    def assert_recorded_once(self, database):
        """Every sweep of the database has its whole record, every finished trial what was measured, once, and its checkpoint."""
        melsweep("db", "check", "--db", database)
        for sweep in rows(database, "select id from sweeps order by id"):
            melsweep("verify", sweep["id"], "--db", database)
        measured = rows(
            database,
            "select trial_id, epoch, metric_names.name, step, metrics.value, parameters.value as learning_rate from metrics"
            " join metric_names on metric_names.id = name_id join attempts using (trial_id, epoch)"
            " join parameters using (trial_id) where state = 'finished' and parameters.name = 'learning_rate'",
        )
        for point in measured:
            expected = metric_values(point["step"], point["learning_rate"])[point["name"]]
            self.assertTrue(math.isclose(point["value"], expected), point)
        finished = rows(database, "select count(*) as n from attempts where state = 'finished'")[0]["n"]
        self.assertEqual(len(measured), finished * 2 * STEPS // EVALUATE_EVERY)
        predicted = rows(database, "select count(*) as n from predictions")[0]["n"]
        self.assertEqual(predicted, finished * len(VALIDATION))
        for row in rows(database, "select checkpoint, checkpoint_sha256 as sha256 from attempts where state = 'finished'"):
            content = pathlib.Path(row["checkpoint"]).read_bytes()
            self.assertEqual(hashlib.sha256(content).hexdigest(), row["sha256"], row["checkpoint"])

    def assert_one_trainer_a_trial(self):
        """No trial had two trainers at the same time."""
        self.assertEqual(self.stage.journal("doubled"), [])
