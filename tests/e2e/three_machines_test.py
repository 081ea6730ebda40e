"""The quickstart's sweep over three machines that share a network and nothing else, one of them cut off for longer than a lease."""

import pathlib
import tempfile
import unittest

from machines import Network, install, wait_for_file, what_is_missing
from programs import BIN, ROOT, WEIGHTS, wait_until

MISSING = what_is_missing()
# A cut that is longer than both together loses what is held.
LEASE_TTL_MS = 3000
LEASE_GRACE_MS = 2000
CLIPS = 120
TRIALS = 9
# The quickstart's 10,000 steps are over before a lease is. A machine that is busy with something else may lose more than what is cut off.
LONGER = ("training.steps=100000", "training.evaluate_every=2000", "retry.max_attempts=20")
PORT = 7070
WEIGHTS_PLACE = "home/.local/share/melsweep/weights/inception_v3.safetensors"
ENDED = "select state, worker_id, trial_id, epoch, failure from attempts"


@unittest.skipIf(MISSING, MISSING)
class ThreeMachinesTest(unittest.TestCase):
    """The coordinator and who submits on the first machine, a worker on each of the others, certificates between them."""

    def setUp(self):
        shelf = tempfile.TemporaryDirectory(prefix="melsweep-machines-")
        self.addCleanup(shelf.cleanup)
        self.folder = pathlib.Path(shelf.name)
        network = Network(self.folder, "machine1", "machine2", "machine3")
        network.__enter__()
        self.addCleanup(network.__exit__)
        self.network = network
        self.first, self.second, self.third = network.machines
        self.coordinator = f"{self.first.name}:{PORT}"
        for machine in network.machines:
            install(machine, (BIN, "bin"))

    def start_coordinator(self):
        install(self.first, (ROOT / "sweeps" / "quickstart.yaml", "quickstart.yaml"))
        self.first.run("bin/melsweep", "certs", "init", "certs", "--host", self.first.name)
        options = ["--listen", f"0.0.0.0:{PORT}", "--db", "results.db", "--credentials", "certs/coordinator", "--port-file", "address"]
        options += ["--lease-ttl-ms", LEASE_TTL_MS, "--lease-grace-ms", LEASE_GRACE_MS]
        self.first.start(self.folder / "coordinator.log", "bin/melsweep-coordinator", *options)
        wait_for_file(self.first, "address")

    def copy_certificates(self, role, machine):
        """As docs/operations.md says: a role's folder goes to who plays it, and no other."""
        install(machine, (self.first.files / "certs" / role, f"certs/{role}"))

    def start_worker(self, machine):
        self.copy_certificates("worker", machine)
        options = ["--coordinator", self.coordinator, "--credentials", "certs/worker", "--data-dir", "cache", "--label", machine.name]
        return machine.start(self.folder / f"{machine.name}.log", "bin/melsweep-worker", *options)

    def give_data(self):
        """The same data set, and the same weights where there are any, at the same place of each disk."""
        self.first.run("bin/melsweep", "data", "synth", "UrbanSound8K", "--clips", CLIPS)
        if WEIGHTS:
            install(self.first, (pathlib.Path(WEIGHTS), WEIGHTS_PLACE))
        for machine in (self.second, self.third):
            install(machine, (self.first.files / "UrbanSound8K", "UrbanSound8K"))
            if WEIGHTS:
                install(machine, (pathlib.Path(WEIGHTS), WEIGHTS_PLACE))

    def client(self, *arguments, machine=None, **options):
        credentials = ["--coordinator", self.coordinator, "--credentials", "certs/client"]
        return (machine or self.first).run("bin/melsweep", *arguments, *credentials, **options)

    def submit(self, *settings):
        """The new sweep's number."""
        settings = [f"dataset.path={self.first.disk / 'UrbanSound8K'}", *([] if WEIGHTS else ["model.weights=random"]), *settings]
        overrides = [word for setting in settings for word in ("--set", setting)]
        return self.client("submit", "quickstart.yaml", *overrides).stdout.strip()

    def attempts(self, machine, state):
        """Those of this machine's worker that are in this state."""
        found = self.first.rows("results.db", ENDED)
        return [row for row in found if row["state"] == state and row["worker_id"].rsplit("-", 1)[0] == machine.name]

    def trains_on(self, machine):
        measured = "select distinct worker_id from metrics natural join attempts where state = 'running'"
        return any(row["worker_id"].startswith(f"{machine.name}-") for row in self.first.rows("results.db", measured))

    def test_the_quickstarts_sweep_outlives_a_machine_that_is_cut_off_and_comes_back(self):
        self.start_coordinator()
        self.give_data()
        worker = self.start_worker(self.second)
        self.start_worker(self.third)
        sweep = self.submit(*LONGER)
        wait_until(lambda: self.trains_on(self.second), "the second machine's training")

        self.network.cut(self.second)
        lost = wait_until(lambda: self.attempts(self.second, "lost"), "the loss of what the second machine had")
        self.assertIn("no word from the coordinator", worker.log.read_text())
        self.network.heal(self.second)
        self.client("watch", sweep)

        finished = self.first.rows("results.db", "select trial_id, epoch from attempts where state = 'finished'")
        self.assertEqual(len(finished), TRIALS)
        epochs = {row["trial_id"]: row["epoch"] for row in finished}
        for attempt in lost:
            self.assertGreater(epochs[attempt["trial_id"]], attempt["epoch"], "finished under a later lease")
            self.assertTrue(attempt["failure"])
        self.assert_whole(sweep)

        alone = self.submit("name=after", f"resources.labels=[{self.second.name}]", "seeds=2", "training.steps=1000")
        self.client("watch", alone)
        self.assertEqual(len(self.attempts(self.second, "finished")) + len(self.attempts(self.third, "finished")), 3 * TRIALS)
        self.assertGreaterEqual(len(self.attempts(self.second, "finished")), 2 * TRIALS, "the one that was cut off works on")
        self.assertTrue(worker.running())
        self.assert_whole(alone)
        print(f"cut off: {len(self.attempts(self.second, 'lost'))} attempts lost;", self.verified(sweep))

    def verified(self, sweep):
        return self.first.run("bin/melsweep", "verify", sweep, "--db", "results.db").stderr.strip()

    def assert_whole(self, sweep):
        self.assertIn("the ledger is whole", self.verified(sweep))
        self.first.run("bin/melsweep", "db", "check", "--db", "results.db")

    def test_between_machines_nothing_is_readable_and_nobody_else_gets_in(self):
        frames = self.folder / "frames"
        self.network.tap(frames)
        self.start_coordinator()
        self.start_worker(self.second)
        wait_until(lambda: self.second.name in self.client("workers").stdout, "the worker to be known")
        self.copy_certificates("client", self.third)
        self.assertIn(self.second.name, self.client("workers", machine=self.third).stdout)

        self.third.run("bin/melsweep", "certs", "init", "others")
        for credentials in (["--credentials", "others/client"], ["--insecure"]):
            refused = self.third.run("bin/melsweep", "workers", "--coordinator", self.coordinator, *credentials, expect=1)
            self.assertIn(f"no coordinator answers at {self.coordinator}", refused.stderr)
        # What the one without certificates said could be read, so the rest could have been.
        wait_until(lambda: b"PRI * HTTP/2.0" in frames.read_bytes(), "the frames of the unencrypted call")
        said = frames.read_bytes()
        token = (self.first.files / "certs" / "client" / "token").read_bytes().strip()
        for secret in (token, self.second.name.encode()):
            self.assertNotIn(secret, said)


if __name__ == "__main__":
    unittest.main()
