"""Writes unet.json: log-ratios, loss and gradients of small U-Nets by PyTorch in double precision.

Parameter i of the flat vector is made of h(i) = (i * 2654435761 mod 2^32 >> 20) / 2^12 - 1/2: it is h(i) / 4, plus 1
for the factors of norms. For every tensor of parameters two numbers of its gradient g are kept, the sum of squares
and the sum of g_i h(i).

Run: /usr/bin/python3 tests/network/vectors/unet.py   (PyTorch 1.13; the network is bench/peers/unet.py)
"""

import json
import os
import sys

import torch

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "..", "..", "..", "bench", "peers"))
from unet import Unet, loss_of  # noqa: E402

torch.manual_seed(23)
torch.set_default_dtype(torch.float64)


def listed(tensor):
    return [float(f"{v:.7g}") for v in tensor.detach().reshape(-1).tolist()]


def hashed(start, count):
    return ((torch.arange(start, start + count) * 2654435761) % 2**32 // 2**20).double() / 2**12 - 0.5


class Numbers:
    """Parameters made when they are first asked for, in that order."""

    def __init__(self):
        self.made, self.size = {}, 0

    def __call__(self, name, shape):
        if name not in self.made:
            count = int(torch.Size(shape).numel())
            values = hashed(self.size, count) / 4 + (1 if name.endswith(".factor") else 0)
            self.size += count
            self.made[name] = values.reshape(shape).requires_grad_(True)
        return self.made[name]


def case(shape, periodic, multipliers, blocks, attention, classes=0, n=2, jumps=4):
    task = {
        "shape": shape,
        "jumps": jumps,
        "periodic": periodic,
        "motion": 20,
        "times": [0.001, 1],
        "scale": 9,
        "classes": classes,
    }
    options = {"base": 8, "multipliers": multipliers, "blocks": blocks, "attention": attention, "embedding": 6}
    parameters = Numbers()
    sites = shape[1:]
    counts = torch.randint(0, 12, (n, *shape)).double()
    time = torch.tensor([0.0078125, 0.625, 1.0][:n])
    label = torch.tensor([1, classes, 0][:n]) if classes else None
    log_ratio = Unet(parameters, task, options)(counts, time, label)
    capacity = counts.repeat_interleave(jumps, 1)
    target = torch.randint(0, 20, (n, shape[0] * jumps, *sites)).double() * (capacity > 0)
    weights = torch.tensor([0.5, 0.25, 1.0][:n])
    loss = loss_of(log_ratio, capacity, target, weights)
    gradients = torch.autograd.grad(loss, list(parameters.made.values()))
    kept, start = [], 0
    for (name, p), g in zip(parameters.made.items(), gradients):
        dot = (g.flatten() * hashed(start, g.numel())).sum()
        kept.append({"name": name, "shape": list(p.shape), "squares": float((g * g).sum()), "dot": float(dot)})
        start += g.numel()
    return {
        "task": task,
        "options": options,
        "counts": listed(counts),
        "time": listed(time),
        "label": [] if label is None else label.tolist(),
        "capacity": listed(capacity),
        "target": listed(target),
        "weights": listed(weights),
        "logRatio": listed(log_ratio),
        "loss": float(loss),
        "parameters": kept,
    }


vectors = {
    "walls, classes, attention": case([1, 6, 5], [False, False], [1, 2], [1, 1], [False, True], classes=3, n=3),
    "periodic, odd sides, two channels": case([2, 7, 5], [True, True], [1, 2, 2], [1, 1, 1], [False, False, True]),
    "periodic rows, two blocks": case([1, 4, 6], [True, False], [1, 2], [2, 1], [True, False]),
    "a series": case([1, 1, 11], [False, False], [1, 2], [1, 2], [False, True], jumps=2),
}
with open(os.path.join(here, "unet.json"), "w") as file:
    lines = (f"{json.dumps(name)}:{json.dumps(case, separators=(',', ':'))}" for name, case in vectors.items())
    file.write("{\n" + ",\n".join(lines) + "\n}\n")
