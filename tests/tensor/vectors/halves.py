"""Writes halves.json: single-precision numbers and their halves by NumPy, both as bits.

Random bits of every exponent, all ties among the subnormals up to 32 steps and around every power of two, and the
ends of the range. Numbers that NumPy rounds to infinity are to become the largest finite half.

Run: /usr/bin/python3 tests/tensor/vectors/halves.py   (NumPy 1.24)
"""

import json
import os

import numpy as np

rng = np.random.default_rng(22)
exponents = np.repeat(np.arange(127 - 28, 127 + 18), 6).astype(np.uint32)
mantissas = rng.integers(0, 1 << 23, exponents.size).astype(np.uint32)
numbers = [((exponents << 23) | mantissas).view(np.float32)]
step = np.float32(2.0**-24)
numbers.append(step * np.arange(0, 32.5, 0.5, dtype=np.float32))
numbers.append(np.nextafter(step * np.arange(0.5, 6, dtype=np.float32), np.float32(1), dtype=np.float32))
numbers.append(np.nextafter(step * np.arange(0.5, 6, dtype=np.float32), np.float32(-1), dtype=np.float32))
for power in range(-16, 16):
    ulp = 2.0 ** (max(power, -14) - 10)
    numbers.append(np.array([2.0**power + k * ulp / 2 for k in range(-3, 6)], dtype=np.float32))
numbers.append(np.array([65503, 65504, 65519.99, 65520, 65536, 1e30, np.inf, np.nan, 1e-38, 1e-45], dtype=np.float32))
all_numbers = np.concatenate(numbers)
all_numbers = np.concatenate([all_numbers, -all_numbers[::3]])
with np.errstate(over="ignore"):
    halves = all_numbers.astype(np.float16)
halves = np.where(np.isinf(halves), np.copysign(np.float16(65504), halves), halves)

path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "halves.json")
with open(path, "w") as file:
    bits = {"singles": all_numbers.view(np.uint32).tolist(), "halves": halves.view(np.uint16).tolist()}
    file.write(json.dumps(bits, separators=(",", ":")) + "\n")
