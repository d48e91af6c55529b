"""Vectors for the Fréchet distance: features and the distance by scipy's matrix square root, in float64."""
import json
import os

import numpy as np
from scipy.linalg import sqrtm

rng = np.random.default_rng(7)


def distance(a, b):
    shift = a.mean(0) - b.mean(0)
    ca, cb = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    return float(shift @ shift + np.trace(ca + cb - 2 * sqrtm(ca @ cb).real))


cases = []
for n, m, d in [(12, 15, 3), (40, 30, 6), (5, 9, 4)]:
    mix = rng.normal(size=(d, d))
    a = np.round(rng.normal(size=(n, d)) @ mix, 4)
    b = np.round(rng.normal(size=(m, d)) * 1.5 + 0.3, 4)
    cases.append({"dimensions": d, "a": a.ravel().tolist(), "b": b.ravel().tolist(), "distance": distance(a, b)})
with open(os.path.join(os.path.dirname(__file__), "frechet.json"), "w") as file:
    json.dump(cases, file)
