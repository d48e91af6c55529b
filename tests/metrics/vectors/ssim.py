"""SSIM of small images of counts by scipy's N-d correlation with the full window, written to ssim.json.

Run: python3 ssim.py
"""

import json
import os

import numpy as np
from scipy.signal import correlate


def window(kind, widths, deviation):
    axes = []
    for width in widths:
        place = np.arange(width) - (width - 1) / 2
        weights = np.ones(width) if kind == "uniform" else np.exp(-(place**2) / (2 * deviation**2))
        axes.append(weights / weights.sum())
    full = axes[0]
    for axis in axes[1:]:
        full = np.multiply.outer(full, axis)
    return full


def ssim(a, b, weights, span):
    def mean(field):
        return correlate(field, weights, mode="valid", method="direct")

    ma, mb = mean(a), mean(b)
    va, vb, cov = mean(a * a) - ma**2, mean(b * b) - mb**2, mean(a * b) - ma * mb
    c1, c2 = (0.01 * span) ** 2, (0.03 * span) ** 2
    return np.mean((2 * ma * mb + c1) * (2 * cov + c2) / ((ma**2 + mb**2 + c1) * (va + vb + c2)))


def main():
    draws = np.random.default_rng(7)
    cases = []
    for shape in [(40,), (17, 14), (6, 20), (12, 13, 11)]:
        for kind, width, deviation in [("gaussian", 11, 1.5), ("gaussian", 5, 0.8), ("uniform", 7, 1.5)]:
            a = draws.poisson(9, shape).astype(float)
            b = np.maximum(0, a + draws.integers(-4, 5, shape))
            widths = [min(width, n if n % 2 else n - 1) for n in shape]
            span = a.max() - a.min()
            value = ssim(a, b, window(kind, widths, deviation), span)
            options = {"shape": shape, "window": kind, "width": width, "deviation": deviation}
            images = {name: image.astype(int).ravel().tolist() for name, image in (("a", a), ("b", b))}
            cases.append({"options": options, **images, "ssim": value})
    lines = ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases)
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "ssim.json"), "w") as file:
        file.write(f"[\n{lines}\n]\n")


main()
