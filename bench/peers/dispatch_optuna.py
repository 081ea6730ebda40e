"""Optuna's grid with trials that do nothing, in several processes on one SQLite file.

usage: dispatch_optuna.py SCRATCH CELLS PROCESSES
"""

import json
import multiprocessing
import pathlib
import sys
import time

import optuna

METRIC_POINTS = 10
BATCHES = 10


def grid(cells):
    return {"learning_rate": [0.001 * (place + 1) for place in range(cells // BATCHES)], "batch_size": list(range(1, BATCHES + 1))}


def storage_of(path):
    # As long as it takes: with SQLite's five seconds processes give up on the lock.
    return optuna.storages.RDBStorage(f"sqlite:///{path}", engine_kwargs={"connect_args": {"timeout": 600}})


def objective(trial, space):
    rate = trial.suggest_categorical("learning_rate", space["learning_rate"])
    trial.suggest_categorical("batch_size", space["batch_size"])
    for step in range(1, METRIC_POINTS + 1):
        trial.report(rate * step, step)
    return rate * METRIC_POINTS


def work(path, cells):
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    space = grid(cells)
    sampler = optuna.samplers.GridSampler(space)
    sampler.reseed_rng()  # else all processes choose the same cells of those that are left
    study = optuna.load_study(study_name="noop", storage=storage_of(path), sampler=sampler)
    study.optimize(lambda trial: objective(trial, space))  # until the grid is done


def main(scratch, cells, processes):
    path = pathlib.Path(scratch) / "optuna.db"
    path.unlink(missing_ok=True)
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    optuna.create_study(study_name="noop", storage=storage_of(path), direction="maximize")
    began = time.perf_counter()
    workers = [multiprocessing.Process(target=work, args=(path, int(cells))) for _ in range(int(processes))]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    seconds = time.perf_counter() - began
    trials = optuna.load_study(study_name="noop", storage=storage_of(path)).trials
    finished = [trial for trial in trials if trial.state == optuna.trial.TrialState.COMPLETE]
    distinct = {tuple(sorted(trial.params.items())) for trial in finished}
    figures = {"trials finished": len(finished), "cells of them": len(distinct), "trials a second": len(finished) / seconds}
    path.unlink()
    print(json.dumps({"seconds": seconds, "figures": figures}))


if __name__ == "__main__":
    main(*sys.argv[1:])
