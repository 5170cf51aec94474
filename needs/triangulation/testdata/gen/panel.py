"""A small panel of raters with numpy: halo within and between raters, first eigenvalue, leniency.
Writes ../ref/panel.json; run with python3 (numpy)."""
import json, os
import numpy as np
rng = np.random.default_rng(7)
P, K, raters = 12, 4, ["m", "n", "s"]
able = rng.normal(size=(P, 1))
skill = 3 + able + rng.normal(size=(P, K)) * .7
x = {}
for r, bias in zip(raters, [.7, 0, -.7]):
    x[r] = np.clip(np.rint(skill + bias + rng.normal(size=(P, 1)) * .5 + rng.normal(size=(P, K)) * .5), 1, 5)
u = {r: (x[r] - 1) / 4 for r in raters}
c = {r: u[r] - u[r].mean(axis=0) for r in raters}
R = np.corrcoef(np.vstack([c[r] for r in raters]).T)
within = (R.sum() - K) / (K * (K - 1))
between = []
for a in range(K):
    for b in range(K):
        if a != b:
            p = np.concatenate([c[r][:, a] for r in raters for q in raters if r != q])
            q = np.concatenate([c[q][:, b] for r in raters for q in raters if r != q])
            between.append(np.corrcoef(p, q)[0, 1])
mean = sum(u.values())
len_ = {r: float((u[r] - (mean - u[r]) / 2).mean()) for r in raters}
out = {"ratings": {r: x[r].astype(int).tolist() for r in raters}, "within": within, "between": float(np.mean(between)),
       "first_share": float(np.linalg.eigvalsh(R)[-1] / K), "leniency": len_}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "ref", "panel.json"), "w") as o:
    json.dump(out, o, indent=1); o.write("\n")
