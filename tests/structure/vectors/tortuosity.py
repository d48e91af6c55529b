"""Relative diffusivities of small random media, the linear system by loops and solved directly by scipy, in float64.

Run: python3 tortuosity.py
"""

import json
import os

import numpy as np
from scipy.ndimage import label
from scipy.sparse import lil_matrix
from scipy.sparse.linalg import spsolve


def relative_diffusivity(mask, axis):
    mask = np.moveaxis(mask, axis, 0)
    clusters, _ = label(mask)
    through = set(clusters[0].ravel()) & set(clusters[-1].ravel()) - {0}
    if not through:
        return 0.0
    open_sites = np.isin(clusters, list(through))
    number = {tuple(site): i for i, site in enumerate(np.argwhere(open_sites))}
    matrix = lil_matrix((len(number), len(number)))
    right = np.zeros(len(number))
    for site, i in number.items():
        for a in range(mask.ndim):
            for hop in (-1, 1):
                other = list(site)
                other[a] += hop
                j = number.get(tuple(other))
                if j is not None:
                    matrix[i, i] += 1
                    matrix[i, j] -= 1
        if site[0] == 0:
            matrix[i, i] += 2
            right[i] += 2
        if site[0] == mask.shape[0] - 1:
            matrix[i, i] += 2
    field = spsolve(matrix.tocsc(), right)
    flux = sum(2 * (1 - field[i]) for site, i in number.items() if site[0] == 0)
    return flux * mask.shape[0] / np.prod(mask.shape[1:])


def main():
    draws = np.random.default_rng(4)
    cases = []
    for shape, share in [((9, 14), 0.75), ((24, 17), 0.65), ((30, 30), 0.62), ((8, 7, 9), 0.4), ((12, 12, 12), 0.35)]:
        mask = draws.uniform(size=shape) < share
        values = [relative_diffusivity(mask, axis) for axis in range(len(shape))]
        cases.append({
            "shape": shape,
            "mask": "".join("1" if site else "0" for site in mask.ravel()),
            "relativeDiffusivity": values,
        })
    with open(os.path.join(os.path.dirname(__file__), "tortuosity.json"), "w") as file:
        json.dump(cases, file)
    print([case["relativeDiffusivity"] for case in cases])


main()
