"""Writes unet.json: outputs, origins, loss and gradients of small U-Nets and their links by PyTorch in double precision.

Parameter i of the flat vector is made of h(i) = (i * 2654435761 mod 2^32 >> 20) / 2^12 - 1/2: it is h(i) / 4, plus 1
for the factors of norms. For every tensor of parameters two numbers of its gradient g are kept, the sum of squares
and the sum of g_i h(i).

Run: /usr/bin/python3 tests/network/vectors/unet.py   (PyTorch 1.13; the network is bench/peers/unet.py)
"""

import json
import os
import sys

import torch
import torch.nn.functional as F

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "..", "..", "..", "bench", "peers"))
from unet import Unet, link_of  # noqa: E402

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


def case(shape, periodic, multipliers, blocks, attention, classes=0, n=2, process=None, homogeneous=False):
    task = {
        "shape": shape,
        "width": 1,
        "periodic": periodic,
        "times": [0.001, 1],
        "scale": 9,
        "classes": classes,
        **({"homogeneous": True} if homogeneous else {}),
    }
    process = process or {"kind": "spatial"}
    options = {"base": 8, "multipliers": multipliers, "blocks": blocks, "attention": attention, "embedding": 6}
    parameters = Numbers()
    sites = shape[1:]
    counts = torch.randint(0, 12, (n, *shape)).double()
    time = torch.tensor([0.0078125, 0.625, 1.0][:n])
    label = torch.tensor([1, classes, 0][:n]) if classes else None
    output = Unet(parameters, task, options)(counts, time, label)
    weights = torch.tensor([0.5, 0.25, 1.0][:n])[:, None, None, None].repeat(1, 1, *sites)
    if process["kind"] == "spatial":
        # Origins of the same masses, with sites and a channel that hold nothing.
        target = counts.flip(2, 3).roll(1, 3)
        target[0, 0] *= shape[0] == 1
    elif process["kind"] == "labels":
        target = F.one_hot(torch.randint(0, shape[0] + 1, (n, *sites)), shape[0] + 1)[..., 1:].permute(0, 3, 1, 2).double()
        weights = weights * torch.randint(0, 3, (n, 1, *sites))
    else:
        target = counts + torch.randint(0, 5, (n, *shape)) * torch.randint(0, 2, (n, *shape))
    link = link_of(process)
    loss = link.loss(output, counts, time, target, weights)
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
        "process": process,
        "target": listed(target),
        "weights": listed(weights),
        "output": listed(output),
        "origin": listed(link.origin(output, counts, time)),
        "loss": float(loss),
        "parameters": kept,
    }


vectors = {
    "walls, classes, attention": case([1, 6, 5], [False, False], [1, 2], [1, 1], [False, True], classes=3, n=3),
    "periodic, odd sides, two channels": case([2, 7, 5], [True, True], [1, 2, 2], [1, 1, 1], [False, False, True]),
    "periodic rows, two blocks": case([1, 4, 6], [True, False], [1, 2], [2, 1], [True, False]),
    "a series": case([1, 1, 11], [False, False], [1, 2], [1, 2], [False, True]),
    "labels of two phases, without places": case(
        [2, 4, 6], [True, True], [1, 2], [1, 1], [False, False], process={"kind": "labels"}, homogeneous=True
    ),
    "death": case(
        [1, 5, 4], [False, False], [1, 2], [1, 1], [False, False], process={"kind": "death", "rate": 15, "ceiling": 16}
    ),
}
with open(os.path.join(here, "unet.json"), "w") as file:
    lines = (f"{json.dumps(name)}:{json.dumps(case, separators=(',', ':'))}" for name, case in vectors.items())
    file.write("{\n" + ",\n".join(lines) + "\n}\n")
