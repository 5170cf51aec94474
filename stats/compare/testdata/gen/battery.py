"""What R's packages at hand have not, or not so well: scipy's "zsplit", t of
Spearman, tau of Kendall, studentized range, and statsmodels' Newcombe and
equivalence tests, on the data of battery.R.

    /usr/bin/python3 battery.py ../ref > ../ref/scipy.json"""
import json
import sys
import warnings
from pathlib import Path

import numpy as np
import scipy
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep
from statsmodels.stats.weightstats import ttost_ind, ttost_paired

warnings.simplefilter("ignore")
dir = Path(sys.argv[1])
out = {"source": f"scipy {scipy.__version__}", "ranks": [], "counts": [], "groups": []}
for c in json.loads((dir / "ranks.json").read_text())["cases"]:
    a, b = (np.array([np.nan if v is None else v for v in c[k]], float) for k in "ab")
    g = np.array([v for v in c["c"] if v is not None], float)
    ok = ~(np.isnan(a) | np.isnan(b))
    a, b = a[ok], b[ok]
    d = b - a - c["null"]
    case = {}
    for name, correct in (("split", True), ("splitPlain", False)):
        case[name] = stats.wilcoxon(d, zero_method="zsplit", correction=correct, mode="approx", alternative=c["alternative"]).pvalue
    case["spearman"] = stats.spearmanr(a, b).pvalue
    case["kendall"] = stats.kendalltau(a, b, method="asymptotic").pvalue
    bound = float(np.std(d) + 1e-300)
    if np.std(b - a) > 0:
        case["bound"] = bound
        case["tost"] = ttost_paired(b, a, -bound, bound)[0]
        case["tostWelch"] = ttost_ind(a, g, -bound, bound, usevar="unequal")[0] if np.std(g) > 0 else None
    out["ranks"].append({k: None if v is None or np.isnan(v) else float(v) for k, v in case.items()})
for c in json.loads((dir / "counts.json").read_text())["cases"]:
    (k1, m1), (k2, m2) = c["two"]
    lo, hi = confint_proportions_2indep(k1, k1 + m1, k2, k2 + m2, compare="diff", method="newcomb", alpha=1 - c["level"])
    out["counts"].append({"newcombe": [float(lo), float(hi)]})
# R's ptukey is off by 1e-5 at two degrees of freedom: scipy integrates.
for c in json.loads((dir / "groups.json").read_text())["cases"]:
    g = [np.array([v for v in x if v is not None], float) for x in c["groups"]]
    case = {}
    for j in range(1, len(g)):
        for i in range(j):
            va, vb = g[i].var(ddof=1) / len(g[i]), g[j].var(ddof=1) / len(g[j])
            df = (va + vb) ** 2 / (va**2 / (len(g[i]) - 1) + vb**2 / (len(g[j]) - 1))
            q = abs(g[i].mean() - g[j].mean()) / np.sqrt((va + vb) / 2)
            if len(out["groups"]) % 3 == 0 and q > 0:  # slow
                case[f"{j + 1}-{i + 1}"] = float(stats.studentized_range.sf(q, len(g), df))
    out["groups"].append(case)
print(json.dumps(out))
