"""Inception v3's trunk by torchvision in PyTorch's eager mode; of several batch sizes the fastest counts.
usage: trunk_pytorch.py WEIGHTS PICTURES"""

import json
import os
import pathlib
import sys
import time

import clips
import numpy
import torch
import torchvision
from torchvision.models import inception

BATCHES = (1, 4, 8, 32)


def read_safetensors(path):
    """Tensors by name, and the metadata."""
    raw = pathlib.Path(path).read_bytes()
    length = int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    values = memoryview(raw)[8 + length :]
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        array = numpy.frombuffer(values[begin:end], dtype=numpy.float32).reshape(entry["shape"])
        tensors[name] = torch.tensor(array)
    return tensors, metadata


class BorderPadding:
    """torch.nn.functional as torchvision's Inception sees it: Keras-born weights do not count the padding of averages."""

    def __init__(self, functional):
        self.functional = functional

    def __getattr__(self, name):
        return getattr(self.functional, name)

    def avg_pool2d(self, x, *arguments, **named):
        return self.functional.avg_pool2d(x, *arguments, count_include_pad=False, **named)


def make_network(weights):
    tensors, metadata = read_safetensors(weights)
    if metadata.get("melsweep.dialect") == "keras":
        inception.F = BorderPadding(inception.F)
    network = torchvision.models.inception_v3(weights=None, aux_logits=False, init_weights=False, transform_input=False)
    network.fc = torch.nn.Identity()
    network.load_state_dict({name: tensor for name, tensor in tensors.items() if name in network.state_dict()}, strict=False)
    network.eval()
    signed = metadata.get("melsweep.input_range") == "[-1,1]"
    return (lambda pictures: network(pictures * 2 - 1)) if signed else network


def make_pictures(count):
    """The same numbers as bench_trunk's."""
    values = count * 3 * 299 * 299
    numbers = (numpy.arange(values, dtype=numpy.int64) * 7919 % 1009).astype(numpy.float32) / 1008
    return torch.tensor(numbers).reshape(count, 3, 299, 299)


def measure(network, pictures, batch):
    network(pictures[:batch])
    began = time.perf_counter()
    bottlenecks = torch.cat([network(part) for part in pictures.split(batch)])
    return time.perf_counter() - began, float(bottlenecks.mean())


def main():
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    network = make_network(sys.argv[1])
    pictures = make_pictures(int(sys.argv[2]))
    with torch.inference_mode():
        found = {batch: measure(network, pictures, batch) for batch in BATCHES}
    best = min(found, key=lambda batch: found[batch][0])
    clips.tell(found[best][0], pictures=len(pictures), mean=found[best][1], batch=best)


if __name__ == "__main__":
    main()
