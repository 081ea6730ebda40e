"""What a benchmark is made of. A module bench/benchmarks/NAME.py has

NAME      as it is called on the command line
WORK      one line: what is done, how much of it
TARGETS   CMake targets to build
PEERS     what its peers need, names of frame/peers.py
contests  a function (setup) -> iterable of Contest
"""

import dataclasses
import importlib
import pathlib

FOLDER = pathlib.Path(__file__).resolve().parents[1]

# The order in which they run: cheap ones first.
ORDER = ("spectrogram", "files", "trunk", "heads", "dispatch", "large", "study")


class BenchmarkError(Exception):
    """Says what is missing or went wrong, and what to do about it."""


@dataclasses.dataclass(frozen=True)
class Program:
    """One side of a contest: a command whose last line of output is a JSON object. Its "seconds" are the time that counts;
    without it the time from start to end does. Its "figures" (name -> number or text) are shown and kept."""

    label: str
    command: tuple
    environment: dict = dataclasses.field(default_factory=dict)  # on top of the frame's; None takes a variable out
    versions: dict = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Contest:
    """Ours and the peer's, run in turn. Both see the same processors and are told to use as many threads."""

    name: str
    ours: Program
    peer: Program
    cores: int  # 0 = all
    floor: float  # peer's time / ours that must be reached
    goal: float
    timeout_s: float = 3600.0


def find_all():
    """The benchmarks that are there, by name, in order."""
    names = [path.stem for path in (FOLDER / "benchmarks").glob("*.py") if path.stem != "__init__"]
    known = {name: place for place, name in enumerate(ORDER)}
    names.sort(key=lambda name: (known.get(name, len(ORDER)), name))
    return {name: importlib.import_module(f"benchmarks.{name}") for name in names}
