"""The U-Net and its training step in PyTorch: the peer that bench/engine.ts compares with and times against.

The same network as src/network/unet.ts, written as one writes it in PyTorch: fused group norms, convolutions with
built-in padding at walls, one tensor per parameter.

As a program it is told on its standard input what to do, one JSON object a line, and answers with one each:
    {"do": "load", "file": F}               F.npz: parameters and batch by name; "task", "options", "link" beside it as JSON
    {"do": "check", "file": F}              writes loss, origin and gradients to F.npz
    {"do": "train", "iterations": K}        milliseconds of each of K training steps
    {"do": "sample", "iterations": K}       milliseconds of each of K evaluations without gradients
"""

import json
import math
import sys
import time as clock

import torch
import torch.nn.functional as F

SURE = 18
TINY = 1e-30


def groups_of(channels):
    return next((g for g in range(min(8, channels // 4), 1, -1) if channels % g == 0), 1)


class Unet:
    """`parameters` maps names to tensors, or is a function of name and shape."""

    def __init__(self, parameters, task, options, memory=torch.contiguous_format):
        self.p, self.task, self.options, self.memory = parameters, task, options, memory
        self.periodic = task["periodic"]

    def get(self, name, *shape):
        return self.p(name, shape) if callable(self.p) else self.p[name]

    def linear(self, name, x, out):
        return x @ self.get(f"{name}.weight", x.shape[1], out) + self.get(f"{name}.bias", out)

    def conv(self, name, x, out, side=3):
        sides = [1 if length == 1 else side for length in x.shape[2:]]
        kernel, bias = self.get(f"{name}.kernel", out, x.shape[1], *sides), self.get(f"{name}.bias", out)
        margins = [(s - 1) // 2 for s in sides]
        if self.periodic[0] and margins[0]:
            x = F.pad(x, (0, 0, margins[0], margins[0]), mode="circular")
        if self.periodic[1] and margins[1]:
            x = F.pad(x, (margins[1], margins[1], 0, 0), mode="circular")
        zeros = [0 if around else margin for around, margin in zip(self.periodic, margins)]
        return F.conv2d(x, kernel, bias, padding=zeros)

    def norm(self, name, x):
        c = x.shape[1]
        factor, offset = self.get(f"{name}.factor", 1, c, 1, 1), self.get(f"{name}.offset", 1, c, 1, 1)
        return F.group_norm(x, groups_of(c), factor.flatten(), offset.flatten(), eps=1e-5)

    def residual(self, name, x, out, embedding):
        first = self.conv(f"{name}/conv1", F.silu(self.norm(f"{name}/norm1", x)), out)
        factor = self.linear(f"{name}/norm2/factor", embedding, out)[:, :, None, None]
        offset = self.linear(f"{name}/norm2/offset", embedding, out)[:, :, None, None]
        shaped = F.group_norm(first, groups_of(out), eps=1e-5) * (factor + 1) + offset
        second = self.conv(f"{name}/conv2", F.silu(shaped), out)
        skip = x if x.shape[1] == out else self.conv(f"{name}/skip", x, out, side=1)
        return (skip + second) * math.sqrt(0.5)

    def attention(self, name, x, heads=2):
        n, c, h, w = x.shape
        qkv = self.conv(f"{name}/qkv", self.norm(f"{name}/norm", x), 3 * c, side=1)
        q, k, v = qkv.reshape(n, 3, heads, c // heads, h * w).unbind(1)
        weights = (q.transpose(2, 3) @ k / math.sqrt(c // heads)).softmax(-1)
        mixed = (v @ weights.transpose(2, 3)).reshape(n, c, h, w)
        return (x + self.conv(f"{name}/out", mixed, c, side=1)) * math.sqrt(0.5)

    def halve(self, x):
        for axis, around in zip((2, 3), self.periodic):
            length = x.shape[axis]
            if length > 1 and length % 2 == 1:
                x = torch.cat([x, x.narrow(axis, 0 if around else length - 1, 1)], axis)
        return F.avg_pool2d(x, [2 if length > 1 else 1 for length in x.shape[2:]])

    def double(self, x, shape):
        y = F.interpolate(x, scale_factor=[2.0 if length > 1 else 1.0 for length in shape[2:]], mode="nearest")
        return y[:, :, : shape[2], : shape[3]]

    def fields(self, counts, mean):
        n, _, h, w = counts.shape
        deviation = (counts - mean) / (mean + 1).sqrt()
        squashed = deviation / (deviation * deviation / 16 + 1).sqrt()
        a = 2 * math.pi * (torch.arange(h, dtype=counts.dtype) + 0.5) / h
        b = 2 * math.pi * (torch.arange(w, dtype=counts.dtype) + 0.5) / w
        rows = [x[:, None].expand(h, w) for x in (a.cos(), a.sin())]
        columns = [x[None, :].expand(h, w) for x in (b.cos(), b.sin())]
        logs, sizes = (counts + 1).log() / 2, counts * (2 / self.task["scale"])
        seen = [logs, sizes, (counts / (mean + 0.1) + 1).log(), squashed]
        if not self.task.get("homogeneous"):
            seen.append(torch.stack(rows + columns).expand(n, 4, h, w))
        return torch.cat(seen, 1)

    def embed(self, time, mean, label):
        first, last = (math.log(t) for t in self.task["times"])
        size, clipped = self.options["embedding"], time.clamp(*self.task["times"])
        relative = ((clipped.log() - (first + last) / 2) * (2 / (last - first)))[:, None]
        waves = [wave(relative * f * math.pi) for f in (0.5, 1, 2, 4, 8, 16) for wave in (torch.cos, torch.sin)]
        features = torch.cat([relative, *waves, (mean[:, :, 0, 0] + 1).log() / 2], 1)
        hidden = self.linear("unet/embed/first", features, size)
        if self.task["classes"] > 0:
            hidden = hidden + F.embedding(label, self.get("unet/embed/classes", self.task["classes"] + 1, size))
        return F.silu(self.linear("unet/embed/second", F.silu(hidden), size))

    def __call__(self, counts, time, label=None):
        o, base = self.options, self.options["base"]
        mean = counts.mean((2, 3), keepdim=True)
        embedding = self.embed(time, mean, label)

        def block(name, y, level):
            y = self.residual(f"unet/{name}", y, base * o["multipliers"][level], embedding)
            return self.attention(f"unet/{name}/attention", y) if o["attention"][level] else y

        y, skips = self.conv("unet/in", self.fields(counts, mean).contiguous(memory_format=self.memory), base), []
        levels = range(len(o["multipliers"]))
        for level in levels:
            y = self.halve(y) if level > 0 else y
            skips.append([])
            for b in range(o["blocks"][level]):
                y = block(f"down{level}.{b}", y, level)
                skips[level].append(y)
        for level in reversed(levels):
            for b in range(o["blocks"][level]):
                y = block(f"up{level}.{b}", torch.cat([y, skips[level].pop()], 1), level)
            if level > 0:
                y = self.double(y, skips[level - 1][0].shape)
        return self.conv("unet/out", F.silu(self.norm("unet/last", y)), self.task["shape"][0] * self.task["width"])


def entropy(q):
    return q * q.clamp(min=TINY).log()


class Sites:
    """Units that walk: a softmax over the sites of each channel."""

    def law(self, y, counts):
        return (y + (counts + 1).log()).flatten(2).log_softmax(2).view_as(y)

    def origin(self, y, counts, time):
        return self.law(y, counts).exp() * counts.sum((2, 3), keepdim=True)

    def loss(self, y, counts, time, target, weights):
        q = target / target.sum((2, 3), keepdim=True).clamp(min=1)
        each = (entropy(q) - q * self.law(y, counts)).sum((2, 3))
        return (each * weights.mean((2, 3)) / y.shape[1]).sum()


class Phases:
    """Labels: a softmax over the phases at every site, of which the last has the logit 0."""

    def origin(self, y, counts, time):
        weight = y.clamp(-SURE, SURE).exp()
        return weight / (weight.sum(1, keepdim=True) + 1)

    def loss(self, y, counts, time, target, weights):
        logits = y.clamp(-SURE, SURE)
        each = (logits.exp().sum(1, keepdim=True) + 1).log() - (target * logits).sum(1, keepdim=True)
        return (each * weights).mean((2, 3)).sum()


class Dead:
    """Units that die: how many of each site are dead."""

    def __init__(self, rate, ceiling):
        self.rate, self.middling = rate, max(0.5, ceiling / 8)

    def unit(self, time):
        return -torch.expm1(-self.rate * time)[:, None, None, None] * self.middling

    def origin(self, y, counts, time):
        return counts + F.softplus(y) * self.unit(time)

    def loss(self, y, counts, time, target, weights):
        expected, dead = F.softplus(y) * self.unit(time), target - counts
        each = expected - dead + entropy(dead) - dead * expected.clamp(min=TINY).log()
        return (each / self.unit(time) * weights).mean((1, 2, 3)).sum()


LINKS = {"spatial": lambda told: Sites(), "labels": lambda told: Phases()}
LINKS["death"] = lambda told: Dead(told["rate"], told["ceiling"])


def link_of(told):
    """The link of a process, by its description."""
    return LINKS[told["kind"]](told)


class Bench:
    def load(self, file):
        import numpy as np

        with open(f"{file}.json") as described:
            about = json.load(described)
        arrays = {name: torch.from_numpy(array) for name, array in np.load(f"{file}.npz").items()}
        torch.set_num_threads(about["threads"])
        memory = torch.channels_last if about["channelsLast"] else torch.contiguous_format
        images = [name for name, array in arrays.items() if array.dim() == 4]
        arrays.update((name, arrays[name].contiguous(memory_format=memory)) for name in images)
        self.batch = {name: arrays[name] for name in ("counts", "time", "target", "weights")}
        self.label = arrays["label"].long() if "label" in arrays else None
        self.link = link_of(about["process"])
        self.parameters = {name: arrays[name].requires_grad_(True) for name in about["parameters"]}
        self.average = [p.detach().clone() for p in self.parameters.values()]
        self.network = Unet(self.parameters, about["task"], about["options"], memory)
        self.tile = about["tile"]
        self.adam = torch.optim.Adam(self.parameters.values(), lr=1e-4, foreach=True)
        return {"torch": torch.__version__, "threads": torch.get_num_threads()}

    def loss(self):
        b = self.batch
        y = self.network(b["counts"], b["time"], self.label)
        return y, self.link.loss(y, **b)

    def check(self, file):
        import numpy as np

        y, loss = self.loss()
        origin = self.link.origin(y, self.batch["counts"], self.batch["time"]).detach()
        gradients = torch.autograd.grad(loss, list(self.parameters.values()))
        arrays = {f"d {name}": g.numpy() for name, g in zip(self.parameters, gradients)}
        np.savez(f"{file}.npz", origin=origin.numpy(), loss=np.float32(loss.item()).reshape(1), **arrays)
        return {}

    def train(self, iterations):
        """Forward, loss, backward, clipping, Adam, moving average."""
        leaves = list(self.parameters.values())

        def step():
            self.adam.zero_grad(set_to_none=True)
            self.loss()[1].backward()
            torch.nn.utils.clip_grad_norm_(leaves, 1.0)
            self.adam.step()
            with torch.no_grad():
                torch._foreach_mul_(self.average, 0.999)
                torch._foreach_add_(self.average, leaves, alpha=0.001)

        return timed(step, iterations)

    def sample(self, iterations):
        counts, time = (self.batch[name][: self.tile] for name in ("counts", "time"))
        label = None if self.label is None else self.label[: self.tile]

        def evaluate():
            with torch.inference_mode():
                self.link.origin(self.network(counts, time, label), counts, time)

        return timed(evaluate, iterations)


def timed(work, iterations):
    spent = []
    for _ in range(iterations):
        start = clock.perf_counter()
        work()
        spent.append((clock.perf_counter() - start) * 1e3)
    return {"milliseconds": spent}


if __name__ == "__main__":
    bench = Bench()
    for line in sys.stdin:
        order = json.loads(line)
        answer = getattr(bench, order.pop("do"))(**order)
        print(json.dumps(answer), flush=True)
