"""Sweeps over augmentations with the real programs: every picture that is promised, of training clips alone, made once."""

import json
import pathlib
import tempfile
import unittest

from programs import as_json, melsweep, rows

SWEEP = """\
version: 1
name: augmentations
dataset:
  format: urbansound8k
  path: {data}
  split: {{by: fold, validation: [9], test: [10]}}
model: {{weights: random}}
training: {{steps: 20, evaluate_every: 20, batch_size: 10, noise_color: pink, noise_snr: 5}}
parameters:
  augmentation: [none, channels, [channels, noise], [noise, gain, shift, masks, mixup]]
"""

# What each value of the sweep makes of a mono clip and of a stereo clip.
PICTURES = {"none": (1, 1), "channels": (1, 3), "channels+noise": (2, 6), "noise+gain+shift+masks+mixup": (5, 5)}


class AugmentationTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shelf = tempfile.TemporaryDirectory(prefix="melsweep-e2e-")
        cls.folder = pathlib.Path(cls.shelf.name)
        cls.data = cls.folder / "UrbanSound8K"
        cls.worker_dir = cls.folder / "worker"
        melsweep("data", "synth", cls.data, "--clips", "24", "--seed", "3")
        cls.database = cls.run_sweep("results.db")
        cls.built = cls.segments()

    @classmethod
    def tearDownClass(cls):
        cls.shelf.cleanup()

    @classmethod
    def run_sweep(cls, database, *more):
        sweep = cls.folder / "sweep.yaml"
        sweep.write_text(SWEEP.format(data=cls.data))
        melsweep("run", sweep, "--db", cls.folder / database, "--data-dir", cls.worker_dir, *more)
        return cls.folder / database

    @classmethod
    def segments(cls):
        return {path: path.stat().st_mtime_ns for path in (cls.worker_dir / "features").rglob("segment-*")}

    def cached_items(self, level):
        indexes = (self.worker_dir / "features" / level).rglob("segment-*.json")
        return [item["key"] for index in indexes for item in json.loads(index.read_text())["items"]]

    def clips(self):
        """Class, channels, split and content of each clip."""
        return rows(
            self.database,
            "select class, channels, split, content_hash from clips c join dataset_classes k using (sweep_id, class_index)",
        )

    def test_every_trial_has_finished(self):
        board = rows(self.database, "select parameters from leaderboard order by trial")
        self.assertEqual([row["parameters"] for row in board], [f"augmentation={value}" for value in PICTURES])
        melsweep("verify", "last", "--db", self.database)

    def test_counts_of_each_class_are_as_promised(self):
        training = [clip for clip in self.clips() if clip["split"] == "train"]
        self.assertEqual({clip["channels"] for clip in training}, {1, 2}, "mono and stereo clips")
        told = as_json("explain", "--db", self.database)["pictures"]
        for augmentation, (mono, stereo) in PICTURES.items():
            of_augmentation = {row["class"]: row for row in told if row["augmentation"] == augmentation}
            self.assertEqual(len(of_augmentation), 10)
            for name, row in of_augmentation.items():
                channels = [clip["channels"] for clip in training if clip["class"] == name]
                self.assertEqual(row["clips"], len(channels))
                self.assertEqual(row["pictures"], sum(stereo if number == 2 else mono for number in channels))

    def test_inspect_counts_the_same_before_anything_runs(self):
        told = as_json("data", "inspect", self.data, "--augmentation", "channels,noise")
        clips = self.clips()
        self.assertEqual(told["pictures"], sum(6 if clip["channels"] == 2 else 2 for clip in clips))
        for of_class in told["classes"]:
            channels = [clip["channels"] for clip in clips if clip["class"] == of_class["name"]]
            self.assertEqual(of_class["pictures"], sum(6 if number == 2 else 2 for number in channels))

    def test_the_cache_holds_each_picture_once_and_no_variant_of_a_validation_clip(self):
        expected = set()
        for clip in self.clips():
            content = clip["content_hash"]
            if clip["split"] != "test":
                expected.add(f"{content}/average")
            if clip["split"] != "train":
                continue
            channels = ["average", "left", "right"] if clip["channels"] == 2 else ["average"]
            for channel in channels:
                expected |= {f"{content}/{channel}", f"{content}/{channel}/noise:1:pink:5"}
            expected |= {f"{content}/average/{variant}" for variant in ("gain:1:6", "shift:1:0.5", "masks:1:16:32")}
        for level in ("spectrograms", "bottlenecks"):
            items = self.cached_items(level)
            self.assertEqual(len(items), len(set(items)))
            self.assertEqual(set(items), expected, level)

    def test_a_second_run_builds_nothing_and_gives_the_same_numbers(self):
        again = self.run_sweep("again.db")
        self.assertEqual(self.segments(), self.built)
        numbers = "select trial, objective, train_loss from leaderboard order by trial"
        self.assertEqual(rows(again, numbers), rows(self.database, numbers))

    def test_a_setting_of_a_variant_that_no_trial_has_is_refused(self):
        sweep = self.folder / "sweep.yaml"
        wrong = melsweep("validate", sweep, "--set", "training.gain_db=3", "--set", "parameters.augmentation=[noise]", expect=2)
        self.assertIn("training.gain_db has no meaning without the augmentation gain", wrong.stderr)


if __name__ == "__main__":
    unittest.main()
