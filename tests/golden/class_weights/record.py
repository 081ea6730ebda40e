"""Records what PyTorch's weighted cross-entropy makes of a small softmax regression: python3 record.py, torch 1.13.

examples.npy [12, 20], start.npy [3, 21]: weights and, last, the bias of each class. The first seven examples are of class 0,
four of class 1, one of class 2; balanced.npy [3] are their weights. Step s, from 0, sees the examples s % 4, s % 4 + 1, ...,
of which there are 8. end.npy, like start.npy: after 40 steps. losses.npy [40]: the weighted mean before each step.
"""
import numpy as np
import torch

STEPS = 40
random = np.random.default_rng(6)
examples = random.random((12, 20), dtype=np.float32)
start = (random.standard_normal((3, 21)) * 0.1).astype(np.float32)
labels = torch.tensor([0] * 7 + [1] * 4 + [2])
balanced = 12 / (3 * torch.bincount(labels).float())

weight = torch.tensor(start[:, :20], requires_grad=True)
bias = torch.tensor(start[:, 20], requires_grad=True)
optimizer = torch.optim.SGD([weight, bias], lr=0.3)
criterion = torch.nn.CrossEntropyLoss(weight=balanced, reduction="mean")
losses = []
for step in range(STEPS):
    batch = slice(step % 4, step % 4 + 8)
    optimizer.zero_grad()
    loss = criterion(torch.tensor(examples[batch]) @ weight.T + bias, labels[batch])
    loss.backward()
    optimizer.step()
    losses.append(loss.item())

np.save("examples.npy", examples)
np.save("start.npy", start)
np.save("balanced.npy", balanced.numpy())
np.save("end.npy", np.concatenate([weight.detach().numpy(), bias.detach().numpy()[:, None]], axis=1))
np.save("losses.npy", np.array(losses, dtype=np.float32))
