"""Runs the two sides of a contest in turn, and measures time and memory of each."""

import dataclasses
import json
import os
import pathlib
import signal
import statistics
import subprocess
import tempfile
import threading
import time

from frame.benchmark import BenchmarkError

SAMPLE_EVERY_S = 0.05
PAGE = os.sysconf("SC_PAGE_SIZE")
# Each library has a variable of its own for how many threads it may use.
THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")


@dataclasses.dataclass(frozen=True)
class Run:
    seconds: float
    peak_mib: float
    figures: dict


@dataclasses.dataclass(frozen=True)
class Side:
    label: str
    runs: list
    versions: dict

    @property
    def seconds(self):
        return statistics.median(run.seconds for run in self.runs)

    @property
    def peak_mib(self):
        return max(run.peak_mib for run in self.runs)


@dataclasses.dataclass(frozen=True)
class Result:
    contest: object
    ours: Side
    peer: Side

    @property
    def ratio(self):
        return self.peer.seconds / self.ours.seconds

    @property
    def verdict(self):
        if self.ratio >= self.contest.goal:
            return "goal"
        return "floor" if self.ratio >= self.contest.floor else "below the floor"


def processors(cores):
    """The first `cores` processors that this process may use; all for 0."""
    usable = sorted(os.sched_getaffinity(0))
    return set(usable[: cores or len(usable)])


def environment_of(program, cores):
    environment = dict(os.environ)
    environment.update({name: str(len(processors(cores))) for name in THREADS})
    for name, value in program.environment.items():
        if value is None:
            environment.pop(name, None)
        else:
            environment[name] = value
    return environment


def resident_pages(session):
    """Resident pages of all processes of a session. What they share counts once for each."""
    pages = 0
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            if int(fields[3]) == session:
                pages += int(fields[21])
        except (OSError, IndexError):
            continue  # it has just ended
    return pages


class MemoryWatch(threading.Thread):
    """Samples the memory of a process and its children until stopped."""

    def __init__(self, session):
        super().__init__(daemon=True)
        self.session = session
        self.peak_pages = 0
        self.ended = threading.Event()

    def run(self):
        while not self.ended.wait(SAMPLE_EVERY_S):
            self.peak_pages = max(self.peak_pages, resident_pages(self.session))

    def stop(self):
        self.ended.set()
        self.join()
        return self.peak_pages * PAGE / 2**20


def last_object(text):
    """The JSON object that is the last line of a program's output; empty where it is none."""
    lines = text.strip().splitlines()
    try:
        value = json.loads(lines[-1]) if lines else {}
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def end_session(process):
    """Whatever of the program is still there."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def run_program(program, cores, timeout_s):
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as errors:
        began = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in program.command],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env=environment_of(program, cores),
            start_new_session=True,
            preexec_fn=lambda: os.sched_setaffinity(0, processors(cores)),
        )
        watch = MemoryWatch(process.pid)
        watch.start()
        try:
            output, _ = process.communicate(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            raise BenchmarkError(f"{program.label} took longer than {timeout_s:.0f} s") from None
        finally:
            wall = time.perf_counter() - began
            sampled_mib = watch.stop()
            end_session(process)
        if process.returncode != 0:
            errors.seek(0)
            last = "\n    ".join(errors.read().strip().splitlines()[-12:])
            raise BenchmarkError(f"{program.label} failed ({process.returncode}):\n    {last}")
    said = last_object(output)
    peak = max(sampled_mib, float(said.get("peak_mib", 0.0)))
    return Run(seconds=float(said.get("seconds", wall)), peak_mib=peak, figures=said.get("figures", {}))


def run_contest(contest, rounds):
    ours, peer = [], []
    for index in range(rounds):
        # Who begins changes, so that neither always finds the machine as the other left it.
        sides = [(contest.ours, ours), (contest.peer, peer)]
        for program, runs in sides if index % 2 == 0 else reversed(sides):
            runs.append(run_program(program, contest.cores, contest.timeout_s))
    return Result(
        contest=contest,
        ours=Side(contest.ours.label, ours, contest.ours.versions),
        peer=Side(contest.peer.label, peer, contest.peer.versions),
    )
