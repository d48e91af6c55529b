"""Cheapest assignments of units to sites on small lattices, written to settle.json.

The way is not the program's: one row per unit and one column per site, the whole table of costs, solved by scipy's
linear_sum_assignment. Costs are in 64ths of a hop, as the program rounds them.

Run: python3 settle.py
"""

import itertools
import json
import os

import numpy as np
from scipy.optimize import linear_sum_assignment

HOP = 64
RNG = np.random.default_rng(7)


def distances(lengths, boundaries):
    """Hops between any two sites: the sum over the axes of the shorter way, around the end where periodic."""
    places = list(itertools.product(*[range(length) for length in lengths]))
    table = np.zeros((len(places), len(places)), dtype=np.int64)
    for a, x in enumerate(places):
        for b, y in enumerate(places):
            for axis, length in enumerate(lengths):
                d = abs(x[axis] - y[axis])
                table[a, b] += min(d, length - d) if boundaries[axis] == "periodic" else d
    return table


def place_costs(occupancy, weight, bound):
    q = occupancy.astype(np.float64)
    empty = np.maximum(1 - q.sum(axis=0), 1e-60)
    odds = np.log(np.maximum(q, 1e-60)) - np.log(empty)
    return np.floor(HOP * weight * (bound - np.clip(odds, -bound, bound)) + 0.5).astype(np.int64)


def solve(case):
    counts = np.array(case["counts"])
    channels, size = counts.shape
    hops = distances(case["lengths"], case["boundaries"])
    places = np.zeros((channels, size), dtype=np.int64)
    if case["occupancy"] is not None:
        places = place_costs(np.array(case["occupancy"], dtype=np.float32), case["weight"], case["bound"])
    few = case["inertia"] is None
    leaving = 10**7 if few else int(np.floor(HOP * case["inertia"] + 0.5))
    rows, homes = [], []
    for c in range(channels):
        for x in range(size):
            for _ in range(counts[c, x]):
                rows.append(HOP * hops[x] + places[c] + leaving * (np.arange(size) != x))
                homes.append(x)
    if not rows:
        return {"cost": 0, "moved": 0}
    table = np.array(rows)
    units, sites = linear_sum_assignment(table)
    moved = int(sum(homes[u] != s for u, s in zip(units, sites)))
    cost = int(table[units, sites].sum())
    return {"cost": cost - leaving * moved if few else cost, "moved": moved}


def draw(lengths, boundaries, channels, units, guided, inertia, crowd=None):
    """`crowd`: the units stand on so many of the first sites alone."""
    size = int(np.prod(lengths))
    counts = np.zeros((channels, size), dtype=int)
    for _ in range(units):
        counts[RNG.integers(channels), RNG.integers(crowd or size)] += 1
    occupancy = None
    if guided:
        # Some sites sure, some open; all phases together within 1.
        q = RNG.random((channels, size)) ** RNG.choice([0.2, 1, 5], size=(channels, size))
        q = q / np.maximum(1, q.sum(axis=0) * 1.02)
        occupancy = [[round(float(v), 3) for v in row] for row in q]
    case = {
        "lengths": lengths,
        "boundaries": boundaries,
        "counts": counts.tolist(),
        "occupancy": occupancy,
        "weight": float(RNG.choice([0.1, 0.5, 2])),
        "bound": float(RNG.choice([2, 6])),
        "inertia": inertia,
    }
    return {**case, **solve(case)}


def main():
    grids = [[1], [7], [2, 2], [4, 5], [1, 6], [6, 6], [3, 2, 3]]
    cases = []
    for lengths in grids:
        size = int(np.prod(lengths))
        for name in ["periodic", "no-flux", "mixed"]:
            boundaries = [["periodic", "no-flux"][a % 2] if name == "mixed" else name for a in range(len(lengths))]
            for channels in [1, 2, 3]:
                for guided, inertia in [(False, None), (True, None), (False, 0.5), (True, 0.5), (True, 3)]:
                    for share in RNG.choice([0.3, 0.7, 0.9, 1], size=2):
                        units = max(1, int(round(share * size)))
                        cases.append(draw(lengths, boundaries, channels, units, guided, inertia))
    # Many units in few places: whoever comes late pushes others on.
    for channels in [1, 2]:
        for name in ["periodic", "no-flux"]:
            for guided, inertia in [(False, None), (True, None), (True, 1)]:
                for crowd in [3, 40]:
                    cases.append(draw([9, 8], [name] * 2, channels, 64, guided, inertia, crowd))
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "settle.json")
    with open(path, "w") as file:
        file.write("[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]\n")


if __name__ == "__main__":
    main()
