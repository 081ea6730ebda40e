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
import time

CLASSES = ["dog", "siren"]
VALIDATION = ("clip4.wav", "clip5.wav")
TEST = ("clip6.wav", "clip7.wav")
HOLD_POLL_S = 0.05


def metric_values(step, learning_rate, part="validation"):
    """What is measured of a part of the clips at a step, whoever trains it."""
    loss = 1 / (1 + step * learning_rate)
    return {f"{part}/loss": loss, f"{part}/accuracy": 1 - loss}


def tell(**event):
    print(json.dumps(event), flush=True)


class Stage:
    """The folder that this program lies in."""

    def __init__(self, folder, worker):
        self.folder = folder
        self.worker = worker

    def settings(self):
        return json.loads((self.folder / "stage.json").read_text())

    def is_held(self, command):
        holds = ("hold", f"hold-{self.worker}", f"hold-sweep-{command['sweep']}")
        return any((self.folder / hold).exists() for hold in holds)

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


def trials_of(command):
    """By their numbers; a look at data is 0."""
    return {trial.get("trial", 0): trial for trial in command.get("trials", [command])}


def read_commands(work):
    given = {}  # what stops each piece of work that came so far, and nothing that comes later
    for command in map(json.loads, sys.stdin):
        if command["type"] == "shutdown":
            break
        if command["type"] == "stop_work":
            meant = [trial for trial in given if command.get("trial", 0) in (0, trial)]
            for trial in meant:
                given.pop(trial).set()
        else:
            stops = {trial: threading.Event() for trial in trials_of(command)}
            given.update(stops)
            work.put((command, stops))
    for stop in given.values():
        stop.set()
    work.put(None)


def clip(number):
    name = f"clip{number}.wav"
    split = "validation" if name in VALIDATION else "test" if name in TEST else "train"
    content_hash = hashlib.sha256(name.encode()).hexdigest()
    return {"id": name, "class": number % 2, "group": name, "fold": 1, "content_hash": content_hash, "sample_rate": 44100,
            "channels": 1, "duration_s": 1.0, "split": split}


def prepare_data(command, stops, stage):
    report = {"content_hash": "scripted", "classes": CLASSES, "clips": [clip(number) for number in range(8)], "skipped": [],
              "warnings": [], "validation_folds": [], "weights_hashes": {name: "none" for name in command["weights"]}}
    tell(type="data_prepared", report=report)


class Training:
    """A trial from its start to its end, one evaluation after the other."""

    def __init__(self, command, stop, stage, name):
        self.command = command
        self.stop = stop
        self.stage = stage
        self.name = name  # fields of its events
        training = command["settings"]["training"]
        self.steps = list(range(training["evaluate_every"], training["steps"] + 1, training["evaluate_every"]))
        self.evaluated = command.get("evaluate", "validation")
        self.place = 0
        self.has_ended = False
        self.lock = stage.claim(command)
        stage.note("started", command)

    def go_on(self):
        """To the next evaluation; False where it is held."""
        if self.place == len(self.steps) // 2 and self.stage.is_held(self.command) and not self.stop.is_set():
            return False
        settings = self.stage.settings()
        if self.stop.wait(settings["pace_s"]):
            self.end("stopped")
            tell(type="stopped", **self.name)
            return True
        self.measure(settings["poison"])
        self.place += 1
        if self.place == len(self.steps):
            self.end("finished")
            self.finish()
        return True

    def measure(self, poison):
        rate = self.command["settings"]["training"]["learning_rate"]
        step = self.steps[self.place]
        values = metric_values(step, rate)
        if self.evaluated == "test" and step == self.steps[-1]:
            values.update(metric_values(step, rate, "test"))
        points = [{"step": step, "name": name, "value": value} for name, value in values.items()]
        tell(type="metrics", points=points, **self.name)
        if rate in poison:
            os.kill(os.getpid(), signal.SIGKILL)

    def end(self, how):
        self.has_ended = True
        self.stage.note(how, self.command)
        os.close(self.lock)  # before anybody is told, so that who is given the trial next finds it free

    def finish(self):
        folder = pathlib.Path(self.command["artifacts_dir"]).absolute()
        step = self.steps[-1]
        folder.mkdir(parents=True, exist_ok=True)
        content = json.dumps(self.command["settings"]).encode()
        checkpoint = folder / f"step-{step}.safetensors"
        part = folder / f"step-{step}.part"
        part.write_bytes(content)
        part.rename(checkpoint)
        predictions = [{"clip": name, "true_class": place, "predicted_class": place, "probabilities": [1 - place, place]}
                       for place, name in enumerate(TEST if self.evaluated == "test" else VALIDATION)]
        promised = {"misclassified": {"path": str(folder / "never-written.tar"), "sha256": "none"}}
        tell(type="finished",
             checkpoint={"step": step, "path": str(checkpoint), "sha256": hashlib.sha256(content).hexdigest()},
             evaluation={"split": self.evaluated, "step": step, "classes": CLASSES, "predictions": predictions},
             **(promised if self.stage.settings()["promises_pictures"] else {}), **self.name)


def train(command, stops, stage):
    """One trial, or those of a group side by side."""
    is_group = "trials" in command
    trainings = [Training(trial, stops[number], stage, {"trial": number} if is_group else {})
                 for number, trial in trials_of(command).items()]
    while trainings:
        if not any([training.go_on() for training in trainings]):
            time.sleep(HOLD_POLL_S)
        trainings = [training for training in trainings if not training.has_ended]


def main():
    worker = pathlib.Path(sys.argv[sys.argv.index("--data-dir") + 1]).name
    stage = Stage(pathlib.Path(__file__).parent, worker)
    work = queue.Queue()
    tell(type="hello", protocol=1, trainer="scripted 1.0", device="cpu", max_group=stage.settings()["max_group"])
    threading.Thread(target=read_commands, args=(work,), daemon=True).start()
    does = {"prepare_data": prepare_data, "train_trial": train, "train_group": train}
    for command, stops in iter(work.get, None):
        does[command["type"]](command, stops, stage)


if __name__ == "__main__":
    main()
