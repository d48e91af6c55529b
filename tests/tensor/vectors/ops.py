"""Writes ops.json: values and gradients of every operation of the tensor graph, by PyTorch in double precision.

For each case the gradients are those of sum(weights * y). Inputs and weights are multiples of 1/64, exact in single
precision, so that the program and this script see the same numbers.

Run: /usr/bin/python3 tests/tensor/vectors/ops.py   (PyTorch 1.13)
"""

import json
import os

import torch
import torch.nn.functional as F

torch.manual_seed(20)
vectors = {}


def real(*shape, low=-2.0, high=2.0):
    """Multiples of 1/64 in [low, high)."""
    return torch.randint(int(low * 64), int(high * 64), shape).double() / 64


def away(*shape):
    """Of either sign, 1/2 to 2 from zero."""
    return real(*shape, low=0.5, high=2) * (1 - 2 * torch.randint(0, 2, shape))


def values(*numbers):
    return torch.tensor(numbers, dtype=torch.float64)


def listed(tensor):
    return [float(f"{v:.9g}") for v in tensor.detach().reshape(-1).tolist()]


def case(op, name, inputs, compute, **attributes):
    leaves = [x.clone().requires_grad_(x.is_floating_point()) for x in inputs]
    y = compute(*leaves)
    weights = real(*y.shape)
    wanted = [x for x in leaves if x.requires_grad]
    found = [None] * len(leaves)
    if y.requires_grad:
        found = iter(torch.autograd.grad((y * weights).sum(), wanted, allow_unused=True))
        found = [next(found) if x.requires_grad else None for x in leaves]
    cases = vectors.setdefault(op, {})
    assert name not in cases
    cases[name] = {
        "inputs": [
            {"shape": list(x.shape), "data": listed(x), **({} if x.requires_grad else {"type": "int32"})}
            for x in leaves
        ],
        "attributes": attributes,
        "weights": listed(weights),
        "y": {"shape": list(y.shape), "data": listed(y)},
        "gradients": [None if g is None else listed(g) for g in found],
    }


# Element-wise arithmetic: broadcasting to the left, to the right, both at once, and of scalars.
arithmetic = {
    "add": torch.add,
    "subtract": torch.sub,
    "multiply": torch.mul,
    "divide": torch.div,
    "greater": lambda a, b: (a > b).double(),
}
for op, compute in arithmetic.items():
    for a, b in [
        ([2, 3], [2, 3]),
        ([2, 3], [1, 3]),
        ([2, 1], [2, 3]),
        ([2, 1, 3], [1, 4, 1]),
        ([3], [2, 1, 3]),
        ([2, 3, 2], [3, 1]),
        ([2, 3], []),
        ([], [2, 3]),
        ([], []),
        ([1], []),
        ([1, 1], [1]),
    ]:
        case(op, f"{a} and {b}", [real(*a), away(*b)], compute)
case("greater", "equal numbers", [values(1, 2, 3), values(1, 1, 4)], arithmetic["greater"])

# Functions of one tensor.
case("exp", "small and large", [values(-90, -4, -0.5, 0, 0.25, 1, 5)], torch.exp)
case("log", "small and large", [values(2.0**-20, 0.015625, 0.5, 1, 1.5, 100, 2.0**20)], torch.log)
case("sqrt", "small and large", [values(2.0**-20, 0.015625, 0.5, 1, 2, 100, 2.0**20)], torch.sqrt)
case("sin", "several turns", [real(3, 4, low=-20, high=20)], torch.sin)
case("cos", "several turns", [real(3, 4, low=-20, high=20)], torch.cos)
far = values(-100, -30, -8, -1, -0.25, 0, 0.25, 1, 8, 30, 100)
case("sigmoid", "both tails", [far], torch.sigmoid)
case("softplus", "both tails", [far], lambda x: torch.logaddexp(x, torch.zeros_like(x)))
case("abs", "both signs and zero", [values(-2, -0.25, 0, 0.25, 2)], torch.abs)
case("sign", "both signs and zero", [values(-2, -0.25, 0, 0.25, 2)], torch.sign)
case("silu", "both tails", [far], F.silu)
case("silu", "an image", [real(2, 3, 2)], F.silu)
edges = values(-3, -1.015625, -1, -0.984375, 0, 0.484375, 0.5, 0.515625, 3)
case("clip", "at its edges", [edges], lambda x: torch.clamp(x, -1, 0.5), low=-1, high=0.5)
case("clip", "wide", [real(2, 3)], lambda x: torch.clamp(x, -9, 9), low=-9, high=9)

