"""A trained model in one's hands: predict and export, held against what the database recorded."""

import csv
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

from programs import ROOT, WEIGHTS, as_json, melsweep, rows

SWEEP = """\
version: 1
name: tones
dataset: {{format: urbansound8k, path: {data}, split: {{by: fold, validation: [9], test: [10]}}}}
model: {{weights: {weights}}}
training: {{steps: 100, evaluate_every: 50, batch_size: 10}}
parameters:
  learning_rate: [0.005, 0.05]
"""

DIVERGING = """\
version: 1
name: diverging
dataset: {{format: urbansound8k, path: {data}, split: {{by: fold, validation: [9], test: [10]}}}}
model: {{weights: {weights}}}
training: {{steps: 40, evaluate_every: 20, batch_size: 10, weight_decay: 1}}
parameters: {{learning_rate: [1000]}}
"""

CLASSES = "select c.clip, k.class from clips c join dataset_classes k using (sweep_id, class_index)"


READ_BOARDS = """
import json, pathlib, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
found = []
for file in pathlib.Path(sys.argv[1]).rglob("events.out.tfevents.*"):
    events = EventAccumulator(str(file.parent))
    events.Reload()
    trial = int(file.parent.name.split("_")[0].removeprefix("trial-"))
    for tag in events.Tags()["scalars"]:
        found.append([trial, tag, [[event.step, event.value] for event in events.Scalars(tag)]])
print(json.dumps(found))
"""

READ_HPARAMS = """
import json, pathlib, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData
found = {}
for file in pathlib.Path(sys.argv[1]).rglob("events.out.tfevents.*"):
    events = EventAccumulator(str(file.parent))
    events.Reload()
    contents = events.PluginTagToContent("hparams")
    start = HParamsPluginData.FromString(contents["_hparams_/session_start_info"]).session_start_info
    trial = int(file.parent.name.split("_")[0].removeprefix("trial-"))
    found[trial] = {name: value.number_value for name, value in start.hparams.items()}
print(json.dumps(found))
"""

READ_MLFLOW = """
import json, os, pathlib, sys
os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"  # recent versions ask for it
import mlflow
client = mlflow.MlflowClient(pathlib.Path(sys.argv[1]).as_uri())
found = []
for experiment in client.search_experiments():
    for run in client.search_runs([experiment.experiment_id]):
        trial = int(run.info.run_name.split("_")[0].removeprefix("trial-"))
        for metric in run.data.metrics:
            points = client.get_metric_history(run.info.run_id, metric)
            found.append([trial, metric, [[point.step, point.value] for point in points]])
print(json.dumps(found))
"""


def python_with(*modules):
    """An interpreter that has these modules; None where there is none."""
    candidates = [os.environ.get("MELSWEEP_TEST_PYTHON"), ROOT / "build" / "bench-venv" / "bin" / "python", sys.executable]
    for python in candidates:
        if python and pathlib.Path(python).exists():
            probe = subprocess.run([python, "-c", "import " + ", ".join(modules)], capture_output=True)
            if probe.returncode == 0:
                return str(python)
    return None


