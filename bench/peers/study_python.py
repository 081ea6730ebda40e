"""The study's grid as one writes it in Python: librosa's spectrograms, torchvision's Inception, Optuna's grid over SGD.
usage: study_python.py DATA WEIGHTS STEPS"""

import csv
import os
import pathlib
import sys
import time

import clips
import librosa
import numpy
import optuna
import torch
import trunk_pytorch

VALIDATION_FOLD, TEST_FOLD = "4", "5"
EVALUATE_EVERY = 500
TOP_DB = 80.0
BATCH = 8  # pictures at once through the network
GRID = {"learning_rate": [0.005, 0.01, 0.05], "batch_size": [50, 100, 200]}


def picture(path):
    samples, _ = librosa.load(path, sr=clips.SAMPLE_RATE)
    power = librosa.feature.melspectrogram(y=samples, sr=clips.SAMPLE_RATE, n_mels=128)
    decibels = librosa.amplitude_to_db(power, ref=numpy.max, top_db=TOP_DB)
    gray = torch.from_numpy((decibels / TOP_DB + 1).astype(numpy.float32)[::-1].copy())
    return torch.nn.functional.interpolate(gray[None, None], size=(299, 299), mode="bilinear")[0].expand(3, 299, 299)


def bottlenecks(network, paths):
    parts = []
    for begin in range(0, len(paths), BATCH):
        pictures = torch.stack([picture(path) for path in paths[begin : begin + BATCH]])
        parts.append(network(pictures))
    return torch.cat(parts)


class Split:
    def __init__(self, network, rows, folder, classes):
        self.features = bottlenecks(network, [folder / row["filename"] for row in rows])
        self.labels = torch.tensor([classes.index(row["category"]) for row in rows])


def read_splits(data, network):
    with open(data / "meta" / "esc50.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    classes = sorted({row["category"] for row in rows})
    training = [row for row in rows if row["fold"] not in (VALIDATION_FOLD, TEST_FOLD)]
    validation = [row for row in rows if row["fold"] == VALIDATION_FOLD]
    splits = [Split(network, part, data / "audio", classes) for part in (training, validation)]
    return *splits, len(classes)


def accuracy(head, split):
    with torch.inference_mode():
        logits = head(split.features)
        torch.nn.functional.cross_entropy(logits, split.labels).item()
        return (logits.argmax(1) == split.labels).float().mean().item()


def train(training, validation, classes, steps, learning_rate, batch_size):
    torch.manual_seed(0)
    head = torch.nn.Linear(training.features.shape[1], classes)
    optimizer = torch.optim.SGD(head.parameters(), lr=learning_rate)
    order = torch.empty(0, dtype=torch.long)
    for step in range(1, steps + 1):
        while len(order) < batch_size:
            order = torch.cat([order, torch.randperm(len(training.labels))])
        batch, order = order[:batch_size], order[batch_size:]
        loss = torch.nn.functional.cross_entropy(head(training.features[batch]), training.labels[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % EVALUATE_EVERY == 0:
            accuracy(head, training)
            found = accuracy(head, validation)
    return found


def main():
    data, steps = pathlib.Path(sys.argv[1]), int(sys.argv[3])
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    began = time.perf_counter()
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    network = trunk_pytorch.make_network(sys.argv[2])
    with torch.inference_mode():
        training, validation, classes = read_splits(data, network)
    # Products so small are slower on several threads.
    torch.set_num_threads(1)

    def objective(trial):
        chosen = {name: trial.suggest_categorical(name, values) for name, values in GRID.items()}
        return train(training, validation, classes, steps, **chosen)

    study = optuna.create_study(direction="maximize", sampler=optuna.samplers.GridSampler(GRID))
    study.optimize(objective)
    clips.tell(time.perf_counter() - began, best_accuracy=study.best_value)


main()