# Sums and repetition.
for shape, axes in [([5], [0]), ([2, 3], [0]), ([2, 3, 4], [0, 2]), ([2, 3, 2, 2], [2, 3]), ([2, 1, 3], [1]), ([2, 3], [])]:
    total = lambda x: x.sum(axes, keepdim=True) if axes else x * 1
    case("reduceSum", f"{shape} over {axes}", [real(*shape)], total, axes=axes)
for before, after in [([1], [4]), ([2, 1], [2, 3]), ([1, 3, 1], [2, 3, 4]), ([1, 1], [1, 1]), ([2, 3], [2, 3])]:
    case("expand", f"{before} to {after}", [real(*before)], lambda x: x.expand(after) * 1, shape=after)

# Rows.
case("softmax", "a matrix", [real(3, 4)], lambda x: x.softmax(-1))
case("softmax", "heads", [real(2, 2, 3, 3)], lambda x: x.softmax(-1))
case("softmax", "large", [real(2, 4) * 64], lambda x: x.softmax(-1))
case("softmax", "one column", [real(3, 1)], lambda x: x.softmax(-1))
case("logSoftmax", "a matrix", [real(3, 4)], lambda x: x.log_softmax(-1))
case("logSoftmax", "large", [real(2, 4) * 64], lambda x: x.log_softmax(-1))
case("logSoftmax", "one column", [real(3, 1)], lambda x: x.log_softmax(-1))
standardize = lambda x: F.layer_norm(x, x.shape[-1:], eps=1e-5)
case("standardize", "a matrix", [real(3, 8)], standardize)
case("standardize", "three axes", [real(2, 3, 5)], standardize)
case("standardize", "a row", [real(1, 7)], standardize)
case("standardize", "narrow", [real(3, 6) / 256], standardize)
case("standardize", "off centre", [real(3, 16) + values(20, -20, 0)[:, None]], standardize)

# Elements moved.
for before, after in [([2, 6], [3, 4]), ([4], [2, 1, 2]), ([1, 1], []), ([2, 3], [6])]:
    case("reshape", f"{before} to {after}", [real(*before)], lambda x: x.reshape(after), shape=after)
for shape, order in [([2, 3], [1, 0]), ([2, 3, 4], [2, 0, 1]), ([2, 3, 2, 4], [0, 2, 3, 1]), ([2, 3], [0, 1])]:
    case("transpose", f"{shape} by {order}", [real(*shape)], lambda x: x.permute(order), order=order)
case("concat", "rows", [real(1, 3), real(2, 3)], lambda *x: torch.cat(x, 0), axis=0)
case("concat", "channels", [real(2, 1, 2, 2), real(2, 3, 2, 2), real(2, 2, 2, 2)], lambda *x: torch.cat(x, 1), axis=1)
case("concat", "columns", [real(2, 3), real(2, 1)], lambda *x: torch.cat(x, 1), axis=1)
case("concat", "one alone", [real(2, 3)], lambda *x: torch.cat(x, 1), axis=1)
for shape, axis, start, end in [([5], 0, 1, 3), ([3, 4], 1, 0, 2), ([2, 3, 4], 2, 3, 4), ([2, 4, 3], 1, 1, 4), ([2, 3], 0, 0, 2)]:
    case(
        "slice",
        f"{shape} from {start} to {end} of axis {axis}",
        [real(*shape)],
        lambda x: x.narrow(axis, start, end - start) * 1,
        axis=axis,
        start=start,
        end=end,
    )
for shape, axis, before, after in [([3], 0, 1, 2), ([2, 3], 0, 0, 1), ([2, 3, 2], 1, 2, 0), ([2, 2, 1, 2], 2, 1, 1), ([2, 2], 1, 0, 0)]:
    margins = [0, 0] * (len(shape) - 1 - axis) + [before, after]
    name = f"{before} before and {after} after axis {axis} of {shape}"
    case("pad", name, [real(*shape)], lambda x: F.pad(x, margins), axis=axis, before=before, after=after)
hot = lambda x, depth: (x[..., None] == torch.arange(depth)).double()
case("oneHot", "indices", [torch.tensor([2, 0, 3, 1])], lambda x: hot(x, 4), depth=4)
case("oneHot", "outside", [torch.tensor([-1, 1, 3])], lambda x: hot(x, 3), depth=3)
case("oneHot", "a matrix", [torch.tensor([[0, 1], [1, 1]])], lambda x: hot(x, 2), depth=2)

