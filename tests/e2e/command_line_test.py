"""What the command line says and answers, without a sweep being run: misuse, odd paths, odd streams."""

import os
import pathlib
import subprocess
import tempfile
import unittest

from programs import BIN, ROOT, melsweep

SWEEP = """\
version: 1
name: small
dataset: {format: folders, path: no-such-folder, split: {by: random, validation: 0.2}}
model: {weights: random}
parameters:
  learning_rate: [0.01, 0.05]
"""


class InAFolder(unittest.TestCase):
    def setUp(self):
        shelf = tempfile.TemporaryDirectory(prefix="melsweep-line-")
        self.addCleanup(shelf.cleanup)
        self.folder = pathlib.Path(shelf.name)
        self.sweep = self.folder / "sweep.yaml"
        self.sweep.write_text(SWEEP)


class VerbTest(InAFolder):
    def test_an_unknown_verb_is_named_with_the_likely_one(self):
        self.assertIn("no verb 'statsu' (did you mean 'status'?)", melsweep("statsu", expect=2).stderr)
        self.assertIn("no verb 'xyzzy'", melsweep("xyzzy", "--db", "a", expect=2).stderr)

    def test_set_reaches_the_sweep(self):
        said = melsweep("validate", self.sweep, "--set", "parameters.learning_rate=[0.1]", "--set", "seeds=3").stdout
        self.assertIn("1 cell x 3 seeds", said)
        self.assertIn("training.stepz", melsweep("validate", self.sweep, "--set", "training.stepz=3", expect=2).stderr)

    def test_submit_to_nobody_says_so_at_once(self):
        run = melsweep("submit", self.sweep, "--coordinator", "127.0.0.1:1", expect=1)
        self.assertIn("no coordinator answers at 127.0.0.1:1", run.stderr)
        self.assertNotIn("asking again", run.stderr)


class PathTest(InAFolder):
    def test_an_empty_path_is_refused(self):
        for arguments in (
            ("run", self.sweep, "--db", ""),
            ("run", self.sweep, "--data-dir", ""),
            ("best", "--db", ""),
            ("cancel", "1", "--db", ""),
        ):
            self.assertIn("path is empty", melsweep(*arguments, expect=2).stderr)
        melsweep("--db", "", program="melsweep-coordinator", expect=2)
        melsweep("--data-dir", "", program="melsweep-worker", expect=2)

    def test_a_database_that_cannot_be_named_is_an_error_and_no_crash(self):
        long_name = str(self.folder / ("x" * 5000))
        melsweep("trials", "--db", long_name, expect=1)
        # Somebody may have a coordinator at the default address.
        run = melsweep("status", expect=None, environment={"MELSWEEP_DB": long_name, "MELSWEEP_COORDINATOR": ""})
        self.assertIn(run.returncode, (0, 1), run.stderr)
        listen = ("--listen", "127.0.0.1:0")
        run = melsweep(*listen, "--db", long_name, program="melsweep-coordinator", expect=1)
        self.assertIn("File name too long", run.stderr)

    def test_a_missing_database_is_not_made_by_cancel(self):
        missing = self.folder / "missing.db"
        self.assertIn("no results database", melsweep("cancel", "1", "--db", missing, expect=1).stderr)
        self.assertFalse(missing.exists())

    def test_quickstart_finds_a_home_where_none_is_set(self):
        text = (ROOT / "deploy" / "quickstart").read_text()
        block = text[text.index("# Containers") : text.index("step()")]
        script = f"set -euo pipefail\n{block}\necho $HOME"
        environment = {key: value for key, value in os.environ.items() if key != "HOME"}
        run = subprocess.run(["bash", "-c", script], capture_output=True, text=True, env=environment, check=True)
        self.assertTrue(run.stdout.startswith("/"), run.stdout)


class StreamTest(InAFolder):
    def shell(self, script):
        return subprocess.run(
            ["bash", "-c", script, "bash", str(BIN / "melsweep"), str(self.sweep)], capture_output=True, text=True, cwd=ROOT
        )

    def test_output_that_cannot_be_written_is_a_failure(self):
        for command in ('"$1" validate "$2" >/dev/full', '"$1" --help >/dev/full', '"$1" validate "$2" >&-'):
            run = self.shell(command)
            self.assertEqual(run.returncode, 1, command)
            self.assertIn("writing to standard output", run.stderr)

    def test_a_reader_that_leaves_is_no_error_message(self):
        run = self.shell('"$1" --help | head -n 1; trap "" PIPE; "$1" --help | true')
        self.assertEqual(run.stderr, "")

    def test_run_reads_a_pipe_once(self):
        # The data is looked for, so the trainer has read the sweep.
        run = self.shell(f'"$1" run <(cat "$2") --db {self.folder}/a.db --data-dir {self.folder}/worker')
        self.assertEqual(run.returncode, 1)
        self.assertIn("no-such-folder", run.stderr)


if __name__ == "__main__":
    unittest.main()
