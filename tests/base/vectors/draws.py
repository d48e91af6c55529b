"""Binomial and Poisson laws over bins, and values of the chi-square survival function, by scipy: writes draws.json."""

import json
import os

import numpy as np
from scipy.stats import binom, chi2, poisson


def bins(law):
    """Upper edges (inclusive) of bins and their probabilities; the last bin has no upper edge."""
    low, high = int(law.ppf(1e-7)), int(law.isf(1e-7))
    edges = np.unique(np.linspace(low, high, min(high - low + 1, 120)).astype(np.int64)).tolist()
    below, above = law.cdf(edges), law.sf(edges)
    chances = [below[0]]
    for i in range(1, len(edges)):
        # differences of the smaller tail keep its relative accuracy
        chances.append(below[i] - below[i - 1] if below[i] < 0.5 else above[i - 1] - above[i])
    chances.append(above[-1])
    return {"edges": edges, "chances": [float(f"{c:.12g}") for c in chances]}


LARGEST = 2**31 - 1
binomials = [
    (1, 0.3), (1, 0.75), (2, 0.5), (3, 0.9), (4, 0.04), (5, 0.01), (7, 0.2), (8, 0.5), (9, 0.37), (17, 0.6), (20, 0.4999),
    (20, 0.5), (21, 0.52), (33, 0.1), (40, 0.05), (64, 0.7), (65, 0.2), (100, 0.0999), (100, 0.1), (100, 0.13), (300, 0.5), (500, 0.0013), (500, 0.03),
    (500, 0.37), (1000, 0.999), (1000, 0.93), (10**4, 0.3), (10**5, 0.9999), (10**6, 1e-6), (10**6, 2.5e-5),
    (10**9, 1e-9), (10**9, 1.1e-8), (10**9, 0.5), (10**9, 0.3), (LARGEST, 0.7), (LARGEST, 4e-9), (LARGEST, 1 - 2e-7),
]
poissons = [0.001, 0.3, 1.0, 3.7, 9.99, 10.0, 10.6, 14.9, 33.0, 250.5, 1e4, 3.3e6, 1e10]
squares = [(k, x) for k in (1, 2, 3, 10, 99, 1000) for x in (0.01 * k, 0.5 * k, 0.97 * k, k + 1.0, 1.3 * k + 2, 2 * k + 20, 3 * k + 50)]

rows = {
    "binomial": [{"n": n, "p": p, **bins(binom(n, p))} for n, p in binomials],
    "poisson": [{"mean": mean, **bins(poisson(mean))} for mean in poissons],
    "chiSquare": [{"freedom": k, "x": x, "p": float(chi2.sf(x, k))} for k, x in squares],
}
with open(os.path.splitext(os.path.abspath(__file__))[0] + ".json", "w") as file:
    parts = [f'"{name}": [\n' + ",\n".join(json.dumps(row, allow_nan=False) for row in part) + "\n]" for name, part in rows.items()]
    file.write("{\n" + ",\n".join(parts) + "\n}\n")