# Matrix products.
for a, b in [([4, 3], [3, 5]), ([1, 3], [3, 1]), ([2, 4, 3], [3, 5]), ([2, 3, 2, 4], [4, 3]), ([2, 4, 3], [2, 3, 2]), ([2, 3, 4, 2], [2, 3, 2, 4])]:
    case("matmul", f"{a} times {b}", [real(*a), real(*b)], torch.matmul)


# Convolutions.
def bordered(x, sides, periodic):
    """Margins of half the kernel: the opposite edge on periodic axes, zeros elsewhere."""
    mh, mw = (sides[0] - 1) // 2, (sides[1] - 1) // 2
    x = F.pad(x, (mw, mw, 0, 0), mode="circular") if periodic[1] else F.pad(x, (mw, mw, 0, 0))
    return F.pad(x, (0, 0, mh, mh), mode="circular") if periodic[0] else F.pad(x, (0, 0, mh, mh))


def convolve(x, kernel, bias=None, periodic=None):
    return F.conv2d(bordered(x, kernel.shape[2:], periodic), kernel, bias)


def kernel_gradient(x, dy, sides, periodic):
    """d sum(dy * convolution(x, kernel)) / d kernel, written out as a product of patches."""
    patches = F.unfold(bordered(x, sides, periodic), sides)
    return torch.einsum("nps,nos->op", patches, dy.flatten(2)).reshape(dy.shape[1], x.shape[1], *sides)


