"""Rows of exp(tau A), A the 1-D lattice Laplacian, written to kernels.json.

The way is not the program's: the generator matrix itself, uniformised, in extended precision (80-bit long doubles).
exp(s A) = e^{-2s} sum_n (2s)^n / n! P^n with P = I + A/2 a stochastic matrix, at s = tau / 2^k <= 1/2, then squared
k times. Every term is positive, so that small entries keep their relative accuracy (about 1e-15 here).

Run: python3 kernels.py
"""

import json
import math
import os

import numpy as np

LENGTHS = [1, 2, 3, 5, 28, 32, 64, 100]
SMALLEST = 1e-60  # below it, 0 is written: nothing is asked of such entries


def hops(length, boundary):
    """P = I + A/2: half a unit of probability to each side, staying where a wall is hit."""
    matrix = np.zeros((length, length), dtype=np.longdouble)
    for site in range(length):
        for hop in (-1, 1):
            reached = site + hop
            if boundary == "periodic":
                reached %= length
            elif not 0 <= reached < length:
                reached = site
            matrix[site, reached] += np.longdouble(0.5)
    return matrix


def kernel(length, boundary, tau):
    step = hops(length, boundary)
    squarings = max(0, math.ceil(math.log2(2 * tau)))
    small = np.longdouble(tau) / np.longdouble(2) ** squarings
    # Far entries start at the power of P equal to their distance: keep at least `length` powers.
    power = np.eye(length, dtype=np.longdouble)
    weight = np.exp(-2 * small)
    total = weight * power
    for n in range(1, length + 40):
        power = power @ step
        weight = weight * 2 * small / n
        total = total + weight * power
    for _ in range(squarings):
        total = total @ total
    return total


def case(length, boundary, tau):
    table = kernel(length, boundary, tau)
    rows = sorted({0, length // 3})
    tidy = [[float(p) if p > SMALLEST else 0 for p in table[row]] for row in rows]
    return {"length": length, "boundary": boundary, "tau": tau, "rows": rows, "probabilities": tidy}


def main():
    cases = []
    for boundary, factor in (("periodic", 1), ("no-flux", 2)):
        for length in LENGTHS:
            # Just under and just over the place where the program changes its sum.
            switch = 0.05 * (factor * length) ** 2
            for tau in (1e-6, 0.03, 1.7, 0.999 * switch, 1.001 * switch, 0.4 * length**2, 1e4):
                cases.append(case(length, boundary, tau))
    lines = ",\n".join(json.dumps(c) for c in cases)
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "kernels.json"), "w") as file:
        file.write(f"[\n{lines}\n]\n")


main()
