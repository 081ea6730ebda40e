"""Cold files to the best run of a grid: everything that a user waits for."""

import sys

from frame.benchmark import FOLDER, BenchmarkError, Contest, Program

STEPS = 30_000

NAME = "study"
WORK = f"ESC-10 (or a set in its layout), mel pictures, frozen Inception v3, learning rate x batch size, 9 trials of {STEPS:,} steps, from cold files to the best run"
TARGETS = ("melsweep", "melsweep-coordinator", "melsweep-worker", "melsweep-trainer")
PEERS = ("librosa", "torch", "torchvision", "optuna")


def contests(setup):
    data, weights = setup.data(), setup.weights()
    if not (data / "meta" / "esc50.csv").is_file():
        raise BenchmarkError(f"{data} has no meta/esc50.csv: give ESC-10 (or ESC-50) by --data")
    script = FOLDER / "programs" / "study.py"
    ours = Program("melsweep run", (sys.executable, script, setup.program("melsweep"), data, weights, str(STEPS), setup.scratch("study")))
    peer = Program("librosa, PyTorch eager, Optuna's grid", setup.peer("study_python.py", data, weights, str(STEPS)), versions=setup.peer_versions)
    yield Contest(name="study / Python", ours=ours, peer=peer, cores=0, floor=3, goal=6, timeout_s=7200)
