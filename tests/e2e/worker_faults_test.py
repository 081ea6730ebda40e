"""Workers and trainers that are killed, with the real coordinator and agent. The trainer is the one that
docs/trainer-protocol.md shows: any program that keeps to the page is one, and this one needs no time to start."""

import os
import pathlib
import re
import signal
import tempfile
import unittest

from programs import ROOT, Cluster, melsweep, rows, wait_until

SWEEP = """\
version: 1
name: toy
dataset:
  format: esc50
  path: not-looked-at
  split: {by: fold, validation: [4], test: [5]}
model: {weights: random}
training: {steps: 10000000, evaluate_every: 2500000}
parameters:
  learning_rate: [0.01, 0.02]
"""

# Reads nothing, so that the end of its input tells it nothing either.
DEAF_TRAINER = """\
#!/bin/sh
echo '{"type":"hello","protocol":1,"trainer":"deaf","device":"cpu"}'
exec sleep 100000
"""

LONG_LEASE_MS = 3_600_000


def stat_of(pid):
    """The process's state and its parent; nothing where it is gone."""
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return None
    return fields[0], int(fields[1])


def children_of(pid):
    found = [int(entry.name) for entry in pathlib.Path("/proc").iterdir() if entry.name.isdigit()]
    return [child for child in found if (stat_of(child) or ("", 0))[1] == pid]


def is_gone(pid):
    return stat_of(pid) is None or stat_of(pid)[0] in "ZX"


class WorkerFaultsTest(unittest.TestCase):
    def setUp(self):
        shelf = tempfile.TemporaryDirectory(prefix="melsweep-faults-")
        self.addCleanup(shelf.cleanup)
        self.folder = pathlib.Path(shelf.name)
        page = (ROOT / "docs" / "trainer-protocol.md").read_text()
        self.toy = self.program("toy-trainer", "#!/usr/bin/env python3\n" + re.search(r"```python\n(.*?)```", page, re.DOTALL)[1])
        self.data_dir = self.folder / "worker"
        self.sweep = self.folder / "sweep.yaml"
        self.sweep.write_text(SWEEP)

    def program(self, name, text):
        file = self.folder / name
        file.write_text(text)
        file.chmod(0o755)
        return file

    def start_worker(self, cluster, name, trainer=None):
        return cluster.start_worker(name, self.data_dir, "--trainer", trainer or self.toy)

    def submit(self, cluster):
        melsweep("submit", self.sweep, "--coordinator", cluster.address)

    def watch(self, cluster):
        """To the end: both trials finish."""
        melsweep("watch", "last", "--coordinator", cluster.address)
        finished = rows(cluster.database, "select count(*) as n from leaderboard")
        self.assertEqual(finished, [{"n": 2}], cluster.logs())

    def attempts(self, cluster):
        states = [row["state"] for row in rows(cluster.database, "select state from attempts order by state")]
        return {state: states.count(state) for state in states}

    def wait_for_a_running_trial(self, cluster):
        wait_until(lambda: self.attempts(cluster).get("running"), "a running trial")

    def trainer_of(self, worker):
        return wait_until(lambda: children_of(worker.process.pid), "the worker's trainer")[0]

    def attempt_folders(self):
        return {str(path) for path in (self.data_dir / "artifacts").glob("*/sweep-*/trial-*/attempt-*")}

    def assert_only_the_coordinator_keeps_files(self, *databases):
        """Two trained models a database, and nothing in the worker's folder."""
        query = "select checkpoint from attempts where checkpoint is not null"
        kept = [row["checkpoint"] for database in databases for row in rows(database, query)]
        self.assertEqual(len(set(kept)), 2 * len(databases))
        for checkpoint in kept:
            self.assertTrue(os.path.isfile(checkpoint), checkpoint)
        self.assertEqual(self.attempt_folders(), set())

    def test_a_killed_trainer_costs_one_attempt_which_its_agent_reports(self):
        # A lease this long cannot have run out: what is known of the death, the agent told.
        with Cluster(self.folder, lease_ttl_ms=LONG_LEASE_MS) as cluster:
            worker = self.start_worker(cluster, "only")
            self.submit(cluster)
            self.wait_for_a_running_trial(cluster)
            os.kill(self.trainer_of(worker), signal.SIGKILL)
            self.watch(cluster)
            self.assertEqual(self.attempts(cluster), {"failed": 1, "finished": 2})
            failed = rows(cluster.database, "select failure_kind, failure from attempts where state = 'failed'")[0]
            self.assertEqual(failed["failure_kind"], "trainer_died")
            self.assertIn("signal 9", failed["failure"])
            counted = rows(cluster.database, "select sum(failed_attempts) as n from trials")
            self.assertEqual(counted, [{"n": 1}])
            self.assert_only_the_coordinator_keeps_files(cluster.database)

    def test_a_killed_agent_takes_its_trainer_with_it(self):
        with Cluster(self.folder) as cluster:
            worker = self.start_worker(cluster, "doomed", self.program("deaf-trainer", DEAF_TRAINER))
            self.submit(cluster)
            trainer = self.trainer_of(worker)
            wait_until(lambda: os.path.basename(os.readlink(f"/proc/{trainer}/exe")) == "sleep", "the trainer's start")
            worker.process.kill()
            worker.process.wait()
            wait_until(lambda: is_gone(trainer), "the trainer's end")
            self.start_worker(cluster, "survivor")
            self.watch(cluster)

    def test_sigusr1_gives_the_trial_back_costs_no_attempt_and_leaves_no_file(self):
        with Cluster(self.folder, lease_ttl_ms=LONG_LEASE_MS) as cluster:
            worker = self.start_worker(cluster, "first")
            self.submit(cluster)
            self.wait_for_a_running_trial(cluster)
            self.assertEqual(worker.stop(signal.SIGUSR1), 0, worker.tail())
            released = rows(cluster.database, "select release_reason from attempts where state = 'released'")
            self.assertEqual(released, [{"release_reason": "time_limit"}])
            self.start_worker(cluster, "second")
            self.watch(cluster)
            counted = rows(cluster.database, "select sum(failed_attempts) as n from trials")
            self.assertEqual(counted, [{"n": 0}])
            self.assert_only_the_coordinator_keeps_files(cluster.database)

    def test_two_databases_share_a_data_folder_and_keep_their_checkpoints_apart(self):
        databases = []
        for name in ("one", "other"):
            folder = self.folder / name
            folder.mkdir()
            with Cluster(folder) as cluster:
                self.start_worker(cluster, name)
                self.submit(cluster)
                self.watch(cluster)
                databases.append(cluster.database)
        self.assert_only_the_coordinator_keeps_files(*databases)


if __name__ == "__main__":
    unittest.main()
