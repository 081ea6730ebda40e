#!/usr/bin/python3
"""The memory of a trainer that learns on as many clips as UrbanSound8K has, whose bottlenecks are cached.

usage: memory.py TRAINER BENCH_BOTTLENECKS FOLDER [STEPS]

Prints what is resident at the peak: all of it, and what is not a page of a mapped file (heap and stacks). Their difference is the
mapped cache and the program, which the system may take back.
"""

import json
import math
import pathlib
import struct
import subprocess
import sys
import time
import wave

CLIPS = 8732
CLASSES = 10
GRID = [(rate, size) for rate in (0.005, 0.01, 0.05) for size in (50, 100, 200)]


def write_clips(folder):
    """Short, and no two alike."""
    folder.mkdir(parents=True)
    rows = ["path,label,fold"]
    for i in range(CLIPS):
        with wave.open(str(folder / f"{i}.wav"), "wb") as file:
            file.setparams((1, 2, 8000, 0, "NONE", ""))
            samples = [int(9000 * math.sin(2 * math.pi * (200 + i / 8) * t / 8000)) for t in range(160)]
            file.writeframes(struct.pack(f"<{len(samples)}h", *samples))
        rows.append(f"{i}.wav,class{i % CLASSES},{1 + i // CLASSES % 10}")
    (folder / "manifest.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder / "manifest.csv"


def resident_mib(pid):
    """The most that ever was, of everything; and what is there now of it that no file backs."""
    fields = {}
    for line in pathlib.Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition(":")
        if name in ("VmHWM", "RssAnon"):
            fields[name] = int(value.split()[0]) / 1024
    return fields["VmHWM"], fields["RssAnon"]


class Trainer:
    def __init__(self, program, data_dir):
        command = [program, "serve", "--data-dir", data_dir]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.peak = self.peak_anonymous = 0.0

    def read(self):
        event = json.loads(self.process.stdout.readline())
        if self.process.poll() is None:
            now, anonymous = resident_mib(self.process.pid)
            self.peak, self.peak_anonymous = max(self.peak, now), max(self.peak_anonymous, anonymous)
        if event["type"] == "failed":
            raise SystemExit(event["message"])
        return event

    def tell(self, message):
        print(json.dumps(message), file=self.process.stdin, flush=True)

    def wait_for(self, kind, times=1):
        while times:
            event = self.read()
            times -= event["type"] == kind
        return event

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def settings(learning_rate, batch_size, steps):
    features = {"representation": "mel", "decibels": "amplitude", "image": "gray", "sample_rate": 22050, "n_fft": 2048, "hop_length": 512}
    features |= {"win_length": 0, "n_mels": 128, "fmin": 0.0, "fmax": 0.0, "top_db": 80.0}
    training = {"steps": steps, "evaluate_every": 100, "batch_size": batch_size, "learning_rate": learning_rate}
    training |= {"optimizer": "sgd", "augmentation": "none"}
    model = {"architecture": "inception_v3", "weights": "random", "trainable": "head"}
    return {"features": features, "model": model, "training": training}


def main():
    trainer_program, fill, folder, *steps = sys.argv[1:]
    folder = pathlib.Path(folder)
    manifest = folder / "sounds" / "manifest.csv"
    if not manifest.exists():
        write_clips(manifest.parent)
    data_dir = folder / "data"
    subprocess.run([fill, manifest, data_dir], stdout=sys.stderr, check=True)
    split = {"by": "fold", "validation": [1], "test": [], "cross_validation": False, "allow_leakage": False, "seed": 0}
    dataset = {"format": "csv", "path": str(manifest), "on_bad_clip": "fail", "split": split}
    trainer = Trainer(trainer_program, data_dir)
    trainer.wait_for("hello")
    before = resident_mib(trainer.process.pid)
    trainer.tell({"type": "prepare_data", "dataset": dataset, "weights": ["random"]})
    report = trainer.wait_for("data_prepared")["report"]
    prepared = resident_mib(trainer.process.pid)
    common = {"sweep": 1, "dataset": dataset, "dataset_hash": report["content_hash"], "validation_fold": 0, "resume_from": ""}
    common |= {"weights_hash": report["weights_hashes"]["random"], "seed": 0, "checkpoint_every_s": 1.0}
    trials = []
    for number, (rate, size) in enumerate(GRID):
        own = {"trial": number + 1, "settings": settings(rate, size, int(steps[0]) if steps else 1000)}
        trials.append(common | own | {"artifacts_dir": str((folder / f"artifacts-{number}").absolute())})
    began = time.perf_counter()
    trainer.tell({"type": "train_group", "trials": trials})
    trainer.wait_for("finished", len(trials))
    seconds = time.perf_counter() - began
    cache_mib = sum(file.stat().st_size for file in (data_dir / "features" / "bottlenecks").rglob("*.npy")) / 2**20
    trainer.end()
    figures = {"resident_mib": trainer.peak, "anonymous_mib": trainer.peak_anonymous, "mapped_cache_mib": cache_mib}
    figures |= {"anonymous_at_start_mib": before[1], "anonymous_prepared_mib": prepared[1]}
    print(json.dumps({"seconds": seconds, "figures": {name: round(value, 1) for name, value in figures.items()}}))


main()
