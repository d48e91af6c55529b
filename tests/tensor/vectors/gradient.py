"""Writes gradient.json: gradients of compositions, first and second, by PyTorch in double precision.

Run: /usr/bin/python3 tests/tensor/vectors/gradient.py   (PyTorch 1.13)
"""

import json
import os

import torch
import torch.nn.functional as F

torch.manual_seed(21)


def real(*shape, low=-2.0, high=2.0):
    """Multiples of 1/64 in [low, high), exact in single precision."""
    return torch.randint(int(low * 64), int(high * 64), shape).double() / 64


def listed(tensor):
    return [float(f"{v:.9g}") for v in tensor.detach().reshape(-1).tolist()]


def case(inputs, compute):
    """`compute` makes a scalar of the inputs by name."""
    leaves = {name: x.clone().requires_grad_(True) for name, x in inputs.items()}
    loss = compute(**leaves)
    gradients = torch.autograd.grad(loss, list(leaves.values()))
    return {
        "inputs": {name: {"shape": list(x.shape), "data": listed(x)} for name, x in leaves.items()},
        "loss": float(loss),
        "gradients": {name: listed(g) for name, g in zip(leaves, gradients)},
    }


def network(x, kernel, bias, right, weights):
    """Convolution, norm, SiLU, matrix product, softmax."""
    y = F.conv2d(F.pad(F.pad(x, (1, 1, 0, 0), mode="circular"), (0, 0, 1, 1)), kernel, bias)
    rows = F.silu(F.layer_norm(y.reshape(2, 48), [48], eps=1e-5)).reshape(2, 12, 4)
    return ((rows @ right).softmax(-1) * weights).sum()


def shared(a, b):
    """One product used five times, one input directly as well."""
    c = a * b
    d = torch.sin(c) + c / (a + 4)
    return (torch.cat([c, d, c], 1) * torch.cat([d, a, c], 1)).sum() + (c * c).sum()


def squared(x, kernel, v, u):
    """The gradients of a convolution's energy, squared: derivatives of derivatives."""
    y = F.conv2d(F.pad(F.pad(x, (1, 1, 0, 0), mode="circular"), (0, 0, 1, 1)), kernel)
    dx, dk = torch.autograd.grad((y * y * y).sum() / 8, [x, kernel], create_graph=True)
    return (dk * v).sum() + (dx * dx * u).sum() / 8


def twice(x, m, w):
    """Second derivatives of element-wise functions, of softmax and of a matrix product."""
    y = (torch.exp(x / 4) @ m).softmax(-1) * torch.log(x * x + 1).sum() + torch.sqrt(x * x + 1) @ torch.sigmoid(m)
    y = y + torch.logaddexp(x, torch.zeros_like(x)) @ torch.cos(m) / (x.mean(-1, keepdim=True) + 3)
    dx, dm = torch.autograd.grad((y * y * w).sum(), [x, m], create_graph=True)
    return (dx * dx).sum() + (dm * dm * w.sum()).sum()


vectors = {
    "network": case(
        {"x": real(2, 3, 4, 6), "kernel": real(2, 3, 3, 3), "bias": real(2), "right": real(4, 5), "weights": real(2, 12, 5)},
        network,
    ),
    "shared": case({"a": real(2, 3), "b": real(2, 3)}, shared),
    "squared": case(
        {"x": real(2, 2, 3, 4), "kernel": real(3, 2, 3, 3) / 2, "v": real(3, 2, 3, 3), "u": real(2, 2, 3, 4)}, squared
    ),
    "twice": case({"x": real(3, 4), "m": real(4, 4), "w": real(3, 4)}, twice),
}
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "gradient.json")
with open(path, "w") as file:
    lines = (f"{json.dumps(name)}:{json.dumps(case, separators=(',', ':'))}" for name, case in vectors.items())
    file.write("{\n" + ",\n".join(lines) + "\n}\n")
