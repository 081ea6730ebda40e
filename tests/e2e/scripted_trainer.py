#!/usr/bin/env python3
"""A trainer that learns nothing and does what the test asks of it. Copied into a stage's folder (staged.py) it reads there how
to behave, and writes into the journal there what it did. It keeps to docs/trainer-protocol.md."""

import fcntl
import hashlib
import json
import os
import pathlib
import queue
import signal
import sys
import threading

CLASSES = ["dog", "siren"]
VALIDATION = ("clip4.wav", "clip5.wav")
HOLD_POLL_S = 0.05


def metric_values(step, learning_rate):
    """What is measured at a step, whoever trains it."""
    loss = 1 / (1 + step * learning_rate)
    return {"validation/loss": loss, "validation/accuracy": 1 - loss}


def tell(**event):
    print(json.dumps(event), flush=True)


class Stage:
    """The folder that this program lies in."""

    def __init__(self, folder, worker):
        self.folder = folder
        self.worker = worker

    def settings(self):
        return json.loads((self.folder / "stage.json").read_text())

    def is_held(self):
        return (self.folder / "hold").exists() or (self.folder / f"hold-{self.worker}").exists()

    def note(self, event, command):
        line = {"event": event, "sweep": command["sweep"], "trial": command["trial"], "worker": self.worker, "pid": os.getpid()}
        journal = os.open(self.folder / "journal", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        os.write(journal, (json.dumps(line) + "\n").encode())
        os.close(journal)

    def claim(self, command):
        """A lock on the trial, which the kernel frees when this process dies. Whoever has it trains the trial."""
        lock = os.open(self.folder / f"sweep-{command['sweep']}-trial-{command['trial']}.lock", os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.note("doubled", command)
        return lock


def read_commands(work):
    stop = threading.Event()
    for command in map(json.loads, sys.stdin):
        if command["type"] == "shutdown":
            break
        if command["type"] == "stop_work":
            stop.set()
            stop = threading.Event()  # it ends what came before it and nothing that comes later
        else:
            work.put((command, stop))
    stop.set()
    work.put(None)


def clip(number):
    name = f"clip{number}.wav"
    split = "validation" if name in VALIDATION else "train"
    content_hash = hashlib.sha256(name.encode()).hexdigest()
    return {"id": name, "class": number % 2, "group": name, "fold": 1, "content_hash": content_hash, "sample_rate": 44100,
            "channels": 1, "duration_s": 1.0, "split": split}


def prepare_data(command, stop, stage):
    report = {"content_hash": "scripted", "classes": CLASSES, "clips": [clip(number) for number in range(6)], "skipped": [],
              "warnings": [], "validation_folds": [], "weights_hashes": {name: "none" for name in command["weights"]}}
    tell(type="data_prepared", report=report)


def measure(command, stop, stage):
    """The trial's metrics, one evaluation after the other; False where it was stopped."""
    settings = stage.settings()
    training = command["settings"]["training"]
    steps = range(training["evaluate_every"], training["steps"] + 1, training["evaluate_every"])
    for place, step in enumerate(steps):
        while place == len(steps) // 2 and stage.is_held():
            if stop.wait(HOLD_POLL_S):
                return False
        if stop.wait(settings["pace_s"]):
            return False
        values = metric_values(step, training["learning_rate"])
        tell(type="metrics", points=[{"step": step, "name": name, "value": value} for name, value in values.items()])
        if training["learning_rate"] in settings["poison"]:
            os.kill(os.getpid(), signal.SIGKILL)
    return True


def finish(command):
    folder = pathlib.Path(command["artifacts_dir"]).absolute()
    step = command["settings"]["training"]["steps"]
    folder.mkdir(parents=True, exist_ok=True)
    content = json.dumps(command["settings"]).encode()
    checkpoint = folder / f"step-{step}.safetensors"
    part = folder / f"step-{step}.part"
    part.write_bytes(content)
    part.rename(checkpoint)
    predictions = [{"clip": name, "true_class": place, "predicted_class": place, "probabilities": [1 - place, place]}
                   for place, name in enumerate(VALIDATION)]
    tell(type="finished",
         checkpoint={"step": step, "path": str(checkpoint), "sha256": hashlib.sha256(content).hexdigest()},
         evaluation={"split": "validation", "step": step, "classes": CLASSES, "predictions": predictions})


def train_trial(command, stop, stage):
    lock = stage.claim(command)
    stage.note("started", command)
    is_whole = measure(command, stop, stage)
    stage.note("finished" if is_whole else "stopped", command)
    os.close(lock)  # before anybody is told, so that who is given the trial next finds it free
    if is_whole:
        finish(command)
    else:
        tell(type="stopped")


def main():
    worker = pathlib.Path(sys.argv[sys.argv.index("--data-dir") + 1]).name
    stage = Stage(pathlib.Path(__file__).parent, worker)
    work = queue.Queue()
    tell(type="hello", protocol=1, trainer="scripted 1.0", device="cpu")
    threading.Thread(target=read_commands, args=(work,), daemon=True).start()
    for command, stop in iter(work.get, None):
        {"prepare_data": prepare_data, "train_trial": train_trial}[command["type"]](command, stop, stage)


if __name__ == "__main__":
    main()
