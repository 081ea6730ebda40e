"""What is wrong is said, with the place and the way out; nothing is written and nothing crashes."""

import pathlib
import struct
import subprocess
import tempfile
import unittest

from programs import Daemon, melsweep, wait_until

SWEEP = """\
version: 1
name: refused
dataset:
  format: {format}
  path: {path}
  split: {split}
model: {{weights: {weights}}}
training: {{steps: 10}}
parameters:
  learning_rate: [0.01]
"""


class BadInputTest(unittest.TestCase):
    def setUp(self):
        self.shelf = tempfile.TemporaryDirectory(prefix="melsweep-bad-")
        self.addCleanup(self.shelf.cleanup)
        self.folder = pathlib.Path(self.shelf.name)
        self.data = self.folder / "data"

    def make_data(self, clips=40):
        melsweep("data", "synth", self.data, "--clips", clips, "--seed", "5")
        return sorted(self.data.glob("audio/fold*/*.wav"))

    def refuse(self, text, *expected, code):
        """`melsweep run` on this YAML: the exit code, the words, and no database and no cache left behind."""
        file = self.folder / "sweep.yaml"
        file.write_text(text)
        database = self.folder / "out" / "results.db"
        run = melsweep("run", file, "--db", database, "--data-dir", self.folder / "worker", expect=code)
        for words in expected:
            self.assertIn(words, run.stderr)
        self.assertFalse(database.exists())
        self.assertEqual(list(self.folder.glob("worker/**/segment-*")), [])
        return run

    def sweep(self, format="urbansound8k", split="{by: fold, validation: [9], test: [10]}", weights="random"):
        return SWEEP.format(format=format, path=self.data, split=split, weights=weights)

    def test_an_unknown_key_is_named_with_its_place_and_the_likely_one(self):
        text = self.sweep().replace("learning_rate", "lerning_rate")
        self.refuse(text, "sweep.yaml:10:3", "lerning_rate", "learning_rate", code=2)

    def test_a_fold_in_two_splits(self):
        self.refuse(self.sweep(split="{by: fold, validation: [9], test: [9, 10]}"), "sweep.yaml:6", "fold 9", code=2)

    def test_a_search_that_is_not_built_is_refused_not_ignored(self):
        self.refuse(self.sweep() + "search: {method: tpe, max_trials: 10}\n", "tpe", "grid", code=2)

    def test_a_missing_data_set(self):
        self.refuse(self.sweep(), str(self.data), code=1)

    def test_a_missing_weights_file(self):
        self.make_data()
        self.refuse(self.sweep(weights="no/such/file.safetensors"), "no/such/file.safetensors", code=1)

    def test_a_safetensors_header_of_2_to_the_60(self):
        self.make_data()
        weights = self.folder / "hostile.safetensors"
        weights.write_bytes(struct.pack("<Q", 1 << 60) + b"{}")
        self.refuse(self.sweep(weights=weights), "hostile.safetensors", "header", code=1)
        run = melsweep("weights", "verify", weights, expect=1)
        self.assertIn("header", run.stderr)

    def test_a_truncated_wav_a_text_file_and_a_missing_file_are_all_named(self):
        truncated, text, missing = self.make_data()[:3]
        truncated.write_bytes(truncated.read_bytes()[:200])
        text.write_text("this is no sound")
        missing.unlink()
        run = self.refuse(self.sweep(), truncated.name, text.name, missing.name, "on_bad_clip: skip", code=1)
        self.assertNotIn("terminate", run.stderr)

    def test_bad_clips_are_skipped_and_counted_when_asked(self):
        self.make_data()[0].write_text("this is no sound")
        file = self.folder / "sweep.yaml"
        file.write_text(self.sweep().replace("  split:", "  on_bad_clip: skip\n  split:"))
        database = self.folder / "results.db"
        run = melsweep("run", file, "--db", database, "--data-dir", self.folder / "worker")
        self.assertIn("1 bad clip", run.stderr)

    def test_a_random_split_that_leaks_is_refused_or_warned_of(self):
        self.make_data(clips=120)  # so many that recordings give several clips
        leaky = "{by: random, validation: 0.3, seed: 1}"
        self.refuse(self.sweep(split=leaky), "allow_leakage", "group", code=1)

    def test_misuse_of_the_command_line_is_2(self):
        melsweep("no-such-verb", expect=2)
        melsweep("best", "--db", "a", "--coordinator", "b:1", expect=2)
        melsweep("run", "no-such-file.yaml", expect=2)

    def test_a_database_that_is_none(self):
        file = self.folder / "not.db"
        file.write_text("nothing of the kind " * 100)
        run = melsweep("best", "--db", file, expect=1)
        self.assertIn("not.db", run.stderr)
        self.assertEqual(file.read_text(), "nothing of the kind " * 100)


class DaemonOptionsTest(unittest.TestCase):
    def setUp(self):
        self.shelf = tempfile.TemporaryDirectory(prefix="melsweep-options-")
        self.addCleanup(self.shelf.cleanup)
        self.folder = pathlib.Path(self.shelf.name)

    def test_a_parent_that_died_before_the_program_began_ends_it(self):
        gone = subprocess.Popen(["true"])
        gone.wait()
        database = self.folder / "results.db"
        common = ["--exit-with-parent", gone.pid]
        melsweep("--listen", "127.0.0.1:0", "--db", database, *common, program="melsweep-coordinator", expect=1)
        self.assertFalse(database.exists())
        worker = ["--coordinator", "127.0.0.1:1", "--data-dir", self.folder, "--trainer", "/bin/true"]
        melsweep(*worker, *common, program="melsweep-worker", expect=1)

    def test_the_checkpoints_of_another_database_are_left_alone(self):
        port_file = self.folder / "address"
        arguments = ["--listen", "127.0.0.1:0", "--db", self.folder / "mine.db", "--port-file", port_file]
        coordinator = Daemon("melsweep-coordinator", arguments, self.folder / "coordinator.log")
        wait_until(port_file.exists, "the coordinator")
        self.assertEqual(coordinator.stop(), 0)
        folder = self.folder / "mine.db.artifacts"
        owner = (folder / "store-id").read_text()
        other = ["--listen", "127.0.0.1:0", "--db", self.folder / "other.db"]
        run = melsweep(*other, "--artifacts", folder, program="melsweep-coordinator", expect=1)
        self.assertIn("another database", run.stderr)
        environment = {"MELSWEEP_ARTIFACTS": str(folder)}
        run = melsweep(*other, program="melsweep-coordinator", expect=1, environment=environment)
        self.assertIn("another database", run.stderr)
        self.assertEqual((folder / "store-id").read_text(), owner)

    def test_a_lease_too_short_to_be_kept_is_refused(self):
        run = melsweep("--lease-ttl-ms", 999, program="melsweep-coordinator", expect=2)
        self.assertIn("--lease-ttl-ms", run.stderr)


if __name__ == "__main__":
    unittest.main()
