"""Writes training.json: steps of Adam with clipping and a moving average, by PyTorch.

Run: /usr/bin/python3 tests/training/vectors/training.py   (PyTorch 1.13, double precision)
"""

import json
import os

import torch

torch.manual_seed(24)


def real(*shape, low=-2.0, high=2.0):
    """Multiples of 1/64 in [low, high), exact in single precision."""
    return torch.randint(int(low * 64), int(high * 64), shape).double() / 64


def listed(tensor):
    return [float(f"{v:.9g}") for v in tensor.detach().reshape(-1).tolist()]


def adam(beta1, beta2, epsilon, clip, sizes):
    """One step for each size of gradient; the rate and the decay of the average change from step to step."""
    parameter = real(12).requires_grad_(True)
    average = parameter.detach().clone()
    optimizer = torch.optim.Adam([parameter], lr=1.0, betas=(beta1, beta2), eps=epsilon)
    steps = []
    start = listed(parameter)
    for k, size in enumerate(sizes):
        rate, fresh = 0.0625 / (k + 1), 0.5 / (k + 1)
        gradient = real(12) * size
        parameter.grad = gradient.clone()
        norm = torch.nn.utils.clip_grad_norm_([parameter], clip)
        optimizer.param_groups[0]["lr"] = rate
        optimizer.step()
        average += fresh * (parameter.detach() - average)
        state = optimizer.state[parameter]
        steps.append(
            {
                "gradient": listed(gradient),
                "rate": rate,
                "fresh": fresh,
                "norm": float(norm),
                "parameters": listed(parameter),
                "first": listed(state["exp_avg"]),
                "second": listed(state["exp_avg_sq"]),
                "average": listed(average),
            }
        )
    return {"beta1": beta1, "beta2": beta2, "epsilon": epsilon, "clip": clip, "start": start, "steps": steps}


vectors = {
    "adam": {
        "the defaults": adam(0.9, 0.999, 1e-8, 1.0, [1.0, 0.015625, 4.0, 0.0]),
        "other options": adam(0.8, 0.95, 1e-2, 3.0, [0.25, 1.0, 8.0]),
    }
}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "training.json"), "w") as file:
    file.write(json.dumps(vectors, separators=(",", ":")) + "\n")
