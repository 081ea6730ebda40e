"""Short trials from many workers into one durable store."""

import sys

from frame.benchmark import FOLDER, Contest, Program

CELLS = 1000
WORKERS = 8

NAME = "dispatch"
WORK = f"a grid of {CELLS:,} cells, trials that do nothing and report 10 points each, {WORKERS} workers, every result durable in SQLite"
TARGETS = ("bench_dispatch", "melsweep", "melsweep-coordinator")
PEERS = ("optuna",)


def contests(setup):
    scratch = setup.scratch("dispatch")
    script = FOLDER / "programs" / "dispatch.py"
    ours = Program("coordinator and agents over gRPC", (sys.executable, script, setup.program("melsweep").parent, scratch, CELLS, 1, WORKERS))
    peer = Program(f"Optuna, {WORKERS} processes on one SQLite file", setup.peer("dispatch_optuna.py", scratch, CELLS, WORKERS), versions=setup.peer_versions)
    yield Contest(name="dispatch / Optuna", ours=ours, peer=peer, cores=0, floor=60, goal=250)
