"""Vectors for kernels on a small weighted graph: matrix exponentials, inverses and eigenvalues by scipy, in float64."""
import json
import os

import numpy as np
from scipy.linalg import eigvalsh, expm, inv

rng = np.random.default_rng(5)
n = 9
edges = [(i, i + 1) for i in range(n - 1)] + [(0, 4), (2, 7), (1, 8), (3, 5)]
weights = np.round(rng.uniform(0.3, 2.0, len(edges)), 3)
a = np.zeros((n, n))
for (i, j), w in zip(edges, weights):
    a[i, j] = a[j, i] = w
d = np.diag(a.sum(0))
l = d - a
half = np.diag(a.sum(0) ** -0.5)
rho = eigvalsh(a)[-1]
rates = np.round(rng.uniform(0.1, 1.0, n), 3)
eye = np.eye(n)
kernels = {
    "walk": (0.8 / rho, inv(eye - 0.8 / rho * a)),
    "communicability": (0.7, expm(0.7 * a)),
    "forest": (1.5, inv(eye + 1.5 * l)),
    "heat": (0.9, expm(-0.9 * l)),
    "pagerank": (0.85, inv(d - 0.85 * a)),
    "absorption": (0.4, inv(l + 0.4 * np.diag(rates))),
    "normalised": (2.5, expm(-2.5 * (eye - half @ a @ half))),
}
out = {
    "nodes": n,
    "edges": edges,
    "weights": weights.tolist(),
    "rates": rates.tolist(),
    "rho": float(rho),
    "values": eigvalsh(l).tolist(),
    "kernels": {name: {"t": float(t), "table": k.ravel().tolist()} for name, (t, k) in kernels.items()},
}
with open(os.path.join(os.path.dirname(__file__), "kernels.json"), "w") as file:
    json.dump(out, file)
