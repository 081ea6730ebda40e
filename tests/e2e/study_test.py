"""Sweeps after sweeps: a study from its submission to the one look at the test part."""

import hashlib
import json
import os
import pathlib
import signal
import subprocess
import tarfile
import tempfile
import unittest

from programs import BIN, ROOT, Cluster, as_json, melsweep, rows, wait_until
from staged import StagedTest

STAGED = """\
version: 1
name: staged-study
dataset:
  format: esc50
  path: not-looked-at
  split: {{by: fold, validation: [4], test: [5]}}
model: {{weights: random}}
training: {{steps: 4, evaluate_every: 1}}
study:
  - name: rate
    parameters: {{learning_rate: [0.25, 0.5, 0.125]}}
  - name: batch
    from: {{sweep: rate, take: all}}
    seeds: 2
    parameters: {{batch_size: {batch_sizes}}}
    final: {{steps: 6}}
"""

SETTINGS = "select settings ->> '$.training.learning_rate' as rate, settings ->> '$.training.batch_size' as batch from trials"


class StagedStudyTest(StagedTest):
    """With trainers that do what the test asks."""

    def study_file(self, batch_sizes="[20, 10]"):
        file = self.folder / "study.yaml"
        file.write_text(STAGED.format(batch_sizes=batch_sizes))
        return file

    def run_study(self, cluster, **options):
        return melsweep("submit", self.study_file(**options), "--coordinator", cluster.address, "--wait")

    def assert_whole(self, cluster):
        melsweep("db", "check", "--db", cluster.database)
        for sweep in rows(cluster.database, "select id from sweeps"):
            melsweep("verify", sweep["id"], "--db", cluster.database)
        self.assert_one_trainer_a_trial()

    def test_each_sweep_goes_on_with_the_winner_of_the_one_before(self):
        with self.cluster() as cluster:
            self.start_worker(cluster, "only")
            ended = self.run_study(cluster)
            self.assertEqual([line.split()[1] for line in ended.stdout.splitlines()[1:]], ["rate", "batch", "batch-final"])
            self.assertEqual(
                rows(cluster.database, SETTINGS + " where sweep_id > 1 order by id"),
                [{"rate": 0.5, "batch": batch} for batch in (20, 20, 10, 10, 20)],
            )
            final = rows(cluster.database, "select * from best_run where sweep = 'batch-final'")[0]
            self.assertEqual((final["objective_metric"], final["steps"]), ("test/accuracy", 6))
            self.assertAlmostEqual(final["objective"], 1 - 1 / (1 + 6 * 0.5))
            tested = rows(cluster.database, "select split, count(*) as n from class_metrics where sweep_id = 3 group by 1")
            self.assertEqual(tested, [{"split": "test", "n": 2}])
            self.assert_whole(cluster)

    def test_a_leaderboard_of_several_seeds_has_a_row_for_each_setting(self):
        with self.cluster() as cluster:
            self.start_worker(cluster, "only")
            ended = self.run_study(cluster)
            self.assertEqual(ended.stdout.splitlines()[2].split()[-2:], ["0.0000", "2"], "deviation and trials")
            board = as_json("leaderboard", "batch", "--coordinator", cluster.address)
            accuracy = 1 - 1 / (1 + 4 * 0.5)
            self.assertEqual([(row["rank"], row["batch_size"], row["trials"]) for row in board], [(1, 20, 2), (2, 10, 2)])
            self.assertAlmostEqual(board[0]["objective_mean"], accuracy)
            self.assertEqual(board[0]["objective_deviation"], 0)
            trials = as_json("leaderboard", "batch", "--trials", "--db", cluster.database)
            self.assertEqual([row["seed"] for row in trials], [0, 1, 0, 1])
            self.assertEqual(len(as_json("leaderboard", "rate", "--db", cluster.database)), 3)
            self.assertIn("trial", as_json("leaderboard", "rate", "--db", cluster.database)[0])

    def test_validate_tells_what_a_study_is(self):
        told = melsweep("validate", self.study_file()).stdout.splitlines()
        self.assertIn("ok, study 'staged-study', 3 sweeps", told[0])
        self.assertEqual(told[2], "  'batch', 2 cells x 2 seeds, takes training.learning_rate from 'rate'")
        self.assertIn("evaluated on the test part", told[3])
        wrong = melsweep("validate", self.study_file(), "--set", "study.batch.from.sweep=rates", expect=2)
        self.assertIn("no sweep before this one is called 'rates' (did you mean 'rate'?)", wrong.stderr)

    def test_waiting_sweeps_say_for_whom(self):
        with self.cluster() as cluster:
            numbers = melsweep("submit", self.study_file(), "--coordinator", cluster.address).stdout.split()
            self.assertEqual(numbers, ["1", "2", "3"])
            status = as_json("status", "--coordinator", cluster.address)
            self.assertEqual([sweep["state"] for sweep in status], ["waiting", "waiting", "preparing"])
            self.assertEqual(status[0]["reason"], "waits for batch")
            self.assertEqual({sweep["study"] for sweep in status}, {"staged-study"})
            melsweep("cancel", "1", "--coordinator", cluster.address)
            status = as_json("status", "--coordinator", cluster.address)
            self.assertEqual([sweep["state"] for sweep in status], ["failed", "failed", "cancelled"])
            self.assertIn("which was cancelled", status[1]["reason"])

    def test_a_study_is_paused_resumed_and_cancelled_by_its_name(self):
        with self.cluster() as cluster:
            there = ["--coordinator", cluster.address]
            melsweep("submit", self.study_file(), *there)
            melsweep("pause", "staged-study", *there)
            self.assertEqual([sweep["paused"] for sweep in as_json("status", *there)], [True] * 3)
            melsweep("resume", "staged-study", *there)
            self.assertEqual([sweep["paused"] for sweep in as_json("status", *there)], [False] * 3)
            melsweep("cancel", "staged-study", *there)
            self.assertEqual([sweep["state"] for sweep in as_json("status", *there)], ["cancelled"] * 3)
            twice = melsweep("cancel", "staged-study", *there, expect=1)
            self.assertIn("all sweeps of the study 'staged-study' have ended", twice.stderr)
            melsweep("cancel", "stage-study", *there, expect=1)

    def test_killed_at_any_place_it_ends_with_the_same_table(self):
        with self.cluster() as cluster:
            self.start_worker(cluster, "first")
            expected = self.run_study(cluster).stdout
        for sweep in (1, 2, 3):
            with self.subTest(killed_in=sweep):
                self.end_with_a_kill_in(sweep, expected)

    def end_with_a_kill_in(self, sweep, expected):
        folder = self.folder / f"killed-{sweep}"
        folder.mkdir()
        before = len(self.stage.journal("started"))
        with Cluster(folder) as cluster:
            self.stage.hold_sweep(sweep)
            self.start_worker(cluster, f"worker-{sweep}")
            melsweep("submit", self.study_file(), "--coordinator", cluster.address)
            running = f"select 1 from attempts a join trials t on t.id = a.trial_id where a.state = 'running' and sweep_id = {sweep}"
            wait_until(lambda: rows(cluster.database, running), "a running trial")
            cluster.coordinator.stop(signal.SIGKILL)
            cluster.start_coordinator(cluster.address)
            self.stage.let_sweep_go(sweep)
            ended = melsweep("watch", "1", "--coordinator", cluster.address)
            self.assertEqual(ended.stdout, expected)
            self.assertGreater(len(self.stage.journal("started")), before)
            self.assert_whole(cluster)

    def test_an_edited_study_repeats_what_the_edit_touches_and_nothing_else(self):
        with self.cluster() as cluster:
            self.start_worker(cluster, "only")
            self.run_study(cluster)
            before = len(self.stage.journal("started"))
            ended = self.run_study(cluster, batch_sizes="[20, 10, 30]")
            self.assertEqual(len(self.stage.journal("started")) - before, 2, "the new batch size's two seeds")
            self.assertNotIn("looked at", ended.stderr, "the test's result was there already")
            self.assertEqual(len(rows(cluster.database, "select * from test_reads")), 1)

    def test_a_second_look_at_the_test_part_is_said_aloud(self):
        with self.cluster() as cluster:
            self.start_worker(cluster, "only")
            self.assertNotIn("looked at", self.run_study(cluster).stderr)
            again = melsweep("submit", self.study_file(), "--coordinator", cluster.address, "--wait", "--fresh")
            said = "the test part of this data has now been looked at 2 times: sweep 3 (batch-final) at "
            self.assertIn(said, again.stderr)
            for verb in ("best", "status"):
                self.assertIn(said, melsweep(verb, "batch-final", "--coordinator", cluster.address).stderr)
            looks = rows(cluster.database, "select look, sweep_id, trial from test_reads order by look")
            self.assertEqual(looks, [{"look": 1, "sweep_id": 3, "trial": 1}, {"look": 2, "sweep_id": 6, "trial": 1}])


