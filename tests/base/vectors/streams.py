"""The first words of some streams, by a second implementation of sfc32 and of the hash of seeds: writes streams.json beside itself."""

import json
import os

MASK = 0xFFFFFFFF


def turn(x, k):
    return ((x << k) | (x >> (32 - k))) & MASK


def scramble(state):
    a, b, c, d = state
    for r in range(1, 11):
        a = (a + b + r * 0x9E3779B9) & MASK
        d = turn(d ^ a, 16)
        c = (c + d) & MASK
        b = turn(b ^ c, 12)
        a = (a + b) & MASK
        d = turn(d ^ a, 8)
        c = (c + d) & MASK
        b = turn(b ^ c, 7)
    return [a, b, c, d]


def absorb(identity, key):
    return scramble([identity[0] ^ (key & MASK), identity[1] ^ (key >> 32), identity[2], identity[3]])


def words(seed, path, count):
    identity = [0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A]
    for key in [seed, *path]:
        identity = absorb(identity, key)
    a, b, c, counter = scramble([*identity[:3], identity[3] ^ 0x53544154])
    out = []
    for _ in range(count):
        word = (a + b + counter) & MASK
        counter = (counter + 1) & MASK
        a, b, c = b ^ (b >> 9), (c + (c << 3)) & MASK, (turn(c, 21) + word) & MASK
        out.append(word)
    return out


cases = [(0, []), (1, []), (2**32, []), (2**53 - 1, []), (7, [0]), (7, [3]), (7, [1, 2]), (7, [2, 1]), (2**40 + 5, [2**33, 0, 11])]
with open(os.path.splitext(os.path.abspath(__file__))[0] + ".json", "w") as file:
    rows = [json.dumps({"seed": seed, "path": path, "words": words(seed, path, 12)}) for seed, path in cases]
    file.write("[\n" + ",\n".join(rows) + "\n]\n")
