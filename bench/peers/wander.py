"""The column of bench/physics.ts in NumPy: all units step at once, arrays of those that are still inside."""
import sys, time
import numpy as np

units, sites, hop, adsorb, desorb = int(sys.argv[1]), 200, 100.0, 20.0, 30.0
rng = np.random.default_rng(1)
began = time.process_time()
t, x, stuck, events = np.zeros(units), np.zeros(units, int), np.zeros(units, bool), 0
while len(t):
    events += len(t)
    t += rng.standard_exponential(len(t)) / np.where(stuck, desorb, hop + adsorb)
    hops = ~stuck & (rng.random(len(t)) * (hop + adsorb) < hop)
    stuck = ~stuck & ~hops
    x += hops
    keep = x < sites
    t, x, stuck = t[keep], x[keep], stuck[keep]
print(events, time.process_time() - began)
