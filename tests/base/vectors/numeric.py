"""Correctly rounded values of the elementary functions at doubles chosen to hurt: writes numeric.json beside itself."""

import json
import os
import random

from mpmath import mp, mpf, exp, expm1, log, log1p, loggamma, pi, sin, cos

mp.prec = 2400  # sin(pi x) at |x| = 1e300 and log1p(1e-300) need it
random.seed(1)


def spread(low, high, count, signed=True):
    """Doubles even in the logarithm."""
    out = []
    for _ in range(count):
        x = 10.0 ** random.uniform(low, high)
        out.append(-x if signed and random.random() < 0.5 else x)
    return out


def table(f, points):
    return [[x, float(f(mpf(x)))] for x in points]


near_one = [1 + s * 2.0 ** -k for k in range(1, 53) for s in (1, -0.5)]
root_half = [0.7071067811865475, 0.7071067811865476, 0.707106, 0.70711, 1.4142135623730950, 1.4142135623730951]
powers = [2.0 ** k for k in range(-1074, 1024, 61)]
exps = [random.uniform(-745, 709.7) for _ in range(150)] + spread(-20, 0, 60) + [k * 0.34657359027997264 for k in range(-40, 41)]
exps += [-708.5 - 0.5 * k for k in range(74)] + [709.782712893384, -745.13321910194, -708.3964185322641, 1.0, -1.0, 0.5]
logs = [random.uniform(0, 2) for _ in range(100)] + spread(-323, 308, 200, signed=False) + near_one + root_half + powers
log1ps = [random.uniform(-1, 3) for _ in range(150)] + spread(-300, -1, 100) + spread(0, 308, 60, signed=False)
log1ps += [-1 + 2.0 ** -k for k in range(1, 54)] + [-0.29, 0.41, -0.2900000001, 0.4100000001, 0.4142135623730950, 2.0 ** 53, 2.0 ** 53 - 1]
expm1s = spread(-300, 0, 100) + [random.uniform(-40, 709) for _ in range(150)] + [k * 0.34657359027997264 for k in range(-12, 40)]
gammas = [random.uniform(0, 30) for _ in range(150)] + spread(-308, 305, 150, signed=False) + [k / 2 for k in range(1, 60)]
gammas += [1 + s * 2.0 ** -k for k in range(1, 40) for s in (1, -1)] + [2 + s * 2.0 ** -k for k in range(1, 40) for s in (1, -1)]
turns = [random.uniform(-3, 3) for _ in range(150)] + spread(-300, 0, 60) + spread(0, 16, 60)
turns += [k / 2 + s * 2.0 ** -j for k in range(-4, 5) for j in (3, 20, 40) for s in (1, -1)]

vectors = {
    "exp": table(exp, exps),
    "expm1": table(expm1, expm1s),
    "log": table(log, logs),
    "log1p": table(log1p, log1ps),
    "logGamma": table(loggamma, gammas),
    "sinPi": table(lambda x: sin(pi * x), turns),
    "cosPi": table(lambda x: cos(pi * x), turns),
    "excess": table(lambda x: (1 + x) * log1p(x) - x, [x for x in log1ps if 1e-140 < abs(x) < 1e300]),
    "stirlingTail": table(
        lambda x: loggamma(x) - ((x - 0.5) * log(x) - x + log(2 * pi) / 2), [k + 0.5 * (k % 2) for k in range(1, 40)] + spread(-3, 15, 60, False)
    ),
}

with open(os.path.splitext(os.path.abspath(__file__))[0] + ".json", "w") as file:
    file.write("{\n" + ",\n".join(f'"{name}": {json.dumps(rows, allow_nan=False)}' for name, rows in vectors.items()) + "\n}\n")
