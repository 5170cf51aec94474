"""Shares, mean gaps, shortfalls and depths with 95 % intervals, by R (t.test,
prop.test) and by scipy and statsmodels, on constructed data:
python3 gap.py > ../ref/gap.json

want, have: levels, "." missing. crit: criticality of the requirement of each person."""
import json
import subprocess

import numpy as np
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

CASES = {
    "f2-1": dict(want="5545453545", have="32432431.3"),
    "f2-4": dict(want="54.5454545", have="2342.34231"),
    "one-to-seven": dict(want="7652164335512", have="1656744233521"),
    "few": dict(want="33", have="32"),
    "critical": dict(want="4433224455", have="2434123345", crit=[1, 1, 1.5, 1.5, 1.5, 2, 2, 2.25, 2.25, 0.5]),
}


def columns(case):
    rows = [(int(w), int(h), c) for w, h, c in zip(case["want"], case["have"], case.get("crit", [1] * 99)) if "." not in (w, h)]
    w, h, c = (np.array(x, float) for x in zip(*rows))
    return w, h, c


def by_scipy(y):
    se = stats.sem(y)
    lo, hi = stats.t.interval(0.95, len(y) - 1, y.mean(), se)
    return [float(x) for x in (y.mean(), se, lo, hi)]


def by_r(y):
    text = "y <- c(%s); t <- t.test(y); cat(sprintf('%%.17g\\n', c(mean(y), t$stderr, t$conf.int)), sep='')" % ",".join(map(repr, map(float, y)))
    out = subprocess.run(["Rscript", "-"], input=text, capture_output=True, text=True, check=True).stdout
    return [float(x) for x in out.split()]


def share(k, n):
    text = f"p <- suppressWarnings(prop.test({k}, {n}, correct=FALSE)); cat(sprintf('%.17g\\n', p$conf.int), sep='')"
    r = [float(x) for x in subprocess.run(["Rscript", "-"], input=text, capture_output=True, text=True, check=True).stdout.split()]
    return {"k": k, "n": n, "r": r, "python": [float(x) for x in proportion_confint(k, n, method="wilson")]}


result = {}
for name, case in CASES.items():
    w, h, c = columns(case)
    d = w - h
    values = {"mean-gap": d, "shortfall": np.maximum(d, 0), "depth": d[d > 0],
              "weighed mean-gap": c * d, "weighed shortfall": c * np.maximum(d, 0), "weighed share-below": c * (d > 0)}
    means = {k: {"r": by_r(y), "python": by_scipy(y)} for k, y in values.items() if len(y) > 1 and np.ptp(y) > 0}
    result[name] = {**case, "share": share(int((d > 0).sum()), len(d)), "means": means}
print(json.dumps(result, indent=1))
