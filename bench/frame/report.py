"""What a benchmark found, for people and as JSON."""

import datetime
import json
import subprocess

from frame import machine
from frame.benchmark import FOLDER


def announce(benchmark):
    print(f"\n== {benchmark.NAME}: {benchmark.WORK}", flush=True)


def figures_of(side):
    """The last run's: they describe the work and its result, which are the same in all."""
    return side.runs[-1].figures


def show_side(name, side):
    spread = f"{min(run.seconds for run in side.runs):.3f} to {max(run.seconds for run in side.runs):.3f}"
    print(f"    {name:5} {side.seconds:9.3f} s  ({spread} in {len(side.runs)} runs, peak {side.peak_mib:,.0f} MiB)  {side.label}")
    for figure, value in figures_of(side).items():
        print(f"            {figure}: {value:,.6g}" if isinstance(value, float) else f"            {figure}: {value}")


def show(result):
    contest = result.contest
    cores = f"{contest.cores or 'all'} core{'' if contest.cores == 1 else 's'}"
    print(f"  {contest.name} ({cores})")
    show_side("ours", result.ours)
    show_side("peer", result.peer)
    print(f"    ratio {result.ratio:.2f}x: {result.verdict} (floor {contest.floor:g}x, goal {contest.goal:g}x)", flush=True)


def side_as_json(side):
    return {
        "label": side.label,
        "versions": side.versions,
        "median_s": side.seconds,
        "seconds": [run.seconds for run in side.runs],
        "peak_mib": side.peak_mib,
        "figures": figures_of(side),
    }


def result_as_json(result):
    contest = result.contest
    return {
        "name": contest.name,
        "cores": contest.cores,
        "floor": contest.floor,
        "goal": contest.goal,
        "ratio": result.ratio,
        "verdict": result.verdict,
        "ours": side_as_json(result.ours),
        "peer": side_as_json(result.peer),
    }


def commit():
    done = subprocess.run(["git", "-C", FOLDER, "describe", "--always", "--dirty"], capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def write(setup, benchmark, results):
    setup.out.mkdir(parents=True, exist_ok=True)
    path = setup.out / f"{benchmark.NAME}.json"
    document = {
        "benchmark": benchmark.NAME,
        "work": benchmark.WORK,
        "measured_at": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "commit": commit(),
        "machine": {**machine.describe(), "limits": setup.limits()},
        "versions": setup.peer_versions,
        "contests": [result_as_json(result) for result in results],
    }
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    print(f"  machine {document['machine']['cpu']}, {document['machine']['processors']} processors; versions {document['versions']}")
    print("  its limits: " + ", ".join(f"{name} {value:.1f}" for name, value in setup.limits().items()))
    print(f"  written to {path}", flush=True)
