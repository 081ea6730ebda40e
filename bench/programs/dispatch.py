"""No-op trials through a real coordinator: real agents over gRPC, every result durable. The last line is JSON for bench/run.

usage: dispatch.py BIN_FOLDER SCRATCH TRIALS SWEEPS AGENTS [--per-trial]

Runs SWEEPS sweeps of TRIALS trials, one after the other, each with a database of its own. The seconds are those from a submission to
the acknowledgement of the last end, in all; with --per-trial of one trial.
"""

import json
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

AXIS = (100, 10)  # learning rates, batch sizes: 1,000 cells
METRIC_POINTS = 10
SWEEP = """\
version: 1
name: noop
dataset: {{format: esc50, path: not-looked-at, split: {{by: fold, validation: [4], test: [5]}}}}
model: {{weights: random}}
training: {{steps: {points}, evaluate_every: 1}}
seeds: {seeds}
parameters:
  learning_rate: {rates}
  batch_size: {batches}
"""


def sweep_text(trials):
    cells = AXIS[0] * AXIS[1]
    if trials % cells != 0:
        sys.exit(f"{trials} is no multiple of {cells}")
    rates = [round(0.001 * (place + 1), 3) for place in range(AXIS[0])]
    return SWEEP.format(points=METRIC_POINTS, seeds=trials // cells, rates=rates, batches=list(range(1, AXIS[1] + 1)))


def wait_for(condition, what):
    deadline = time.monotonic() + 60
    while not condition():
        if time.monotonic() > deadline:
            sys.exit(f"{what} did not come within a minute")
        time.sleep(0.01)


def processor_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Coordinator:
    def __init__(self, bins, folder):
        self.bins = bins
        self.database = folder / "results.db"
        port_file = folder / "port"
        command = [bins / "melsweep-coordinator", "--listen", "0.0.0.0:0", "--db", self.database, "--port-file", port_file]
        log = open(folder / "coordinator.log", "w", encoding="utf-8")
        self.process = subprocess.Popen(command, stderr=log, env={**os.environ, "MELSWEEP_INSECURE": "1"})
        wait_for(lambda: port_file.exists() and port_file.read_text(encoding="utf-8"), "the coordinator")
        self.port = port_file.read_text(encoding="utf-8").strip().rsplit(":", 1)[1]

    def client(self, *arguments):
        command = [self.bins / "melsweep", *arguments, "--coordinator", f"127.0.0.1:{self.port}"]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def workers(self):
        return len(json.loads(self.client("workers", "-o", "json")))

    def stop(self):
        used = processor_seconds(self.process.pid)
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        return used


def check(bins, database, trials):
    """Exactly the cells, once each, with all their points: by our own ledger and by counting."""
    verified = subprocess.run([bins / "melsweep", "verify", "last", "--db", database], check=False, capture_output=True, text=True)
    if verified.returncode != 0:
        sys.exit(verified.stdout + verified.stderr)
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    counts = connection.execute(
        "select (select count(*) from trials where state = 'finished'), (select count(*) from (select distinct cell, seed from trials)),"
        " (select count(*) from metrics), (select count(distinct request) from attempts)"
    ).fetchone()
    connection.close()
    if counts[:3] != (trials, trials, trials * METRIC_POINTS):
        sys.exit(f"finished, distinct, points: {counts[:3]} of {trials} trials")
    return counts[3]


def run_sweep(bins, folder, trials, agents):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    sweep = folder / "sweep.yaml"
    sweep.write_text(sweep_text(trials), encoding="utf-8")
    coordinator = Coordinator(bins, folder)
    try:
        command = [bins / "bench_dispatch", "--port", coordinator.port, "--agents", agents, "--trials", trials, "--metric-points", METRIC_POINTS]
        load = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, text=True)
        wait_for(lambda: coordinator.workers() == agents, "the workers")
        began = time.monotonic()
        coordinator.client("submit", sweep)
        output, _ = load.communicate()
        seconds = time.monotonic() - began
        if load.returncode != 0:
            sys.exit("the workers failed")
        said = json.loads(output)
    finally:
        processor = coordinator.stop()
    groups = check(bins, coordinator.database, trials)
    shutil.rmtree(folder)
    return {
        "seconds": seconds,
        "groups": groups,
        "longest_heartbeat_ms": said["longest_heartbeat_ms"],
        "processor_seconds": processor + said["processor_seconds"],
    }


def main(bins, scratch, trials, sweeps, agents, *options):
    trials, sweeps, agents = int(trials), int(sweeps), int(agents)
    runs = [run_sweep(pathlib.Path(bins), pathlib.Path(scratch) / f"dispatch-{trials}", trials, agents) for _ in range(sweeps)]
    total = trials * sweeps
    seconds = sum(run["seconds"] for run in runs)
    figures = {
        "trials finished, each cell once": total,
        "trials a second": total / seconds,
        "trials in a group": total / sum(run["groups"] for run in runs),
        "processor time a trial, both sides (ms)": 1000 * sum(run["processor_seconds"] for run in runs) / total,
        "longest heartbeat (ms)": max(run["longest_heartbeat_ms"] for run in runs),
    }
    print(json.dumps({"seconds": seconds / total if "--per-trial" in options else seconds, "figures": figures}))


if __name__ == "__main__":
    main(*sys.argv[1:])