borders = {"zeros": (False, False), "periodic": (True, True), "periodic rows": (True, False), "periodic columns": (False, True)}
sizes = {"3x3": (3, 3), "1x1": (1, 1), "1x3": (1, 3), "5x5": (5, 5)}
for i, (border, periodic) in enumerate(borders.items()):
    for j, (side, sides) in enumerate(sizes.items()):
        n, bias = (1, 3)[(i + j) % 2], (i // 2 + j) % 2 == 0
        x, kernel = real(n, 2, 4, 3), real(3, 2, *sides)
        name = f"{side}, {border}, {n} image{'s' if n > 1 else ''}, {'bias' if bias else 'no bias'}"
        inputs = [x, kernel, real(3)] if bias else [x, kernel]
        compute = lambda x, k, b=None: convolve(x, k, b, periodic)
        case("convolution", name, inputs, compute, periodic=periodic)
        compute = lambda x, dy: kernel_gradient(x, dy, sides, periodic)
        name = f"{side}, {border}, {n} image{'s' if n > 1 else ''}"
        case("kernelGradient", name, [x, real(n, 3, 4, 3)], compute, periodic=periodic, sides=sides)
for name, n, channels, shape, sides, periodic in [
    ("one channel to one", 1, (1, 1), (3, 5), (3, 3), (True, False)),
    ("one channel to four", 2, (1, 4), (3, 4), (3, 3), (False, False)),
    ("four channels to one", 2, (4, 1), (4, 3), (3, 3), (False, True)),
    ("a series", 2, (2, 3), (1, 7), (1, 3), (False, False)),
    ("a periodic series", 2, (2, 3), (1, 7), (1, 3), (True, True)),
    ("a kernel around the whole axis", 2, (2, 2), (2, 1), (5, 3), (True, True)),
    ("a kernel wider than the image", 1, (2, 2), (2, 1), (5, 3), (False, False)),
]:
    ci, co = channels
    x = real(n, ci, *shape)
    compute = lambda x, k: convolve(x, k, None, periodic)
    case("convolution", name, [x, real(co, ci, *sides)], compute, periodic=periodic)
    compute = lambda x, dy: kernel_gradient(x, dy, sides, periodic)
    case("kernelGradient", name, [x, real(n, co, *shape)], compute, periodic=periodic, sides=sides)
for shape in [(3, 2, 3, 3), (2, 2, 1, 3), (2, 3, 1, 1), (1, 4, 5, 3)]:
    case("flipTaps", f"{list(shape)}", [real(*shape)], lambda k: k.flip(2, 3).transpose(0, 1))

# Resolution.
for factor in [(2, 2), (1, 2), (2, 1), (1, 1)]:
    name = f"by {factor[0]}x{factor[1]}"
    case("coarsen", name, [real(2, 2, 4, 6)], lambda x: F.avg_pool2d(x, factor), factor=factor)
    repeat = lambda x: x.repeat_interleave(factor[0], 2).repeat_interleave(factor[1], 3)
    case("refine", name, [real(2, 2, 2, 3)], repeat, factor=factor)

# Group normalisation: factor and offset per channel, or per image and channel.
for name, shape, groups, rows in [
    ("factor and offset of every channel", (2, 4, 3, 2), 2, (1, 1)),
    ("factor and offset of every image", (3, 4, 2, 2), 2, (3, 3)),
    ("a shared factor, offsets of every image", (2, 6, 2, 3), 3, (1, 2)),
    ("one group", (2, 3, 2, 2), 1, (2, 1)),
    ("a group to every channel", (2, 3, 3, 2), 3, (1, 1)),
    ("one image", (1, 4, 2, 2), 2, (1, 1)),
]:
    compute = lambda x, factor, offset: F.group_norm(x, groups, eps=1e-5) * factor + offset
    inputs = [real(*shape), *(real(n, shape[1], 1, 1) for n in rows)]
    case("groupNorm", name, inputs, compute, groups=groups)

# The same of volumes.
def bordered_volume(x, sides, periodic):
    for axis, (side, around) in enumerate(zip(sides, periodic)):
        margin = (side - 1) // 2
        pads = [0, 0] * (2 - axis) + [margin, margin] + [0, 0] * axis
        x = F.pad(x, pads, mode="circular") if around else F.pad(x, pads)
    return x


def volume_kernel_gradient(x, dy, sides, periodic):
    """d sum(dy * convolution(x, kernel)) / d kernel, tap by tap."""
    wide = bordered_volume(x, sides, periodic)
    d, h, w = dy.shape[2:]
    taps = [
        torch.einsum("ndzyx,nozyx->od", wide[:, :, z : z + d, y : y + h, i : i + w], dy)
        for z in range(sides[0])
        for y in range(sides[1])
        for i in range(sides[2])
    ]
    return torch.stack(taps, 2).reshape(dy.shape[1], x.shape[1], *sides)


for name, n, channels, shape, sides, periodic, bias in [
    ("volumes, zeros", 2, (2, 3), (3, 2, 4), (3, 3, 3), (False, False, False), True),
    ("volumes, periodic", 1, (2, 3), (3, 4, 2), (3, 3, 3), (True, True, True), True),
    ("volumes, periodic rows", 2, (2, 2), (2, 3, 3), (3, 3, 3), (False, True, False), False),
    ("volumes, periodic but for their rows", 1, (3, 2), (2, 3, 3), (3, 3, 3), (True, False, True), True),
    ("volumes of one slice", 2, (2, 2), (1, 3, 4), (1, 3, 3), (True, True, True), False),
    ("volumes, 1x1x1", 2, (2, 3), (2, 3, 2), (1, 1, 1), (True, False, True), True),
    ("volumes, 3x1x5", 1, (2, 2), (3, 2, 5), (3, 1, 5), (False, True, False), False),
]:
    ci, co = channels
    x = real(n, ci, *shape)
    compute = lambda x, k, b=None: F.conv3d(bordered_volume(x, k.shape[2:], periodic), k, b)
    inputs = [x, real(co, ci, *sides)] + ([real(co)] if bias else [])
    case("convolution", name, inputs, compute, periodic=periodic)
    compute = lambda x, dy: volume_kernel_gradient(x, dy, sides, periodic)
    case("kernelGradient", name, [x, real(n, co, *shape)], compute, periodic=periodic, sides=sides)
case("flipTaps", "volumes", [real(2, 3, 3, 1, 3)], lambda k: k.flip(2, 3, 4).transpose(0, 1))
for factor in [(2, 2, 2), (1, 2, 2)]:
    name = "by " + "x".join(map(str, factor))
    case("coarsen", name, [real(2, 2, 2, 4, 2)], lambda x: F.avg_pool3d(x, factor), factor=factor)
    repeat = lambda x: x.repeat_interleave(factor[0], 2).repeat_interleave(factor[1], 3).repeat_interleave(factor[2], 4)
    case("refine", name, [real(2, 2, 2, 1, 3)], repeat, factor=factor)
compute = lambda x, factor, offset: F.group_norm(x, 2, eps=1e-5) * factor + offset
case("groupNorm", "volumes", [real(2, 4, 2, 3, 2), real(1, 4, 1, 1, 1), real(2, 4, 1, 1, 1)], compute, groups=2)

path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "ops.json")
with open(path, "w") as file:
    lines = (f"{json.dumps(op)}:{json.dumps(cases, separators=(',', ':'))}" for op, cases in vectors.items())
    file.write("{\n" + ",\n".join(lines) + "\n}\n")
