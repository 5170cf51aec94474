"""Reference numbers for AHP: mpmath eigenvectors with 50 digits, and least squares of the logarithms.
Writes ../ref/ahp.json; run with python3 (mpmath)."""
import json, os
from mpmath import mp, mpf, matrix, eig, log, exp, lu_solve
mp.dps = 50
R = lambda s: mpf(s.split("/")[0]) / mpf(s.split("/")[1]) if "/" in s else mpf(s)
cases = {
 "three": ["1 3 3", "1/3 1 2", "1/3 1/2 1"],
 "four": ["1 3 5 7", "1/3 1 3 5", "1/5 1/3 1 3", "1/7 1/5 1/3 1"],
 "five": ["1 1/2 3 4 9", "2 1 5 1/3 7", "1/3 1/5 1 2 2", "1/4 3 1/2 1 6", "1/9 1/7 1/2 1/6 1"],
 "incomplete": ["1 2 . 4", "1/2 1 3 .", ". 1/3 1 2", "1/4 . 1/2 1"],
}
out = []
for name, rows in cases.items():
    m = [[None if x == "." else R(x) for x in r.split()] for r in rows]
    n = len(m)
    h = matrix(n, n)
    for i in range(n):
        for j in range(n):
            if i != j and m[i][j] is not None: h[i, j] = m[i][j]
        h[i, i] = 1 + sum(x is None for x in m[i])
    E, ER = eig(h)
    k = max(range(n), key=lambda i: E[i].real)
    v = [abs(ER[i, k]) for i in range(n)]
    s = sum(v)
    w = [x / s for x in v]
    a, b = matrix(n, n), matrix(n, 1)
    for i in range(n):
        for j in range(n):
            if i != j and m[i][j] is not None:
                a[i, i] += 1; a[i, j] -= 1; b[i] += log(m[i][j])
    a[n-1, :] = matrix([[1] * n]); b[n-1] = 0
    x = lu_solve(a, b)
    g = [exp(t) for t in x]; s = sum(g); g = [t / s for t in g]
    lam = E[k].real
    gci = mpf(2) / ((n-1)*(n-2)) * sum(log(m[i][j] * g[j] / g[i])**2 for i in range(n) for j in range(i+1, n) if m[i][j] is not None)
    f = lambda t: float(mp.nstr(t, 17))
    out.append({"name": name, "rows": rows, "eigen": [f(t) for t in w], "geo_mean": [f(t) for t in g], "lambda": f(lam), "ci": f((lam-n)/(n-1)), "gci": f(gci)})
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "ref", "ahp.json"), "w") as o:
    json.dump(out, o, indent=1); o.write("\n")
