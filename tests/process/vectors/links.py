"""Writes links.json: losses, their gradients and origins of every link, by PyTorch in double precision.

Written from the formulas with PyTorch's own losses, not from the program. All inputs are multiples of 1/64.

Run: /usr/bin/python3 tests/process/vectors/links.py   (PyTorch 1.13)
"""

import json
import os

import torch
import torch.nn.functional as F

torch.manual_seed(11)
N, C, H, W = 2, 2, 2, 3
vectors = {}


def real(*shape, low=-2.0, high=2.0):
    return torch.randint(int(low * 64), int(high * 64), shape).double() / 64


def listed(x):
    return [float(f"{v:.9g}") for v in x.detach().reshape(-1).tolist()]


def case(name, output, counts, target, origin, loss, time=(0.25, 0.75)):
    output = output.requires_grad_()
    time = torch.tensor(time, dtype=torch.float64)
    weights = real(N, 1, H, W, low=0.25, high=2)
    value = loss(output, counts, time, target, weights)
    (gradient,) = torch.autograd.grad(value, [output])
    vectors[name] = {
        "shape": list(output.shape),
        "output": listed(output),
        "counts": listed(counts),
        "time": listed(time),
        "target": listed(target),
        "weights": listed(weights),
        "loss": float(value),
        "gradient": listed(gradient),
        "origin": listed(origin(output, counts, time)),
    }


images = torch.randint(0, 6, (N, C, H, W)).double()
noisy = torch.stack([image.flatten(1)[:, torch.randperm(H * W)].reshape(C, H, W) for image in images])


# Sites: a softmax over the sites of each channel, logits + log(1 + n); KL divergence of n_0 / M from it.
def site_logits(output, counts):
    return (output + torch.log1p(counts)).flatten(2)


def sites_loss(output, counts, time, target, weights):
    law = target.flatten(2) / target.sum((2, 3), keepdim=True).flatten(2)
    each = F.kl_div(site_logits(output, counts).log_softmax(-1), law, reduction="none").sum(-1)
    return (each * weights.mean((1, 2, 3))[:, None]).sum() / C


sites_origin = lambda output, counts, time: site_logits(output, counts).softmax(-1) * counts.sum((2, 3))[..., None]
case("sites", real(N, C, H, W), noisy, images, sites_origin, sites_loss)

# Phases: C labels and one more of logit 0, at every site.
labels = torch.randint(0, C + 1, (N, H, W))
hot = F.one_hot(labels, C + 1).permute(0, 3, 1, 2).double()
with_rest = lambda output: torch.cat([output, torch.zeros(N, 1, H, W, dtype=torch.float64)], 1)


def phases_loss(output, counts, time, target, weights):
    return (F.cross_entropy(with_rest(output), labels, reduction="none") * weights[:, 0]).sum() / (H * W)


phases_origin = lambda output, counts, time: with_rest(output).softmax(1)[:, :C]
case("phases", real(N, C, H, W), torch.zeros(N, C, H, W).double(), hot[:, :C], phases_origin, phases_loss)

# States: S of them at every site of every channel.
S = 3
states = torch.randint(0, S, (N, C, H, W))


def states_loss(output, counts, time, target, weights):
    each = F.cross_entropy(output.reshape(N * C, S, H, W), states.reshape(N * C, H, W), reduction="none")
    return (each.reshape(N, C, H, W) * weights).sum() / (C * H * W)


states_target = F.one_hot(states, S).permute(0, 1, 4, 2, 3).reshape(N, C * S, H, W).double()
states_origin = lambda output, counts, time: output.reshape(N, C, S, H, W).softmax(2).reshape(N, C * S, H, W)
case("states", real(N, C * S, H, W), torch.zeros(N, C, H, W).double(), states_target, states_origin, states_loss)

# The dead: a Poisson loss with its constants, in units of what a middling count leaves.
RATE, CEILING = 4, 16
alive = torch.minimum(noisy, images)
unit = lambda time, middling: (-torch.expm1(-RATE * time))[:, None, None, None] * middling


def poisson(expected, y):
    least = torch.where(y > 0, y - y * torch.log(y.clamp(min=1e-30)), torch.zeros_like(y))
    return F.poisson_nll_loss(expected, y, log_input=False, reduction="none", eps=0) - least


def dead_loss(output, counts, time, target, weights):
    each = poisson(F.softplus(output) * unit(time, CEILING / 8), target - counts) / unit(time, CEILING / 8)
    return (each * weights).sum() / (C * H * W)


dead_origin = lambda output, counts, time: counts + F.softplus(output) * unit(time, CEILING / 8)
case("dead", real(N, C, H, W), alive, images, dead_origin, dead_loss)

# Survivors among newcomers: first the dead, as above, then a share of the units that are there.
MIDDLING = 3
kept = noisy * real(N, C, H, W, low=0, high=1)
pairs = lambda first, second: torch.stack([first, second], 2).reshape(N, 2 * C, H, W)


def survivors_loss(output, counts, time, target, weights):
    first, second = output.reshape(N, C, 2, H, W).unbind(2)
    n0, k = target.reshape(N, C, 2, H, W).unbind(2)
    births = poisson(F.softplus(first) * unit(time, MIDDLING), n0 - k) / unit(time, MIDDLING)
    share = k / counts.clamp(min=1)
    entropy = F.binary_cross_entropy(share, share, reduction="none")
    shares = counts * (F.binary_cross_entropy_with_logits(second, share, reduction="none") - entropy) / MIDDLING
    return ((births + shares) * weights).sum() / (C * H * W)


def survivors_origin(output, counts, time):
    first, second = output.reshape(N, C, 2, H, W).unbind(2)
    k = counts * torch.sigmoid(second)
    return pairs(k + F.softplus(first) * unit(time, MIDDLING), k)


target = pairs(kept + images, kept)
case("survivors", real(N, 2 * C, H, W), noisy, target, survivors_origin, survivors_loss)

# One unit in each channel on sites without neighbours: what the walk says of its state by itself, and the loss without that.
NODES, PACE = H * W, 0.75
one = lambda: F.one_hot(torch.randint(0, NODES, (N, C)), NODES).double().reshape(N, C, H, W)
begun, state = one(), one()


def spread_logits(output, counts, time):
    stayed = torch.exp(-NODES * PACE * time)[:, None, None]
    return output.flatten(2) + torch.log((1 - stayed) / NODES + stayed * counts.flatten(2))


def cross(logits, target, weights):
    each = F.cross_entropy(logits.reshape(N * C, NODES), target.flatten(2).argmax(-1).reshape(N * C), reduction="none")
    return (each.reshape(N, C) * weights.mean((1, 2, 3))[:, None]).sum() / C


spread_loss = lambda output, counts, time, target, weights: cross(spread_logits(output, counts, time), target, weights)
lone_loss = lambda output, counts, time, target, weights: cross(output.flatten(2), target, weights)
spread_origin = lambda output, counts, time: spread_logits(output, counts, time).softmax(-1)
case("spread", real(N, C, H, W), state, begun, spread_origin, spread_loss, time=(0.03125, 0.25))
case("lone", real(N, C, H, W), state, begun, spread_origin, lone_loss, time=(0.03125, 0.25))

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "links.json"), "w") as file:
    json.dump(vectors, file, indent=1)
    file.write("\n")
