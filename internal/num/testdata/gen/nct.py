"""Reference values of the noncentral t distribution and of Hedges' factor.

Written with mpmath at 50 digits, by quadrature over the chi density in y,
which is not the form that the library integrates. Run:
    python3 nct.py > ../ref/nct.json
"""
import json
import mpmath as mp

mp.mp.dps = 40


def pnct(t, df, d):
    t, df, d = map(mp.mpf, (t, df, d))
    a = df / 2
    logc = mp.log(2) + a * mp.log(a) - mp.loggamma(a)
    f = lambda y: mp.exp(logc + (df - 1) * mp.log(y) - a * y * y)
    sd = 1 / mp.sqrt(2 * df)
    mode = mp.sqrt((df - 1) / df) if df > 1 else mp.mpf(0)
    lo, hi = max(mp.mpf(0), mode - 16 * sd), mode + 24 * sd + 8 / mp.sqrt(df)
    cuts = [lo + (hi - lo) * i / 40 for i in range(41)]
    if t != 0:
        for k in range(-9, 10):
            y = (d + k) / t
            if lo < y < hi:
                cuts.append(y)
    return mp.quad(lambda y: mp.ncdf(t * y - d) * f(y), sorted(cuts))


cases = [(2, 10, 1), (5, 20, 3), (-1, 5, 2), (3, 4, ".5"), (40, 50, 38), (36, 50, 35), (60, 200, 55), (30, 30, 25),
         ("4.06212768338204", 9, 0), (0, 7, "1.5"), ("-3.5", 12, -4), ("0.3", 1, "0.2"), (12, "2.5", 4), ("-2", 1, 0),
         (150, 1000, 148), (1000, 1000000, 999), ("17.7", "17.7764735161785", 16)]
out = {"source": "mpmath " + mp.__version__,
       "pnct": [{"t": float(mp.mpf(t)), "df": float(mp.mpf(df)), "d": float(mp.mpf(d)),
                 "p": float(pnct(mp.mpf(float(mp.mpf(t))), mp.mpf(float(mp.mpf(df))), mp.mpf(float(mp.mpf(d)))))} for t, df, d in cases],
       "hedges": [{"df": df, "j": float(mp.gamma(mp.mpf(df) / 2) / mp.sqrt(mp.mpf(df) / 2) / mp.gamma((mp.mpf(df) - 1) / 2))
                   if df < 1e5 else float(mp.exp(mp.loggamma(mp.mpf(df) / 2) - mp.loggamma((mp.mpf(df) - 1) / 2)) / mp.sqrt(mp.mpf(df) / 2))}
                  for df in (2, 9, 18, 41, 100, 5000, 10 ** 6, 10 ** 7)]}
print(json.dumps(out, indent=1))
