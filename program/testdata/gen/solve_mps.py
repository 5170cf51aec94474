"""Solves a free MPS file with HiGHS through scipy and prints the least objective, or null if nothing is feasible.

usage: solve_mps.py FILE
"""
import json
import sys

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_matrix

kind, col, cost, lb, ub, whole, rhs, at = {}, {}, [], [], [], [], {}, []
section, inside = None, False
for line in open(sys.argv[1]):
    w = line.split()
    if not line.startswith(" "):
        section = w[0]
    elif section == "ROWS":
        if w[0] != "N":
            kind[w[1]] = (len(kind), w[0])
    elif section == "COLUMNS":
        if w[1] == "'MARKER'":
            inside = w[2] == "'INTORG'"
            continue
        if w[0] not in col:
            col[w[0]] = len(cost)
            cost.append(0.0), lb.append(0.0), ub.append(np.inf), whole.append(int(inside))
        if w[1] == "OBJ":
            cost[col[w[0]]] = float(w[2])
        else:
            at.append((kind[w[1]][0], col[w[0]], float(w[2])))
    elif section == "RHS":
        rhs[w[1]] = float(w[2])
    elif section == "BOUNDS" and w[0] in ("LO", "UP"):
        (lb if w[0] == "LO" else ub)[col[w[2]]] = float(w[3])
lo, hi = np.full(len(kind), -np.inf), np.full(len(kind), np.inf)
for name, (r, k) in kind.items():
    b = rhs.get(name, 0.0)
    if k in "EG":
        lo[r] = b
    if k in "EL":
        hi[r] = b
A = coo_matrix(([v for _, _, v in at], ([r for r, _, _ in at], [c for _, c, _ in at])), shape=(len(kind), len(cost)))
r = milp(cost, integrality=whole, bounds=Bounds(lb, ub), constraints=LinearConstraint(A.tocsr(), lo, hi), options=dict(mip_rel_gap=1e-9, time_limit=60))
print(json.dumps(float(r.fun) if r.x is not None else None))
