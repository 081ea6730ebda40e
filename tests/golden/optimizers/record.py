"""Records what PyTorch's optimizers make of a small softmax regression: python3 record.py, torch 1.13.

examples.npy [12, 20], start.npy [3, 21]: weights and, last, the bias of each class. Example i is of class i % 3.
NAME.npy, like start.npy: after 40 steps on all examples.
"""
import numpy as np
import torch

STEPS = 40
random = np.random.default_rng(5)
examples = random.random((12, 20), dtype=np.float32)
start = (random.standard_normal((3, 21)) * 0.1).astype(np.float32)
np.save("examples.npy", examples)
np.save("start.npy", start)

optim = torch.optim
OPTIMIZERS = {
    "sgd": lambda p: optim.SGD(p, lr=0.1),
    "sgd_decay": lambda p: optim.SGD(p, lr=0.1, weight_decay=0.05),
    "momentum": lambda p: optim.SGD(p, lr=0.05, momentum=0.8, weight_decay=0.01),
    "nesterov": lambda p: optim.SGD(p, lr=0.05, momentum=0.8, weight_decay=0.01, nesterov=True),
    "rmsprop": lambda p: optim.RMSprop(p, lr=0.003, weight_decay=0.01),
    "adam": lambda p: optim.Adam(p, lr=0.01, weight_decay=0.01),
    "adamw": lambda p: optim.AdamW(p, lr=0.01, weight_decay=0.1),
}

for name, make in OPTIMIZERS.items():
    weight = torch.tensor(start[:, :20], requires_grad=True)
    bias = torch.tensor(start[:, 20], requires_grad=True)
    optimizer = make([weight, bias])
    labels = torch.arange(12) % 3
    for _ in range(STEPS):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(torch.tensor(examples) @ weight.T + bias, labels).backward()
        optimizer.step()
    end = np.concatenate([weight.detach().numpy(), bias.detach().numpy()[:, None]], axis=1)
    np.save(f"{name}.npy", np.ascontiguousarray(end))
