"""A disk that fails: the coordinator ends rather than promise what it cannot keep."""

import pathlib
import tempfile
import unittest

from preloads import build_preload, needs_c_compiler
from programs import Cluster, Daemon, melsweep, rows

SWEEP = """\
version: 1
name: {name}
dataset: {{format: folders, path: data, split: {{by: random, validation: 0.2}}}}
model: {{weights: random}}
training: {{steps: 10}}
parameters: {{learning_rate: [0.01]}}
"""


@needs_c_compiler
class BrokenDiskTest(unittest.TestCase):
    def setUp(self):
        shelf = tempfile.TemporaryDirectory(prefix="melsweep-disk-")
        self.addCleanup(shelf.cleanup)
        self.folder = pathlib.Path(shelf.name)
        self.library = build_preload("failing_syncs", self.folder)

    def sweep(self, name):
        file = self.folder / f"{name}.yaml"
        file.write_text(SWEEP.format(name=name))
        return file

    def test_a_failed_sync_ends_the_coordinator_at_once_and_keeps_the_log(self):
        broken = self.folder / "broken"
        cluster = Cluster(self.folder)
        self.addCleanup(cluster.__exit__)
        cluster.start_coordinator("127.0.0.1:0", {"LD_PRELOAD": self.library, "BROKEN_DISK": str(broken)})
        melsweep("submit", self.sweep("kept"), "--coordinator", cluster.address)
        broken.touch()
        arguments = ["submit", self.sweep("lost"), "--coordinator", cluster.address]
        submission = Daemon("melsweep", arguments, self.folder / "submit.log")
        self.addCleanup(submission.process.wait)
        self.addCleanup(submission.process.kill)
        self.assertEqual(cluster.coordinator.process.wait(60), 1)
        self.assertIn("cannot go on", cluster.coordinator.tail())
        self.assertGreater((self.folder / "results.db-wal").stat().st_size, 0)
        broken.unlink()
        self.assertIn({"name": "kept"}, rows(cluster.database, "select name from sweeps"))
