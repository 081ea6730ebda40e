"""The tools that Melsweep is measured beside, in a Python environment of their own: build/bench-venv.

PyTorch is Debian's, the very version that Melsweep links, where Debian's packages can be installed; what Debian lacks comes from
the Python package index.
"""

import dataclasses
import json
import os
import shutil
import subprocess

from frame.benchmark import BenchmarkError

PYTHON = "/usr/bin/python3"  # the one that Debian's packages are for

# NumPy 2 does not work with Debian's PyTorch.
CONSTRAINTS = ("numpy<2",)


@dataclasses.dataclass(frozen=True)
class Peer:
    package: str  # Debian's; empty = none
    requirement: str  # the package index's
    module: str


PEERS = {
    "torch": Peer("python3-torch", "torch", "torch"),
    "torchvision": Peer("python3-torchvision", "torchvision", "torchvision"),
    "torchaudio": Peer("python3-torchaudio", "torchaudio", "torchaudio"),
    "librosa": Peer("", "librosa>=0.10", "librosa"),
    "optuna": Peer("", "optuna>=3", "optuna"),
}


def log_run(command, log):
    with open(log, "a", encoding="utf-8") as file:
        return subprocess.run(command, stdout=file, stderr=file, check=False).returncode == 0


class Peers:
    """Environment with what was asked for. Installing is done once; a second run finds it."""

    def __init__(self, folder):
        self.folder = folder
        self.python = folder / "bin" / "python3"
        self.log = folder.parent / f"{folder.name}.log"

    def require(self, names):
        unknown = [name for name in names if name not in PEERS]
        if unknown:
            raise BenchmarkError(f"frame/peers.py does not know the peer {', '.join(unknown)}")
        missing = [name for name in names if not self.has(name)]
        if not missing:
            return
        print(f"  installing {', '.join(missing)} (log: {self.log})", flush=True)
        self.make_environment()
        for name in missing:
            self.install(name)

    def has(self, name):
        command = [self.python, "-c", f"import {PEERS[name].module}"]
        return self.python.exists() and subprocess.run(command, capture_output=True, check=False).returncode == 0

    def make_environment(self):
        if self.python.exists():
            return
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        if not log_run([PYTHON, "-m", "venv", "--system-site-packages", self.folder], self.log):
            shutil.rmtree(self.folder, ignore_errors=True)
            raise BenchmarkError(f"{PYTHON} cannot make {self.folder}: apt install python3-venv (see {self.log})")

    def install(self, name):
        peer = PEERS[name]
        if peer.package and os.geteuid() == 0:
            apt = ["apt-get", "install", "-y", "--no-install-recommends", peer.package]
            if log_run(apt, self.log) and self.has(name):
                return
        pip = [self.python, "-m", "pip", "install", "--disable-pip-version-check", peer.requirement, *CONSTRAINTS]
        if log_run(pip, self.log) and self.has(name):
            return
        debian = f"apt install {peer.package}, or " if peer.package else ""
        raise BenchmarkError(f"{name} cannot be installed: {debian}{' '.join(map(str, pip))} (see {self.log})")

    def versions(self, names):
        modules = {name: PEERS[name].module for name in names}
        code = (
            "import importlib, json, platform\n"
            f"modules = {modules!r}\n"
            "found = {n: getattr(importlib.import_module(m), '__version__', '?') for n, m in modules.items()}\n"
            "print(json.dumps({'python': platform.python_version(), **found}))"
        )
        done = subprocess.run([self.python, "-c", code], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise BenchmarkError(f"the peers cannot be imported: {done.stderr.strip()[-500:]}")
        return json.loads(done.stdout.splitlines()[-1])
