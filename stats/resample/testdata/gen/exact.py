"""Reference values of stats/resample on 200 random small data sets: bootstraps
by going through all n^n resamples, permutation tests by going through all signs
and splits, and scipy's own one-sided p.
    python3 exact.py > ../ref/exact.json
"""
import itertools
import json
import numpy as np
import scipy
from scipy.stats import norm, permutation_test

rng = np.random.default_rng(3)


def correlation(x, y):
    with np.errstate(all="ignore"):
        dx, dy = x - x.mean(-1, keepdims=True), y - y.mean(-1, keepdims=True)
        r = (dx * dy).sum(-1) / np.sqrt((dx**2).sum(-1) * (dy**2).sum(-1))
        return np.where((np.ptp(x, -1) == 0) | (np.ptp(y, -1) == 0), np.nan, r)


STATS = {"mean": lambda x, y: x.mean(-1), "median": lambda x, y: np.median(x, -1), "sd": lambda x, y: x.std(-1, ddof=1), "cor": correlation}


def boot(x, y, stat, level):
    n = len(x)
    ix = np.array(list(itertools.product(range(n), repeat=n)))
    v = STATS[stat](x[ix], y[ix])
    point = float(STATS[stat](x, y))
    undefined = len({tuple(sorted(i)) for i in ix[np.isnan(v)].tolist()})
    v = v[~np.isnan(v)]
    near = 1e-12 * max(abs(point), np.ptp(v))
    v = np.sort(v)
    tail = (1 - level) / 2
    q = lambda p: float(np.quantile(v, p))
    z0 = norm.ppf(((v < point - near).sum() + (np.abs(v - point) <= near).sum() / 2) / len(v))
    keep = [np.delete(np.arange(n), i) for i in range(n)]
    j = np.array([float(STATS[stat](x[k], y[k])) for k in keep])
    d = j.mean() - j
    a = (d**3).sum() / (6 * (d**2).sum()**1.5)
    out = {"point": point, "se": float(v.std()), "bias": float(v.mean() - point), "percentile": [q(tail), q(1 - tail)], "undefined": undefined}
    if np.isfinite(z0) and np.isfinite(a):
        al = [norm.cdf(z0 + (z0 + norm.ppf(p)) / (1 - a * (z0 + norm.ppf(p)))) for p in (tail, 1 - tail)]
        if 0 < al[0] < al[1] < 1:
            out |= {"z0": float(z0), "a": float(a), "bca": [q(al[0]), q(al[1])]}
    return out


def tails(s, point, center):
    near = 1e-9 * (1 + abs(point))
    return {"two": float((np.abs(s - center) >= abs(point - center) - near).mean()), "less": float((s <= point + near).mean()), "greater": float((s >= point - near).mean())}


cases = []
while len(cases) < 200:
    n, k = int(rng.integers(3, 7)), int(rng.integers(0, 5))
    k = 12 if k == 4 else k
    scale = float(rng.choice([1, 1, 1e-3, 1e5]))
    x = np.round(rng.normal(size=n), k) * scale
    y = np.round(.6 * x / scale + rng.normal(size=n), k) * scale
    m = int(rng.integers(2, 8))
    b = np.round(rng.normal(.5, 1.5, m), k) * scale
    x, y, b = [np.array([float(f"{u:.12g}") for u in w]) for w in (x, y, b)]
    if np.ptp(x) == 0 or np.ptp(y) == 0 or np.ptp(b) == 0 or not (y - x).any():
        continue
    level = float(rng.choice([.8, .9, .95]))
    c = {"x": x.tolist(), "y": y.tolist(), "b": b.tolist(), "level": level, "boot": {}}
    for s in STATS:
        if s == "cor" and n < 4:
            continue
        r = boot(x, y, s, level)
        c["boot"][s] = r
    d = y - x
    c["paired"] = tails(np.array([np.dot(s, d) for s in itertools.product((-1, 1), repeat=n)]), d.sum(), 0)
    pool = np.concatenate([x, b])
    c["independent"] = tails(np.array([pool[list(i)].sum() for i in itertools.combinations(range(n + m), n)]), x.sum(), pool.sum() * n / (n + m))
    mean = lambda u, v, axis=-1: np.mean(u, axis=axis) - np.mean(v, axis=axis)
    if k < 12:
        c["scipy"] = {a: float(permutation_test((x, b), mean, alternative=a, n_resamples=np.inf, vectorized=True).pvalue) for a in ("less", "greater")}
    c["order"] = tails(np.array([float(correlation(x, np.array(p))) for p in itertools.permutations(y)]), float(correlation(x, y)), 0)
    cases.append(c)
text = json.dumps({"source": "scipy " + scipy.__version__, "cases": cases})
print(text.replace("NaN", "null"))
