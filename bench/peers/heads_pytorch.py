"""The grid of heads by Optuna with a model in PyTorch's eager mode. Of one process with one thread, one with all, and a process
a core, the fastest counts: a short run finds out which. usage: heads_pytorch.py STEPS"""

import multiprocessing
import os
import sys
import time

import clips
import numpy
import optuna
import torch

EXAMPLES, TRAINED, FEATURES, CLASSES = 8732, 7859, 2048, 10
LEARNING_RATES = (0.005, 0.01, 0.05)
BATCH_SIZES = (50, 100, 200)
TRIAL_STEPS = 100


def make_features():
    """The same numbers as bench_heads'."""
    mixed = numpy.arange(EXAMPLES * FEATURES, dtype=numpy.uint32) * numpy.uint32(2654435761)
    mixed = (mixed ^ (mixed >> 16)) * numpy.uint32(73244475)
    mixed ^= mixed >> 16
    features = ((mixed >> 8).astype(numpy.float32) * numpy.float32(2.0**-24)).reshape(EXAMPLES, FEATURES)
    own = numpy.arange(FEATURES) % CLASSES == (numpy.arange(EXAMPLES) % CLASSES)[:, None]
    features += own * numpy.float32(0.1)
    return torch.tensor(features), torch.arange(EXAMPLES) % CLASSES


def batches(batch_size, steps):
    """Indices of shuffled passes, one minibatch after the other."""
    order = torch.cat([torch.randperm(TRAINED) for _ in range(steps * batch_size // TRAINED + 1)])
    return order[: steps * batch_size].split(batch_size)


def train(features, labels, learning_rate, batch_size, steps):
    """The loss over the training examples after so many steps."""
    model = torch.nn.Linear(FEATURES, CLASSES)
    torch.nn.init.trunc_normal_(model.weight, std=0.001, a=-0.002, b=0.002)
    torch.nn.init.zeros_(model.bias)
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    for batch in batches(batch_size, steps):
        optimizer.zero_grad(set_to_none=True)
        torch.nn.functional.cross_entropy(model(features[batch]), labels[batch]).backward()
        optimizer.step()
    with torch.inference_mode():
        logits = model(features)
        (logits[TRAINED:].argmax(1) == labels[TRAINED:]).float().mean()
        return float(torch.nn.functional.cross_entropy(logits[:TRAINED], labels[:TRAINED]))


def optimize(data, cells, steps, threads):
    torch.set_num_threads(threads)
    study = optuna.create_study()
    for learning_rate, batch_size in cells:
        study.enqueue_trial({"learning_rate": learning_rate, "batch_size": batch_size})

    def objective(trial):
        learning_rate = trial.suggest_categorical("learning_rate", LEARNING_RATES)
        batch_size = trial.suggest_categorical("batch_size", BATCH_SIZES)
        return train(*data, learning_rate, batch_size, steps)

    study.optimize(objective, n_trials=len(cells))
    return [trial.value for trial in study.trials]


def optimize_into(queue, *arguments):
    queue.put(optimize(*arguments))


def share_out(cells, processes):
    """The costliest first, each to whom has least."""
    shares = [[] for _ in range(processes)]
    for cell in sorted(cells, key=lambda cell: -cell[1]):
        min(shares, key=lambda share: sum(batch_size for _, batch_size in share)).append(cell)
    return shares


def measure(data, steps, processes, threads):
    cells = [(learning_rate, batch_size) for learning_rate in LEARNING_RATES for batch_size in BATCH_SIZES]
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    began = time.perf_counter()
    workers = [
        context.Process(target=optimize_into, args=(queue, data, share, steps, threads)) for share in share_out(cells, processes)
    ]
    for worker in workers:
        worker.start()
    losses = [loss for _ in workers for loss in queue.get()]
    for worker in workers:
        worker.join()
    return time.perf_counter() - began, sum(losses) / len(losses)


def main():
    steps = int(sys.argv[1])
    cores = len(os.sched_getaffinity(0))
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    torch.set_num_threads(1)
    data = make_features()
    ways = {(1, 1), (1, cores), (cores, 1)}
    processes, threads = min(ways, key=lambda way: measure(data, TRIAL_STEPS, *way)[0])
    seconds, loss = measure(data, steps, processes, threads)
    clips.tell(
        seconds, steps=steps, processes=processes, threads=threads, loss=loss, seconds_of_30000_steps=seconds * 30000 / steps
    )


main()
