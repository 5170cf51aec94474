"""Heaviest and largest matchings with capacities, by scipy. Writes ../ref/assign.json.

Run from this folder: /usr/bin/python3 assign.py     (numpy, scipy; Debian's own)

Each mentor becomes as many columns as there are places. For the heaviest, each
mentee also gets a column of its own of weight 0 (staying alone); pairs that are
not eligible weigh -10^9, which no optimum contains. For the largest, every
eligible weight is raised by a constant above the sum of all row maxima.
"""
import json
import os

import numpy as np
import scipy
from scipy.optimize import linear_sum_assignment

rng = np.random.default_rng(20260501)
NO = -10**9


def solve(w, cap, bonus):
    n, m = w.shape
    cols = np.repeat(np.arange(m), cap)
    big = np.full((n, len(cols) + n), NO * 1000.0)
    wide = np.where(w[:, cols] > 0, w[:, cols] + bonus, NO * 1000.0)
    big[:, :len(cols)] = wide
    big[np.arange(n), len(cols) + np.arange(n)] = 0
    r, c = linear_sum_assignment(big, maximize=True)
    chosen = [(i, cols[j]) for i, j in zip(r, c) if j < len(cols)]
    return len(chosen), int(sum(w[i, j] for i, j in chosen))


cases = []
for n, m, density, top, most in [(1, 1, 1, 5, 1), (6, 3, .5, 9, 2), (12, 5, .4, 3, 3), (20, 8, .3, 100, 4), (30, 30, 1, 1000, 1), (40, 10, .2, 2, 6), (60, 25, .1, 50, 3),
                                 (80, 12, .5, 10**6, 5), (100, 40, .05, 7, 2), (120, 30, .3, 1, 3), (50, 20, .02, 9, 2), (70, 70, .15, 4, 1)]:
    w = np.where(rng.random((n, m)) < density, rng.integers(1, top + 1, (n, m)), 0)
    cap = rng.integers(0, most + 1, m)
    _, weight = solve(w, cap, 0)
    size, largest = solve(w, cap, int(w.max(axis=1).sum()) + 1)
    cases.append({"mentees": n, "mentors": m, "places": cap.tolist(), "weights": w.tolist(),
                  "heaviest": weight, "largest_size": size, "largest_weight": largest})

out = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "ref", "assign.json")
with open(out, "w") as f:
    json.dump({"source": f"scipy {scipy.__version__} linear_sum_assignment", "generator": "testdata/gen/assign.py", "cases": cases}, f, separators=(",", ":"))
    f.write("\n")
