"""Reference values of stats/effect on random small data: d and g by numpy,
limits of the noncentrality by scipy's noncentral t and brentq.
    python3 effect.py > ../ref/effect.json
"""
import json
import numpy as np
import scipy
from scipy.optimize import brentq
from scipy.special import gammaln
from scipy.stats import nct

rng = np.random.default_rng(7)
J = lambda df: float(np.exp(gammaln(df / 2) - gammaln((df - 1) / 2)) / np.sqrt(df / 2))


def limits(t, df, level):
    a = (1 - level) / 2
    def solve(p):
        f = lambda d: nct.cdf(t, df, d) - p
        return brentq(f, t - 12 - 3 * abs(t), t + 12 + 3 * abs(t), xtol=1e-13, rtol=1e-14)
    return solve(1 - a), solve(a)


def effect(d, unit, df, level, ratio):
    lo, hi = limits(d / unit, df, level)
    return {"d": d * ratio, "g": d * ratio * J(df), "lo": lo * unit * ratio, "hi": hi * unit * ratio}


cases = []
while len(cases) < 100:
    n, m = int(rng.integers(3, 40)), int(rng.integers(2, 40))
    k = int(rng.integers(0, 5))
    a, c = np.round(rng.normal(3, 1, n), k), np.round(rng.normal(3.5, 1.5, m), k)
    b = np.round(.6 * a + rng.normal(1.4, .8, n), k)
    level = float(rng.choice([.8, .95, .99]))
    diff = b - a
    if diff.std() < 1e-6 or a.std() == 0 or c.std() == 0:
        continue
    dz, dfz = diff.mean() / diff.std(ddof=1), n - 1
    if abs(dz) * np.sqrt(n) > 25:
        continue
    sp = np.sqrt(((n - 1) * a.var(ddof=1) + (m - 1) * c.var(ddof=1)) / (n + m - 2))
    ds = (a.mean() - c.mean()) / sp
    ratio = diff.std(ddof=1) / np.sqrt((a.var(ddof=1) + b.var(ddof=1)) / 2)
    cases.append({"a": a.tolist(), "b": b.tolist(), "c": c.tolist(), "level": level,
                  "z": effect(dz, 1 / np.sqrt(n), dfz, level, 1), "av": effect(dz, 1 / np.sqrt(n), dfz, level, ratio),
                  "s": effect(ds, np.sqrt(1 / n + 1 / m), n + m - 2, level, 1)})
print(json.dumps({"source": "scipy " + scipy.__version__, "cases": cases}))
