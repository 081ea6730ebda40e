"""Certificates and tokens with the real programs: who gets in, and renewal under a running sweep."""

import pathlib
import shutil
import tempfile
import unittest

from programs import Cluster, melsweep, rows, wait_until

SWEEP = """\
version: 1
name: guarded
dataset: {{format: urbansound8k, path: {data}, split: {{by: fold, validation: [9], test: [10]}}}}
model: {{weights: random}}
training: {{steps: {steps}, evaluate_every: {every}}}
parameters: {{learning_rate: [0.01, 0.02, 0.05]}}
"""


class SecurityTest(unittest.TestCase):
    def setUp(self):
        shelf = tempfile.TemporaryDirectory(prefix="melsweep-e2e-")
        self.addCleanup(shelf.cleanup)
        self.folder = pathlib.Path(shelf.name)
        self.certs = self.folder / "certs"
        melsweep("certs", "init", self.certs)

    def client(self, *arguments, cluster, role="client", **options):
        return melsweep(
            *arguments, "--coordinator", cluster.address, "--credentials", self.certs / role, **options
        )

    def test_a_sweep_survives_the_renewal_of_every_certificate_and_token(self):
        data = self.folder / "UrbanSound8K"
        melsweep("data", "synth", data, "--clips", "30", "--seed", "5")
        sweep = self.folder / "sweep.yaml"
        sweep.write_text(SWEEP.format(data=data, steps=30000, every=5000))
        with Cluster(self.folder, credentials=self.certs / "coordinator") as cluster:
            cluster.start_worker("old", self.folder / "worker", "--credentials", self.certs / "worker")
            before = self.folder / "client-before"
            shutil.copytree(self.certs / "client", before)
            self.client("submit", sweep, cluster=cluster)
            wait_until(lambda: rows(cluster.database, "select 1 from attempts where state = 'running'"), "a running trial")
            melsweep("certs", "renew", self.certs)
            melsweep("workers", "--coordinator", cluster.address, "--credentials", before)
            cluster.start_worker("new", self.folder / "worker", "--credentials", self.certs / "worker")
            self.client("watch", "last", cluster=cluster)
            attempts = rows(cluster.database, "select state, count(*) as n from attempts group by state")
            self.assertEqual(attempts, [{"state": "finished", "n": 3}])
            self.assertTrue(all(worker.running() for worker in cluster.workers))

    def test_the_wrong_folder_and_none_are_kept_out(self):
        with Cluster(self.folder, credentials=self.certs / "coordinator") as cluster:
            run = self.client("workers", cluster=cluster, role="worker", expect=4)
            self.assertIn("is a worker's", run.stderr)
            melsweep("workers", "--coordinator", cluster.address, expect=1)
            intruder = cluster.start_worker("intruder", self.folder / "worker", "--credentials", self.certs / "client")
            wait_until(lambda: not intruder.running(), "the refused worker to leave")
            self.assertEqual(intruder.process.returncode, 1)
            self.assertEqual(rows(cluster.database, "select count(*) as n from workers"), [{"n": 0}])

    def test_an_address_beyond_this_machine_needs_credentials(self):
        run = melsweep(
            "--listen", "0.0.0.0:0", "--db", self.folder / "x.db", program="melsweep-coordinator", expect=1
        )
        self.assertIn("certs init", run.stderr)
        self.assertFalse((self.folder / "x.db").exists())


if __name__ == "__main__":
    unittest.main()
