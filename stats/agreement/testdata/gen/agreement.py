"""Second witness on the data sets of agreement.json: Krippendorff's alpha in
fractions, straight from the pairs of ratings; its standard error from the
derivative of alpha in the weight of each subject, by differences at 60 digits;
Cohen's kappa from statsmodels; alpha again from krippendorff 0.8 (pip).
    PYTHONPATH=… python3 agreement.py ../ref/agreement.json > ../ref/agreement2.json"""
import json
import sys
from fractions import Fraction as F

import mpmath
import krippendorff
import numpy as np
from statsmodels.stats.inter_rater import cohens_kappa

mpmath.mp.dps = 60


def metric(name, freq, values):
    below, place = 0, {}
    for v in values:
        place[v] = below + freq[v] / 2
        below = below + freq[v]
    return {"nominal": lambda a, b: int(a != b), "ordinal": lambda a, b: (place[a] - place[b]) ** 2,
            "interval": lambda a, b: (a - b) ** 2, "ratio": lambda a, b: 0 if a == b else ((a - b) / (a + b)) ** 2}[name]


def alpha(units, name, weight, number):
    values = sorted({v for u in units for v in u})
    freq = {v: number(0) for v in values}
    for u, w in zip(units, weight):
        for v in u:
            freq[v] += w
    n = sum(freq.values())
    d = metric(name, freq, values)
    observed = sum(w * sum(d(a, b) for a in u for b in u) / (len(u) - 1) for u, w in zip(units, weight))
    expected = sum(freq[a] * freq[b] * d(a, b) for a in values for b in values)
    return None if expected == 0 else 1 - (n - 1) * observed / expected


def error(units, name):
    one, h = mpmath.mpf(1), mpmath.mpf(10) ** -20
    units = [[mpmath.mpf(v.numerator) / v.denominator for v in u] for u in units]
    slopes = []
    for i in range(len(units)):
        f = lambda x: alpha(units, name, [one + (x if j == i else 0) for j in range(len(units))], mpmath.mpf)
        slopes.append((f(h) - f(-h)) / (2 * h))
    k, mean = len(units), sum(slopes) / len(units)
    return float(mpmath.sqrt(sum((s - mean) ** 2 for s in slopes) * k / (k - 1)))


out = []
for case in json.load(open(sys.argv[1]))["cases"]:
    r = case["ratings"]
    units = [u for u in ([F(x) for x in col if x is not None] for col in zip(*r)) if len(u) >= 2]
    row = {}
    for m in ("nominal", "ordinal", "interval", "ratio"):
        a = alpha(units, m, [F(1)] * len(units), F) if units else None
        if a is not None and len(units) >= 2:
            peer = krippendorff.alpha(np.array(r, dtype=float), level_of_measurement=m)
            row[m] = [float(a), error(units, m) if len(units) <= 12 else None, float(peer)]
    two = [(a, b) for a, b in zip(r[0], r[1]) if a is not None and b is not None]
    seen = sorted({x for p in two for x in p})
    if len(two) >= 2 and len(seen) >= 2 and all(x == int(x) for x in seen) and seen[-1] - seen[0] < 8:
        lo = int(seen[0])
        t = np.zeros((int(seen[-1]) - lo + 1,) * 2)
        for a, b in two:
            t[int(a) - lo, int(b) - lo] += 1
        if min((t.sum(0) > 0).sum(), (t.sum(1) > 0).sum()) >= 2:
            for w in (None, "linear", "quadratic"):
                k = cohens_kappa(t, wt=w)
                row["kappa" if w is None else w] = [float(x) if np.isfinite(x) else None for x in (k.kappa, k.std_kappa, k.std_kappa0, k.z_value, k.pvalue_two_sided)]
    out.append(row)
print("[\n" + ",\n".join(json.dumps(x) for x in out) + "\n]")
