"""Two-sample Kolmogorov-Smirnov tests by scipy.stats.ks_2samp (exact), and its limit law, written to kolmogorov.json.

Run: python3 kolmogorov.py
"""

import json
import os

import numpy as np
from scipy.special import kolmogorov
from scipy.stats import ks_2samp


def main():
    draws = np.random.default_rng(11)
    cases = []
    for n, m, shift in [(1, 1, 0), (1, 7, 0), (5, 5, 3), (8, 13, 0.4), (30, 20, 0), (50, 50, 1), (200, 200, 0.1),
                        (200, 170, 0.3), (120, 61, 1.5), (333, 40, 0)]:
        a = np.round(draws.normal(size=n), 6)
        b = np.round(draws.normal(size=m) + shift, 6)
        result = ks_2samp(a, b, method="exact")
        cases.append({"a": a.tolist(), "b": b.tolist(), "statistic": result.statistic, "p": result.pvalue})
    limits = [{"x": x, "p": kolmogorov(x)} for x in [0.1, 0.3, 0.5, 0.8, 1, 1.36, 2, 3]]
    with open(os.path.join(os.path.dirname(__file__), "kolmogorov.json"), "w") as file:
        json.dump({"cases": cases, "limits": limits}, file)
    print([case["p"] for case in cases])


main()
