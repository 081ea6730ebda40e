"""A disk that fails: the coordinator ends rather than promise what it cannot keep."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest
from unittest import mock

from programs import Cluster, Daemon, melsweep, rows

SWEEP = """\
version: 1
name: {name}
dataset: {{format: folders, path: data, split: {{by: random, validation: 0.2}}}}
model: {{weights: random}}
training: {{steps: 10}}
parameters: {{learning_rate: [0.01]}}
"""

# fsync and fdatasync that fail once the file named in BROKEN_DISK is there.
FAILING_SYNCS = """\
#include <errno.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>
static int sync_or_fail(long call, int file) {
  if (access(getenv("BROKEN_DISK"), F_OK) == 0) { errno = EIO; return -1; }
  return syscall(call, file);
}
int fsync(int file) { return sync_or_fail(SYS_fsync, file); }
int fdatasync(int file) { return sync_or_fail(SYS_fdatasync, file); }
"""


@unittest.skipUnless(shutil.which("cc"), "needs a C compiler")
class BrokenDiskTest(unittest.TestCase):
    def setUp(self):
        shelf = tempfile.TemporaryDirectory(prefix="melsweep-disk-")
        self.addCleanup(shelf.cleanup)
        self.folder = pathlib.Path(shelf.name)
        source = self.folder / "failing_syncs.c"
        source.write_text(FAILING_SYNCS)
        self.library = self.folder / "failing_syncs.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-o", self.library, source], check=True)

    def sweep(self, name):
        file = self.folder / f"{name}.yaml"
        file.write_text(SWEEP.format(name=name))
        return file

    def test_a_failed_sync_ends_the_coordinator_at_once_and_keeps_the_log(self):
        broken = self.folder / "broken"
        environment = {"LD_PRELOAD": str(self.library), "BROKEN_DISK": str(broken)}
        with mock.patch.dict(os.environ, environment):
            cluster = Cluster(self.folder)
            cluster.start_coordinator("127.0.0.1:0")
        self.addCleanup(cluster.__exit__)
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
