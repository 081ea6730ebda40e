"""The pods of deploy/kubernetes played by hand: their programs with their arguments, as their user, with folders at the paths where volumes
are mounted, and Secrets laid out as a kubelet does it. Needs root, as a kubelet does."""

import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "e2e")]

import manifests  # noqa: E402
from manifests import find  # noqa: E402
from programs import BIN, PATIENCE_S, ROOT, Daemon, melsweep, wait_until  # noqa: E402
from programs_options import PROGRAMS, image_name  # noqa: E402
from scrape import look  # noqa: E402

HEALTHY = ROOT / "deploy" / "docker" / "healthy"
USER = 10001
STRANGER = 10002
SWEEP = """\
version: 1
name: pods
dataset: {format: urbansound8k, path: UrbanSound8K, split: {by: fold, validation: [9], test: [10]}}
model: {weights: random}
training: {steps: 40, evaluate_every: 20, batch_size: 10}
parameters: {learning_rate: [0.01, 0.05]}
"""


def as_user(user, command):
    """setpriv's command line for a program as a container's user, without further groups."""
    return ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", "--inh-caps=-all", "--no-new-privs", *map(str, command)]


def what_is_missing():
    if os.geteuid() != 0:
        return "files of root's for another user's program can be made by root alone"
    if shutil.which("setpriv") is None:
        return "there is no setpriv: Debian's package util-linux has it"
    if subprocess.run(as_user(USER, [BIN / "melsweep", "--version"]), capture_output=True).returncode != 0:
        return f"another user cannot start the programs in {BIN}: a folder above is closed to him"
    return manifests.what_is_missing()


MISSING = what_is_missing()


class MountedSecret:
    """A folder as a kubelet mounts a Secret in a pod with an fsGroup: root's files, which the group may read whatever `mode` says; each
    name a link into ..data, which is a link to the newest version and is exchanged in one step."""

    def __init__(self, folder, group=USER, mode=0o440):
        self.folder = folder
        self.group = group
        self.mode = mode
        self.versions = 0
        folder.mkdir(parents=True)

    def publish(self, source):
        self.versions += 1
        before = self.folder / f"..{self.versions - 1}"
        version = self.folder / f"..{self.versions}"
        version.mkdir()
        for file in source.iterdir():
            shutil.copyfile(file, version / file.name)
            os.chown(version / file.name, 0, self.group)
            os.chmod(version / file.name, self.mode | 0o440)
            if not (self.folder / file.name).is_symlink():
                (self.folder / file.name).symlink_to(f"..data/{file.name}")
        (self.folder / "..data_tmp").symlink_to(version.name)
        os.replace(self.folder / "..data_tmp", self.folder / "..data")
        shutil.rmtree(before, ignore_errors=True)


def free_port():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


class Pod:
    """One container of a workload, its mounts below a folder of the test's, its ports free ones of this machine."""

    def __init__(self, test, workload, name=None, user=USER):
        self.test = test
        pod = workload["spec"]["template"]["spec"]
        self.container = pod["containers"][0]
        self.grace_s = pod.get("terminationGracePeriodSeconds", 30)
        self.name = name or workload["metadata"]["name"]
        self.user = user
        self.root = test.folder / self.name
        self.places = {}
        for mount in self.container["volumeMounts"]:
            self.places[mount["mountPath"]] = self.mount(pod, mount)

    def mount(self, pod, mount):
        volume = next((each for each in pod["volumes"] if each["name"] == mount["name"]), {})
        if "secret" in volume:
            return self.test.secrets[volume["secret"]["secretName"]].folder
        if "persistentVolumeClaim" in volume:
            return self.test.data
        place = self.root / mount["name"]
        place.mkdir(parents=True)
        os.chown(place, self.user, self.user)
        return place

    def here(self, text):
        """A path or an address of the pod's as it is on this machine."""
        text = re.sub(r"(0\.0\.0\.0|melsweep-coordinator):(\d+)", lambda found: f"127.0.0.1:{self.test.port(self, found)}", text)
        mounts = "|".join(sorted(self.places, key=len, reverse=True))
        return re.sub(rf"(?<==)({mounts})(?=/|$)", lambda found: str(self.places[found[1]]), text)

    def arguments(self):
        return [self.here(each) for each in self.container["args"]]

    def environment(self):
        env = {each["name"]: each["value"] for each in self.container.get("env", []) if "value" in each}
        return {"HOME": str(self.places["/tmp"]), "TMPDIR": str(self.places["/tmp"]), **{k: self.here(f"={v}")[1:] for k, v in env.items()}}

    def command(self):
        return as_user(self.user, [BIN / PROGRAMS[image_name(self.container["image"])], *self.arguments()])

    def folder(self):
        return self.places.get(self.container.get("workingDir"), "/")

    def start(self):
        """A Daemon; the test ends it."""
        program, *arguments = self.command()
        log = self.test.folder / f"{self.name}.log"
        daemon = Daemon(shutil.which(program), arguments, log, cwd=self.folder(), environment=self.environment())
        self.test.addCleanup(lambda: daemon.running() and daemon.stop(signal.SIGKILL))
        return daemon

    def probe(self, name):
        """The status of what a probe asks for."""
        asked = self.container[name]["httpGet"]
        port = next(each["containerPort"] for each in self.container["ports"] if each["name"] == asked["port"])
        return look(f"127.0.0.1:{self.test.ports[self.name, port]}", asked["path"])[0]

    def wait_until_ready(self, daemon):
        def ready():
            if not daemon.running():
                raise AssertionError(daemon.tail())
            return self.probe("readinessProbe") == 200

        wait_until(ready, f"{self.name} to be ready")


