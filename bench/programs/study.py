"""The study's grid by `melsweep run`, with nothing cached. usage: study.py MELSWEEP DATA WEIGHTS STEPS FOLDER"""

import json
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]


def best_run(database):
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        connection.row_factory = sqlite3.Row
        return dict(connection.execute("select * from best_run").fetchone())


def main():
    melsweep, data, weights, steps, folder = sys.argv[1:]
    folder = pathlib.Path(folder)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    database = folder / "results.db"
    settings = [f"dataset.path={data}", f"model.weights={weights}", f"training.steps={steps}"]
    command = [melsweep, "run", ROOT / "sweeps" / "esc10-lr-batch-grid.yaml", "--db", database, "--data-dir", folder / "worker"]
    for setting in settings:
        command += ["--set", setting]
    began = time.perf_counter()
    subprocess.run(command, stdout=sys.stderr, check=True)
    seconds = time.perf_counter() - began
    print(json.dumps({"seconds": seconds, "figures": {"best_accuracy": best_run(database)["objective"]}}))


main()
