"""Workers that are started and let go by number, and by what there is to do."""

import contextlib
import os
import signal
import stat
import unittest

from programs import Daemon, as_json, melsweep, wait_until
from staged import StagedTest

LEASE_TTL_MS = 6_000
KUBECTL = """\
#!/bin/sh
printf "%s\\n" "$*" >>{asked}
case "$*" in *"get pods"*) printf 'melsweep-worker-a Running \\nmelsweep-worker-b Pending \\n' ;; esac
"""


def processes():
    """Of each process its number and its command, as a list of bytes."""
    for entry in os.listdir("/proc"):
        try:
            with open(f"/proc/{entry}/cmdline", "rb") as file:
                yield int(entry), file.read().split(b"\0")
        except (FileNotFoundError, NotADirectoryError, ProcessLookupError, ValueError):
            pass


class ScaleTest(StagedTest):
    def tearDown(self):
        """Nobody else ends the workers that a test left behind: they wait for their coordinator for ever."""
        for process, command in processes():
            if str(self.folder / "fleet").encode() in command:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)

    def setUp(self):
        super().setUp()
        self.address = None

    def cluster(self, **options):
        return super().cluster(lease_ttl_ms=LEASE_TTL_MS, **options)

    def local(self):
        return ["--on", "local", "--coordinator", self.address, "--data-dir", self.folder / "fleet"]

    def scale(self, wanted, *more):
        return melsweep("scale", wanted, *self.local(), *more, "--", "--trainer", self.stage.trainer).stderr

    def alive(self):
        """(name, whether it is to leave) of the workers that are there."""
        listed = as_json("workers", "--coordinator", self.address)
        return {row["worker"]: row for row in listed if row["worker"].startswith("local-") and self.runs(row["worker"])}

    def runs(self, worker):
        name = worker.rsplit("-", 1)[0].encode()
        return any(name in command for _, command in processes())

    def wait_for_workers(self, count):
        return wait_until(lambda: len(found := self.alive()) == count and (found or True), f"{count} workers", 60)

    def test_the_number_of_local_workers_is_what_was_asked_for(self):
        with self.cluster() as cluster:
            self.address = cluster.address
            self.assertIn("0 workers on local: 2 are started (not really", self.scale(2, "--dry-run"))
            self.assertEqual(self.alive(), {})
            self.assertIn("0 workers on local: 2 are started", self.scale(2))
            self.wait_for_workers(2)
            self.assertIn("2 workers on local: nothing to do", self.scale(2))
            self.stage.hold()
            sweep = self.submit(cluster, self.sweep_file(trials=1))
            self.wait_for_held(cluster, 1)
            self.assertIn("1 is told to leave", self.scale(1))
            self.wait_for_workers(1)
            self.assertEqual(self.attempts(cluster), {"running": 1}, "the idle one went")
            self.assertIn("1 is told to leave", self.scale(0))
            self.wait_for_workers(0)
            self.assertEqual(self.attempts(cluster), {"released": 1})
            self.stage.let_go()
            self.scale(1)
            self.watch(cluster, sweep)
            self.assert_recorded_once(cluster.database)

    def test_workers_come_with_the_work_and_go_with_it(self):
        with self.cluster() as cluster:
            self.address = cluster.address
            options = [*self.local(), "--max", 2, "--idle", "2s", "--every", "1s", "--", "--trainer", self.stage.trainer]
            scaler = Daemon("melsweep", ["autoscale", *options], self.folder / "autoscale.log")
            try:
                sweep = self.submit(cluster, self.sweep_file(trials=6))
                self.watch(cluster, sweep)
                self.wait_for_workers(0)
                self.assertEqual(scaler.stop(signal.SIGINT), 2, "interrupted")
            finally:
                scaler.process.kill()
            said = scaler.tail()
            self.assertIn("0 -> 1 workers: 1 is started; 1 sweep to prepare", said)
            self.assertIn("there is nothing to do", said)
            self.assertEqual(set(self.attempts(cluster)), {"finished"}, "no busy worker was told to leave")
            self.assert_recorded_once(cluster.database)

    def test_bounds_and_times_that_make_no_sense_are_refused(self):
        def refused(*options):
            return melsweep("autoscale", "--on", "local", "--coordinator", "127.0.0.1:1", "--once", *options, expect=2).stderr

        self.assertIn("--min 3 is more than --max 1", refused("--min", 3, "--max", 1))
        for option, least in (("--every", "1s"), ("--finish-in", "1s"), ("--idle", "0s")):
            for time in ("-5s", "1000h") if least == "0s" else ("0", "-5s", "1000h"):
                said = refused("--max", 1, f"{option}={time}")
                self.assertIn(option, said)
                self.assertIn(f"must be from {least} to 168h", said)

    def test_kubernetes_is_asked_for_replicas(self):
        programs = self.folder / "programs"
        programs.mkdir()
        asked = self.folder / "asked"
        kubectl = programs / "kubectl"
        kubectl.write_text(KUBECTL.format(asked=asked))
        kubectl.chmod(kubectl.stat().st_mode | stat.S_IXUSR)
        environment = {"PATH": f"{programs}:{os.environ['PATH']}"}
        with self.cluster() as cluster:
            for wanted in (5, 1):
                melsweep("scale", wanted, "--on", "kubernetes", "--coordinator", cluster.address, "--engine-option=--namespace=audio",
                         environment=environment)
        commands = [line for line in asked.read_text().splitlines() if "get pods" not in line]
        self.assertEqual(
            commands,
            [
                "--request-timeout=30s --namespace=audio scale deployment/melsweep-worker --replicas=5",
                "--request-timeout=30s --namespace=audio annotate --overwrite pod/melsweep-worker-b controller.kubernetes.io/pod-deletion-cost=-1000",
                "--request-timeout=30s --namespace=audio scale deployment/melsweep-worker --replicas=1",
            ],
        )

    def test_an_engine_that_is_not_there_is_named(self):
        with self.cluster() as cluster:
            failed = melsweep("scale", 1, "--on", "kubernetes", "--coordinator", cluster.address, environment={"PATH": "/nowhere"}, expect=1)
            self.assertIn("there is no kubectl on this machine's PATH", failed.stderr)


if __name__ == "__main__":
    unittest.main()
