"""What benchmarks need: the built programs, the peers, sound files, weights."""

import os
import pathlib
import subprocess

from frame.benchmark import FOLDER, BenchmarkError, Program
from frame.measure import run_program
from frame.peers import Peers

ROOT = FOLDER.parent
BUILD = ROOT / "build" / "release"
SOUNDS = {".wav", ".flac", ".ogg", ".mp3"}
QUICKSTART_CLIPS = 400


def build(targets):
    steps = []
    if not (BUILD / "build.ninja").exists():
        steps.append(["cmake", "--preset", "release", "--log-level=WARNING"])
    if targets:
        steps.append(["cmake", "--build", "--preset", "release", "--target", *targets])
    for step in steps:
        done = subprocess.run(step, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise BenchmarkError(f"{' '.join(step)} failed; ./deploy/install-packages installs what building needs\n{done.stdout[-2000:]}")


class Setup:
    """What the command line says, and what follows from it. Everything is made when it is first asked for."""

    def __init__(self, data, weights, out):
        self._data = data
        self._weights = weights
        self.out = out or ROOT / "build" / "bench"
        self.peers = Peers(ROOT / "build" / "bench-venv")
        self.peer_versions = {}
        self._limits = None

    def prepare(self, benchmark):
        """Builds and installs what a benchmark says that it needs."""
        build(benchmark.TARGETS)
        self.peers.require(benchmark.PEERS)
        self.peer_versions = self.peers.versions(benchmark.PEERS) if benchmark.PEERS else {}

    def program(self, name):
        """A program of ours, as built."""
        return BUILD / "bin" / name

    def limits(self):
        """What the machine can do at best, figure -> number: measured once."""
        if self._limits is None:
            build(("bench_limits",))
            self._limits = run_program(Program("bench_limits", (self.program("bench_limits"),)), cores=0, timeout_s=300).figures
        return self._limits

    def peer(self, script, *arguments):
        """The command that runs bench/peers/<script> in the peers' environment."""
        return (self.peers.python, FOLDER / "peers" / script, *arguments)

    def scratch(self, name):
        """A folder for a benchmark's files; what was in it before stays."""
        folder = self.out / "scratch" / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def data(self):
        """The folder with sound: the one given, else the quickstart's generated set, which is made where it is missing."""
        if self._data is not None:
            if not self._data.is_dir():
                raise BenchmarkError(f"--data {self._data} is no folder")
            return self._data.resolve()
        folder = ROOT / "build" / "quickstart" / "UrbanSound8K"
        if not folder.is_dir():
            build(("melsweep-trainer",))
            command = [self.program("melsweep-trainer"), "data", "synth", folder, "--clips", str(QUICKSTART_CLIPS)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                raise BenchmarkError(f"no generated data set could be made; give a folder by --data\n{done.stderr}")
        return folder

    def clips(self, count):
        """That many sound files of data(), spread evenly over all of them in the order of their paths."""
        found = sorted(path for path in self.data().rglob("*") if path.suffix.lower() in SOUNDS)
        if len(found) < count:
            raise BenchmarkError(f"{self.data()} has {len(found)} sound files, {count} are needed: give another folder by --data")
        return [found[place * len(found) // count] for place in range(count)]

    def clip_list(self, count):
        """A file that names clips(count), a line each."""
        path = self.scratch("clips") / f"{count}.txt"
        path.write_text("".join(f"{clip}\n" for clip in self.clips(count)), encoding="utf-8")
        return path

    def weights(self):
        """A usable weights file: the one given, else the quickstart's, which is fetched where it is missing."""
        if self._weights is not None:
            if not self._weights.is_file():
                raise BenchmarkError(f"--weights {self._weights} is no file")
            return self._weights.resolve()
        home = pathlib.Path(os.environ.get("XDG_DATA_HOME") or pathlib.Path.home() / ".local" / "share")
        folder = os.environ.get("MELSWEEP_WEIGHTS_DIR") or home / "melsweep" / "weights"
        path = pathlib.Path(folder) / "inception_v3.safetensors"
        if not path.is_file():
            build(("melsweep-trainer",))
            fetched = subprocess.run([ROOT / "deploy" / "fetch-weights", self.program("melsweep-trainer"), path], check=False)
            if fetched.returncode != 0:
                raise BenchmarkError("no pretrained weights: name a file by --weights, or run ./deploy/quickstart")
        return path
