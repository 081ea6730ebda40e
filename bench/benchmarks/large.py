"""What a trial costs among a hundred thousand, beside what it costs among a thousand."""

import sys

from frame.benchmark import FOLDER, Contest, Program

LARGE = 100_000
SMALL = 1000
SMALL_SWEEPS = 20  # one alone is over too soon to be timed
WORKERS = 8

NAME = "large"
WORK = f"{LARGE:,} trials in one sweep, that do nothing and report 10 points each, {WORKERS} workers; seconds are those of one trial"
TARGETS = ("bench_dispatch", "melsweep", "melsweep-coordinator")
PEERS = ()


def contests(setup):
    def program(label, trials, sweeps):
        script = FOLDER / "programs" / "dispatch.py"
        bins = setup.program("melsweep").parent
        return Program(label, (sys.executable, script, bins, setup.scratch("large"), trials, sweeps, WORKERS, "--per-trial"))

    ours = program(f"a sweep of {LARGE:,}", LARGE, 1)
    peer = program(f"{SMALL_SWEEPS} sweeps of {SMALL:,}", SMALL, SMALL_SWEEPS)
    # At most 1.3 times the cost, better 1.1 times.
    yield Contest(name="large / itself at 1,000", ours=ours, peer=peer, cores=0, floor=1 / 1.3, goal=1 / 1.1)