class ModelTest(unittest.TestCase):
    """One finished sweep for all tests."""

    @classmethod
    def setUpClass(cls):
        cls.shelf = tempfile.TemporaryDirectory(prefix="melsweep-model-")
        cls.folder = pathlib.Path(cls.shelf.name)
        cls.data = cls.folder / "UrbanSound8K"
        cls.database = cls.folder / "results.db"
        cls.weights = "random"
        if WEIGHTS:  # of the tests' own, so that one may change it
            cls.weights = cls.folder / "weights.safetensors"
            shutil.copy(WEIGHTS, cls.weights)
        melsweep("data", "synth", cls.data, "--clips", "40", "--seed", "5")
        sweep = cls.folder / "sweep.yaml"
        sweep.write_text(SWEEP.format(data=cls.data, weights=cls.weights))
        melsweep("run", sweep, "--db", cls.database, "--data-dir", cls.folder / "worker", "--workers", "1")
        cls.exported = cls.folder / "exported"
        melsweep("export", "last", cls.exported, "--db", cls.database)

    @classmethod
    def tearDownClass(cls):
        cls.shelf.cleanup()

    def recorded(self, trial, database=None):
        """clip -> {class: probability}, of the validation clips."""
        query = f"""select p.clip, k.class, j.value as probability from predictions p
          join evaluations e on e.id = p.evaluation_id join trials t on t.id = e.trial_id, json_each(p.probabilities) j
          join evaluated_classes k on k.evaluation_id = e.id and k.class_index = j.key
          where e.split = 'validation' and t.number = {trial}"""
        found = {}
        for row in rows(database or self.database, query):
            found.setdefault(row["clip"], {})[row["class"]] = row["probability"]
        self.assertGreater(len(found), 0)
        return found

    def predicted(self, *arguments):
        found = {}
        for row in as_json("predict", *arguments, "--top", "100"):
            clip = str(pathlib.Path(row["file"]).relative_to(self.data))
            found.setdefault(clip, {})[row["class"]] = row["probability"]
        return found

    def files(self, recorded):
        return [self.data / clip for clip in sorted(recorded)]

    def assert_same(self, found, recorded, within):
        self.assertEqual(found.keys(), recorded.keys())
        for clip, probabilities in recorded.items():
            self.assertEqual(found[clip].keys(), probabilities.keys())
            for name, probability in probabilities.items():
                self.assertAlmostEqual(found[clip][name], probability, delta=within, msg=f"{clip} {name}")

    def best(self):
        return rows(self.database, "select trial from best_run")[0]["trial"]

    def test_the_best_run_predicts_what_the_database_recorded(self):
        recorded = self.recorded(self.best())
        found = self.predicted("--run", "best", "tones", *self.files(recorded), "--db", self.database)
        self.assert_same(found, recorded, 1e-5)

    def test_another_trial_is_chosen_by_its_number(self):
        other = 3 - self.best()
        recorded = self.recorded(other)
        self.assertNotEqual(recorded, self.recorded(self.best()))
        for choice in (["--run", other, "last"], [f"last:{other}"]):
            found = self.predicted(*choice, *self.files(recorded), "--db", self.database)
            self.assert_same(found, recorded, 1e-5)

    def test_a_head_that_was_trained_in_bfloat16_predicts_what_was_recorded(self):
        database = self.folder / "bfloat16.db"
        there = ["--set", "training.precision=bfloat16", "--db", database, "--data-dir", self.folder / "worker"]
        melsweep("run", self.folder / "sweep.yaml", *there, "--workers", "1")
        recorded = self.recorded(2, database)
        self.assertNotEqual(recorded, self.recorded(2))
        found = self.predicted("--run", "2", "tones", *self.files(recorded), "--db", database)
        self.assert_same(found, recorded, 1e-5)

    def test_an_exported_model_predicts_the_same_without_database_and_weights(self):
        recorded = self.recorded(self.best())
        moved = self.folder / "moved"
        shutil.copytree(self.exported, moved)
        found = self.predicted("--model", moved, *self.files(recorded))
        self.assert_same(found, recorded, 1e-5)

    def test_the_exported_folder_tells_what_it_is(self):
        self.assertEqual({file.name for file in self.exported.iterdir()}, {"model.safetensors", "model.json", "README.md"})
        model = json.loads((self.exported / "model.json").read_text())
        classes = [row["class"] for row in rows(self.database, "select class from dataset_classes order by class_index")]
        self.assertEqual(model["labels"], classes)
        clips = rows(self.database, "select count(*) as n from clips where split = 'train'")[0]["n"]
        self.assertEqual(sum(of_class["train"] for of_class in model["origin"]["clips"]), clips)
        card = (self.exported / "README.md").read_text()
        accuracy = rows(self.database, "select validation_accuracy from best_run")[0]["validation_accuracy"]
        self.assertIn(f"| validation/accuracy | {accuracy:.4f} |", card)
        self.assertIn(model["origin"]["dataset_hash"], card)

    def test_folders_are_walked_and_what_cannot_be_read_is_named_and_passed_over(self):
        mixed = self.folder / "mixed"
        (mixed / "deep").mkdir(parents=True)
        clips = sorted(self.data.rglob("*.wav"))[:2]
        shutil.copy(clips[0], mixed / "deep" / "a.wav")
        shutil.copy(clips[1], mixed / "b.wav")
        (mixed / "broken.wav").write_bytes(b"RIFF no sound at all")
        run = melsweep("predict", "--model", self.exported, mixed, self.folder / "none.wav", "-o", "json", expect=1)
        files = [pathlib.Path(row["file"]).name for row in json.loads(run.stdout)]
        self.assertEqual(files, ["b.wav", "a.wav"])
        self.assertIn("broken.wav", run.stderr)
        self.assertIn("none.wav", run.stderr)

    def test_a_long_recording_is_heard_in_windows(self):
        clip = max(self.data.rglob("*.wav"), key=lambda file: file.stat().st_size)
        heard = as_json("predict", "--model", self.exported, clip, "--window", "1", "--hop", "0.5")
        whole = as_json("predict", "--model", self.exported, clip)
        self.assertEqual(len(whole), 1)
        self.assertIsNone(whole[0]["start_s"])
        self.assertGreater(len(heard), 2)
        self.assertEqual([row["start_s"] for row in heard[:3]], [0.0, 0.5, 1.0])
        for row in heard:
            self.assertAlmostEqual(row["end_s"] - row["start_s"], 1.0, places=3)

    def test_tables_and_csv_show_the_likeliest_first(self):
        clip = next(self.data.rglob("*.wav"))
        table = melsweep("predict", "--model", self.exported, clip, "--top", "2").stdout.splitlines()
        self.assertEqual(table[0].split(), ["file", "rank", "class", "probability"])
        self.assertEqual(len(table), 3)
        lines = melsweep("predict", "--model", self.exported, clip, "--top", "3", "-o", "csv").stdout.splitlines()
        self.assertEqual(lines[0], "file,start_s,end_s,rank,class,probability")
        chances = [float(line.rsplit(",", 1)[1]) for line in lines[1:]]
        self.assertEqual(chances, sorted(chances, reverse=True))
        self.assertEqual(len(chances), 3)

    def test_a_run_that_is_not_there_is_told_with_what_there_is(self):
        clip = next(self.data.rglob("*.wav"))
        for arguments, words in (
            (("predict", "other", clip), "there are: 1 'tones'"),
            (("predict", "tones:9", clip), "has no trial 9; it has trials 1 to 2"),
            (("export", "other", self.folder / "new"), "there are: 1 'tones'"),
        ):
            self.assertIn(words, melsweep(*arguments, "--db", self.database, expect=1).stderr)
        self.assertFalse((self.folder / "new").exists())
        for arguments, words in (
            (("predict", "tones:1", clip, "--run", "2"), "names the trial, and --run does too"),
            (("predict", "tones", clip, "--run", "second"), "--run is 'best' or a trial's number"),
            (("predict", "tones"), "no sound is named"),
        ):
            self.assertIn(words, melsweep(*arguments, "--db", self.database, expect=2).stderr)
        self.assertIn("--window", melsweep("predict", "--model", self.exported, clip, "--hop", "1", expect=2).stderr)
        self.assertIn("no exported model", melsweep("predict", "--model", self.data, clip, expect=1).stderr)

    def test_a_sweep_without_a_finished_trial_has_no_model(self):
        database = self.folder / "diverging.db"
        sweep = self.folder / "diverging.yaml"
        sweep.write_text(DIVERGING.format(data=self.data, weights=self.weights))
        melsweep("run", sweep, "--db", database, "--data-dir", self.folder / "worker", expect=1)
        refused = melsweep("export", "last", self.folder / "nothing", "--db", database, expect=1)
        self.assertIn("no trial of sweep 1 has finished yet", refused.stderr)

    def test_a_folder_that_is_not_empty_is_left_alone(self):
        full = self.folder / "full"
        full.mkdir()
        (full / "mine.txt").write_text("mine")
        refused = melsweep("export", "last", full, "--db", self.database, expect=1)
        self.assertIn("is there already and not empty", refused.stderr)
        self.assertEqual([file.name for file in full.iterdir()], ["mine.txt"])

    def test_diff_agrees_with_the_predictions_of_both_trials(self):
        first, second = self.recorded(1), self.recorded(2)
        diff = as_json("diff", "tones:1", "tones:2", "--db", self.database)
        self.assertEqual([row["setting"] for row in diff["settings"]], ["training.learning_rate"])
        truth = {row["clip"]: row["class"] for row in rows(self.database, CLASSES)}
        right = [{clip for clip, said in of.items() if max(said, key=said.get) == truth[clip]} for of in (first, second)]
        verdicts = {}
        for row in diff["clips"]:
            verdicts.setdefault(row["verdict"], set()).add(row["clip"])
        self.assertEqual(verdicts.get("fixed", set()), right[1] - right[0])
        self.assertEqual(verdicts.get("broken", set()), right[0] - right[1])
        self.assertEqual(verdicts.get("both wrong", set()), set(first) - right[0] - right[1])
        self.assertIn("What they differ in", melsweep("diff", "1:1", "1:2", "--db", self.database).stdout)

    def test_explain_names_the_clips_that_every_trial_gets_wrong(self):
        explained = as_json("explain", "tones", "--db", self.database)
        both = as_json("diff", "tones:1", "tones:2", "--db", self.database)["clips"]
        wrong = {row["clip"] for row in both if row["verdict"] == "both wrong"}
        self.assertEqual({row["clip"] for row in explained["hard_clips"]}, wrong)
        self.assertEqual({row["value"] for row in explained["effects"]}, {"0.005", "0.05"})
        self.assertIn("by learning_rate", melsweep("explain", "--db", self.database).stdout)

    def test_results_go_to_other_programs_in_one_go(self):
        out = self.folder / "out"
        options = [word for form in ("csv", "jsonl", "tensorboard", "mlflow") for word in (f"--{form}", out / form)]
        melsweep("export", *options, "--db", self.database)
        with open(out / "csv" / "leaderboard.csv", newline="") as file:
            board = list(csv.DictReader(file))
        truth = rows(self.database, "select * from leaderboard")
        self.assertEqual([float(row["objective"]) for row in board], [row["objective"] for row in truth])
        lines = (out / "jsonl" / "misclassified.jsonl").read_text().splitlines()
        self.assertEqual([json.loads(line) for line in lines], rows(self.database, "select * from misclassified"))
        self.assertEqual(len(list((out / "tensorboard").rglob("events.out.tfevents.*"))), 2)
        self.assertEqual(len(list((out / "mlflow" / "1").glob("*/params/learning_rate"))), 2)
        self.assertIn("one after the other", melsweep("export", "tones", out / "x", "--csv", out, expect=2).stderr)
        self.assertIn("which trial's model goes where", melsweep("export", "tones", expect=2).stderr)

    def curves(self):
        """(trial, metric) -> [(step, value)]"""
        found = {}
        for row in rows(self.database, "select trial, metric, step, value from trial_metrics order by step"):
            found.setdefault((row["trial"], row["metric"]), []).append((row["step"], row["value"]))
        return found

    def assert_curves(self, read):
        truth = self.curves()
        self.assertEqual(read.keys(), truth.keys())
        for key, points in truth.items():
            self.assertEqual([step for step, _ in read[key]], [step for step, _ in points], key)
            for (_, value), (_, recorded) in zip(read[key], points):
                self.assertAlmostEqual(value, recorded, places=5, msg=str(key))

    def test_tensorboard_reads_the_curves_back(self):
        python = python_with("tensorboard.backend.event_processing.event_accumulator")
        if python is None:
            self.skipTest("no Python with tensorboard (MELSWEEP_TEST_PYTHON)")
        out = self.folder / "boards"
        melsweep("export", "--tensorboard", out, "--db", self.database)
        read = json.loads(subprocess.run([python, "-c", READ_BOARDS, out], capture_output=True, text=True, check=True).stdout)
        self.assert_curves({(trial, metric): [tuple(point) for point in points] for trial, metric, points in read})

    def test_tensorboard_reads_back_what_was_tried(self):
        python = python_with("tensorboard.plugins.hparams.plugin_data_pb2")
        if python is None:
            self.skipTest("no Python with tensorboard (MELSWEEP_TEST_PYTHON)")
        out = self.folder / "settings"
        melsweep("export", "--tensorboard", out, "--db", self.database)
        read = json.loads(subprocess.run([python, "-c", READ_HPARAMS, out], capture_output=True, text=True, check=True).stdout)
        tried = {str(row["trial"]): row["learning_rate"] for row in rows(self.database, "select trial, learning_rate from leaderboard")}
        self.assertEqual({trial: values["learning_rate"] for trial, values in read.items()}, tried)

    def test_mlflow_reads_the_curves_back(self):
        python = python_with("mlflow")
        if python is None:
            self.skipTest("no Python with mlflow (MELSWEEP_TEST_PYTHON)")
        out = self.folder / "mlruns"
        melsweep("export", "--mlflow", out, "--db", self.database)
        read = json.loads(subprocess.run([python, "-c", READ_MLFLOW, out], capture_output=True, text=True, check=True).stdout)
        self.assert_curves({(trial, metric): [tuple(point) for point in points] for trial, metric, points in read})

    @unittest.skipUnless(WEIGHTS, "no pretrained weights (MELSWEEP_TEST_WEIGHTS)")
    def test_other_weights_in_the_place_of_the_trials_are_refused(self):
        clip = next(self.data.rglob("*.wav"))
        kept = self.folder / "kept.safetensors"
        shutil.move(self.weights, kept)
        try:
            shutil.copy(self.exported / "model.safetensors", self.weights)
            refused = melsweep("predict", "last", clip, "--db", self.database, expect=1)
            self.assertIn("are not those that trial", refused.stderr)
            melsweep("export", "last", self.folder / "wrong", "--db", self.database, expect=1)
            self.assertFalse((self.folder / "wrong").exists())
        finally:
            shutil.move(kept, self.weights)

    def test_the_python_example_agrees(self):
        python = python_with("librosa", "torch", "torchvision")
        if python is None:
            self.skipTest("no Python with librosa, torch and torchvision (MELSWEEP_TEST_PYTHON)")
        recorded = self.recorded(self.best())
        command = [python, str(ROOT / "docs" / "predict_with_torch.py"), str(self.exported), *map(str, self.files(recorded))]
        run = subprocess.run(command, capture_output=True, text=True, timeout=300)
        self.assertEqual(run.returncode, 0, run.stderr[-3000:])
        found = {}
        for line in run.stdout.splitlines():
            heard = json.loads(line)
            found[str(pathlib.Path(heard["file"]).relative_to(self.data))] = heard["probabilities"]
        # 0.01 dB of the spectrograms, and another resampler where the file has another rate.
        self.assert_same(found, recorded, 5e-3)


if __name__ == "__main__":
    unittest.main()
