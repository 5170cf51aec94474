"""Reference values of stats/effect on 200 random small data sets from the
formulas themselves, pair by pair and person by person, where no package has
them: Cliff's consistent variance, the paired d's with effectsize 1.0's errors,
Morris' d_ppc2, Hake's and Marx and Cummings' gains.
    python3 formulas.py > ../ref/formulas.json
"""
import json
import numpy as np
from scipy.special import gammaln
from scipy.stats import norm, t as student

rng = np.random.default_rng(11)
J = lambda df: float(np.exp(gammaln(df / 2) - gammaln((df - 1) / 2)) / np.sqrt(df / 2))


def cliff(a, b, level):
    d_ij = np.sign(a[:, None] - b[None, :])
    n, m = d_ij.shape
    d = d_ij.mean()
    di, dj = d_ij.mean(axis=1), d_ij.mean(axis=0)
    v = (m**2 * ((di - d)**2).sum() + n**2 * ((dj - d)**2).sum() - ((d_ij - d)**2).sum()) / (n * m * (n - 1) * (m - 1))
    v = max(v, (1 - d**2) / (n * m - 1))
    z = norm.ppf((1 + level) / 2)
    h = z * np.sqrt(v) * np.sqrt((1 - d**2)**2 + z**2 * v)
    den = 1 - d**2 + z**2 * v
    return {"v": d, "se": np.sqrt(v), "lo": max(-1, (d - d**3 - h) / den) if den > 0 else None, "hi": min(1, (d - d**3 + h) / den) if den > 0 else None}


def paired(x, y, level):
    d, n = y - x, len(x)
    z = norm.ppf((1 + level) / 2)
    r = np.corrcoef(x, y)[0, 1]
    s1, s2, sd = x.std(ddof=1), y.std(ddof=1), d.std(ddof=1)
    av = np.sqrt((s1**2 + s2**2) / 2)
    rm = d.mean() / sd * np.sqrt(2 * (1 - r))
    out = {}
    for name, e, se in [
        ("z", d.mean() / sd, np.sqrt(1 / n + (d.mean() / sd)**2 / (2 * n))),
        ("av", d.mean() / av, sd / np.sqrt(n) / av),
        ("av (mean sd)", d.mean() / ((s1 + s2) / 2), sd / np.sqrt(n) / ((s1 + s2) / 2)),
        ("rm", rm, np.sqrt((1 / n + rm**2 / (2 * n)) * 2 * (1 - r))),
        ("before", d.mean() / s1, np.sqrt(2 * (1 - r) / n + (d.mean() / s1)**2 / (2 * n))),
        ("after", d.mean() / s2, np.sqrt(2 * (1 - r) / n + (d.mean() / s2)**2 / (2 * n)))]:
        j = J(n - 1)
        out[name] = {"v": j * e, "se": j * se, "lo": j * (e - z * se), "hi": j * (e + z * se)}
    return out


def morris(a, b, c, d):
    nt, nc = len(a), len(c)
    m = nt + nc - 2
    pool = lambda f: ((nt - 1) * f(a, b) + (nc - 1) * f(c, d)) / m
    v1, v2 = pool(lambda x, y: x.var(ddof=1)), pool(lambda x, y: y.var(ddof=1))
    cov = pool(lambda x, y: np.cov(x, y)[0, 1])
    rho = cov / np.sqrt(v1 * v2)
    cp = 1 - 3 / (4 * m - 1)
    g = cp * ((b - a).mean() - (d - c).mean()) / np.sqrt(v1)
    k = (nt + nc) / (nt * nc)
    v = 2 * cp**2 * (1 - rho) * k * (m / (m - 2)) * (1 + g**2 / (2 * (1 - rho) * k)) - g**2
    return {"v": g, "se": np.sqrt(v)}


def gain(x, y, top):
    g = np.array([(q - p) / (top - p) for p, q in zip(x, y) if p < top])
    c = []
    for p, q in zip(x, y):
        if q > p:
            c.append((q - p) / (top - p))
        elif q < p:
            c.append((q - p) / p)
        elif 0 < p < top:
            c.append(0)
    m = len(x)
    cls = (y.mean() - x.mean()) / (top - x.mean())
    jack = np.array([(np.delete(y, i).mean() - np.delete(x, i).mean()) / (top - np.delete(x, i).mean()) for i in range(m)])
    return {"cls": cls, "ind": float(np.mean(g)) if len(g) else None, "n": len(g), "c": float(np.mean(c)) if c else None, "nc": len(c),
            "jack": float(np.sqrt((m - 1) / m * ((jack - jack.mean())**2).sum()))}


cases = []
while len(cases) < 200:
    k = int(rng.integers(0, 4))
    n, m = [int(rng.choice([3, 4, 5, 7, 10, 20, 60])) for _ in range(2)]
    scale = float(rng.choice([1, 1, 1, 1e-4, 1e7]))
    a = np.round(rng.normal(0, 1, n), k) * scale
    b = np.round(a / scale * .6 + rng.normal(.5, .7, n), k) * scale
    c = np.round(rng.normal(0, 1, m), k) * scale
    d = np.round(c / scale * .6 + rng.normal(.1, .7, m), k) * scale
    if min(a.std(), b.std(), c.std(), d.std(), (b - a).std(), (d - c).std()) < 1e-9 * scale:
        continue
    x = rng.integers(0, 11, n).astype(float)
    y = np.clip(x + rng.integers(-2, 6, n), 0, 10).astype(float)
    if x.mean() == 10:
        continue
    level = float(rng.choice([.8, .9, .95, .99]))
    cases.append({"a": a.tolist(), "b": b.tolist(), "c": c.tolist(), "d": d.tolist(), "x": x.tolist(), "y": y.tolist(), "level": level,
                  "cliff": cliff(a, c, level), "paired": paired(a, b, level), "morris": morris(a, b, c, d), "gain": gain(x, y, 10)})
print(json.dumps({"source": "numpy " + np.__version__, "cases": cases}, default=float))