@unittest.skipIf(MISSING, MISSING)
class PodsTest(unittest.TestCase):
    def setUp(self):
        shelf = tempfile.TemporaryDirectory(prefix="melsweep-pods-")
        self.addCleanup(shelf.cleanup)
        self.folder = pathlib.Path(shelf.name)
        os.chmod(self.folder, 0o755)
        self.data = self.folder / "data"
        self.data.mkdir()
        self.ports = {}
        self.certs = self.folder / "certs"
        melsweep("certs", "init", self.certs)
        self.secrets = {f"melsweep-{role}": MountedSecret(self.folder / "secrets" / role) for role in ("coordinator", "worker", "client")}
        self.publish()

    def publish(self, *roles):
        for role in roles or ("coordinator", "worker", "client"):
            self.secrets[f"melsweep-{role}"].publish(self.certs / role)

    def port(self, pod, found):
        """The port on this machine of one of the pod's own, or of the coordinator's Service."""
        whose = "melsweep-coordinator" if found[1] == "melsweep-coordinator" else pod.name
        return self.ports.setdefault((whose, int(found[2])), free_port())

    def client(self, *arguments, secret="melsweep-client", user=USER, expect=0):
        address = f"127.0.0.1:{self.ports['melsweep-coordinator', 7070]}"
        command = [BIN / "melsweep", *arguments, "--coordinator", address, "--credentials", self.secrets[secret].folder]
        run = subprocess.run(as_user(user, command), capture_output=True, text=True, timeout=PATIENCE_S)
        if expect is not None:
            self.assertEqual(run.returncode, expect, run.stderr)
        return run

    def start_coordinator(self):
        pod = Pod(self, find("StatefulSet", "melsweep-coordinator", "cpu"))
        daemon = pod.start()
        pod.wait_until_ready(daemon)
        return pod, daemon

    def test_a_sweep_runs_in_the_pods_as_they_are(self):
        melsweep("data", "synth", self.data / "UrbanSound8K", "--clips", "30", "--seed", "5")
        coordinator, coordinating = self.start_coordinator()
        worker = Pod(self, find("Deployment", "melsweep-worker", "cpu"))
        working = worker.start()
        worker.wait_until_ready(working)
        for pod in (coordinator, worker):
            self.assertEqual([pod.probe(name) for name in ("startupProbe", "livenessProbe")], [200, 200])
        sweep = self.folder / "sweep.yaml"
        sweep.write_text(SWEEP)
        # A path of the data set that is relative to the worker's folder would be made absolute here.
        run = self.client("submit", sweep, f"--set=dataset.path={self.data}/UrbanSound8K", "--wait")
        self.assertIn("2 of 2 trials finished", run.stderr + run.stdout)
        for daemon, pod in ((working, worker), (coordinating, coordinator)):
            self.assertEqual(daemon.stop(timeout=pod.grace_s), 0, daemon.tail())

    def test_a_jobs_worker_runs_as_well(self):
        self.start_coordinator()
        worker = Pod(self, find("Job", "melsweep-batch-worker"))
        working = worker.start()
        worker.wait_until_ready(working)
        self.assertEqual(working.stop(timeout=worker.grace_s), 0)

    def test_a_renewed_secret_comes_through_without_a_restart(self):
        _, coordinating = self.start_coordinator()
        self.client("workers")
        before = MountedSecret(self.folder / "secrets" / "before")
        before.publish(self.certs / "client")
        self.secrets["before"] = before
        melsweep("certs", "renew", self.certs)
        # Without the old tokens, whose time is not up yet, so that it shows that the new list is read.
        tokens = self.certs / "coordinator" / "tokens"
        tokens.write_text("".join(line for line in tokens.read_text().splitlines(True) if "T" not in line.split("#")[0]))
        self.publish("coordinator")
        wait_until(lambda: self.client("workers", secret="before", expect=None).returncode == 4, "the old token's refusal")
        self.publish("client")
        self.client("workers")
        self.assertTrue(coordinating.running())

    def test_a_secret_that_anybody_can_read_is_refused(self):
        """As with Kubernetes' own defaultMode, 0644."""
        self.secrets["open"] = MountedSecret(self.folder / "secrets" / "open", mode=0o644)
        self.secrets["open"].publish(self.certs / "client")
        self.start_coordinator()
        run = self.client("workers", secret="open", expect=None)
        self.assertNotEqual(run.returncode, 0)
        self.assertIn("can be read by other users", run.stderr)

    def test_a_user_of_another_group_cannot_read_it(self):
        self.start_coordinator()
        run = self.client("workers", user=STRANGER, expect=None)
        self.assertNotEqual(run.returncode, 0)
        self.assertIn("Permission denied", run.stderr)

    def test_an_images_health_check_says_what_healthz_says(self):
        """deploy/docker/healthy, what HEALTHCHECK runs."""
        _, coordinating = self.start_coordinator()
        port = str(self.ports["melsweep-coordinator", 9464])
        self.assertEqual(subprocess.run([HEALTHY, port], timeout=60).returncode, 0)
        coordinating.stop()
        self.assertEqual(subprocess.run([HEALTHY, port], timeout=60).returncode, 1)


if __name__ == "__main__":
    unittest.main()