ON_DATA = """\
version: 1
name: small-study
dataset:
  format: urbansound8k
  path: {data}
  split: {{by: fold, validation: [9], test: [10]}}
model: {{weights: random}}
training: {{steps: 100, evaluate_every: 50, batch_size: 10}}
study:
  - name: decibels
    parameters: {{decibels: [amplitude, power]}}
  - name: rate
    from: {{sweep: decibels}}
    parameters: {{learning_rate: [0.005, 0.05], training.steps: [200, 40000]}}
    final: {{steps: 300, train_on: training+validation}}
"""


class StudyOnDataTest(unittest.TestCase):
    """With the real trainer, on a small generated data set and untrained weights."""

    def setUp(self):
        shelf = tempfile.TemporaryDirectory(prefix="melsweep-e2e-")
        self.addCleanup(shelf.cleanup)
        self.folder = pathlib.Path(shelf.name)
        self.data = self.folder / "UrbanSound8K"
        melsweep("data", "synth", self.data, "--clips", "60", "--seed", "3")
        self.study = self.folder / "study.yaml"
        self.study.write_text(ON_DATA.format(data=self.data))

    def command(self, database):
        return ["run", self.study, "--db", database, "--data-dir", self.folder / "worker", "--workers", "2"]

    def test_a_study_that_is_killed_and_started_again_ends_with_the_same_table(self):
        whole = self.folder / "whole.db"
        expected = melsweep(*self.command(whole))
        self.assertEqual([line.split()[1] for line in expected.stdout.splitlines()[1:]], ["decibels", "rate", "rate-final"])
        self.assert_tested_once(whole)

        killed = self.folder / "killed.db"
        command = [str(BIN / "melsweep"), *map(str, self.command(killed))]
        run = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        self.addCleanup(run.wait)

        def second_runs():
            return killed.exists() and rows(killed, "select 1 from sqlite_master where name = 'takings'") and rows(
                killed, "select 1 from sweeps where id = 2 and state = 'running'"
            )

        wait_until(second_runs, "the second sweep")
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
        self.assertEqual(melsweep(*self.command(killed)).stdout, expected.stdout)
        self.assertEqual(rows(killed, "select count(*) as n from sweeps"), [{"n": 3}])
        self.assert_tested_once(killed)

    def assert_tested_once(self, database):
        for sweep in (1, 2, 3):
            melsweep("verify", sweep, "--db", database)
        self.assertEqual(rows(database, "select look, sweep from test_reads"), [{"look": 1, "sweep": "rate-final"}])
        tested = rows(database, "select count(*) as n from predictions p join evaluations e on e.id = evaluation_id where split = 'test'")
        clips = rows(database, "select count(*) as n from clips where sweep_id = 3 and split = 'test'")
        self.assertEqual(tested, clips)
        validated = rows(database, "select 1 from trial_metrics where sweep_id = 3 and metric like 'validation/%'")
        self.assertEqual(validated, [], "what it learned from")
        self.assert_errors_kept(database)

    def assert_errors_kept(self, database):
        """What the final trial got wrong lies beside its model, to look at and to listen to without the data."""
        wrong = {row["clip"] for row in rows(database, "select clip from misclassified where sweep = 'rate-final'")}
        self.assertTrue(wrong, "untrained weights err")
        model = pathlib.Path(rows(database, "select checkpoint from best_run where sweep = 'rate-final'")[0]["checkpoint"])
        beside = sorted(file.name for file in model.parent.iterdir())
        self.assertEqual(beside, [model.with_suffix(".misclassified.tar").name, model.name])
        with tarfile.open(model.with_suffix(".misclassified.tar")) as archive:
            items = json.load(archive.extractfile("rendered.json"))["items"]
            self.assertEqual({item["clip"] for item in items}, wrong)
            kept = ["rendered.json"] + [item["file"] for item in items]
            self.assertEqual(archive.getnames(), [*kept, "SHA256SUMS"])
            listed = archive.extractfile("SHA256SUMS").read().decode()
            sums = [f"{hashlib.sha256(archive.extractfile(name).read()).hexdigest()}  {name}" for name in kept]
            self.assertEqual(listed.splitlines(), sums)


if __name__ == "__main__":
    unittest.main()
