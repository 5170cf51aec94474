# Tails of the distributions to 25 digits, by mpmath.
#   /usr/bin/python3 tails.py > ../ref/tails.json
import json, random
from mpmath import mp, mpf, betainc, gammainc, erfc, sqrt, exp, gamma, beta, log, nsum, inf, rf, pi, quad, hyp2f1, loggamma
mp.dps = 30
rnd = random.Random(20260302)

def ibeta(a, b, x, y):
    """I_x(a,b) with y = 1-x: a series for small parameters, else quadrature in the logit."""
    a, b, x, y = map(mpf, (a, b, x, y))
    if x <= 0: return mpf(0)
    if y <= 0: return mpf(1)
    logb = loggamma(a) + loggamma(b) - loggamma(a+b)
    def series(a, b, x, y):      # I_x(a,b) = front/a * sum (a+b)_k/(a+1)_k x^k
        term, s, k = mpf(1), mpf(1), 0
        while term > s*mpf(10)**-38:
            term *= (a+b+k)/(a+1+k)*x
            s += term; k += 1
        return exp(a*log(x) + b*log(y) - logb)/a*s
    if max(a, b) < 200:
        if x <= mpf(1)/2: return series(a, b, x, y)
        return 1 - series(b, a, y, x)
    if x > a/(a+b): return 1 - ibeta(b, a, y, x)
    if y > 1e-4: return series(a, b, x, y)
    u0 = log(x/y)
    g = lambda u: exp(-a*log(1+exp(-u)) - b*log(1+exp(u)) - logb)   # density of the logit
    slope = max(a*y - b*x, sqrt((a+b)*x*y))   # per unit of u, going down
    w = 1/slope
    cuts = [u0]
    for k in range(1, 81): cuts.append(u0 - w*k/2 if k <= 60 else u0 - w*(30 + 2*(k-60)))
    return quad(g, cuts[::-1])

def t_sf(t, df):
    t, df = mpf(t), mpf(df)
    x, y = df/(df+t*t), t*t/(df+t*t)
    h = ibeta(df/2, mpf(1)/2, x, y)/2
    return h if t >= 0 else 1-h

def f_tails(f, d1, d2):
    f, d1, d2 = mpf(f), mpf(d1), mpf(d2)
    x, y = d1*f/(d2+d1*f), d2/(d2+d1*f)
    up = ibeta(d2/2, d1/2, y, x)
    return ibeta(d1/2, d2/2, x, y), up

def chi_tails(x, df):
    a, h = mpf(df)/2, mpf(x)/2
    return gammainc(a, 0, h, regularized=True), gammainc(a, h, inf, regularized=True)

def mix(tail, lam):
    """sum of Poisson(lam/2) weights times tail(j), each term by itself."""
    m = mpf(lam)/2
    s, j, w, started = mpf(0), 0, exp(-m), False
    best = mpf(0)
    while True:
        term = w*tail(j)
        s += term
        if term > best: best = term
        elif j > m and term < s*mpf(10)**-25: break
        j += 1; w *= m/j
    return s

out = {"t": [], "f": [], "chi": [], "normal": [], "ncf": [], "ncchi": [], "lognormal": []}
n = lambda v: float(v)
for df in [1, 2, 2.5, 3, 9, 17.7764735161785, 50, 1000, 12345.5, 1e6]:
    for t in [-40, -3, -.1, 1e-8, .3, 1, 2, 4.06212768338204, 8, 20, 36, 1e3, 1e20]:
        p = t_sf(t, df)
        if p > mpf(10)**-305: out["t"].append(dict(t=t, df=df, p=n(p)))
for d1, d2 in [(1, 1), (1, 9), (2, 27), (3, 4.5), (5, 89), (40, 3), (2, 17.1284186166441), (200, 300), (2, 1e5), (1e4, 1e4), (7, 1e6)]:
    for f in [1e-6, .01, .3, .9, 1, 1.1, 3, 4.84608786238014, 30, 200, 1e4]:
        lo, up = f_tails(f, d1, d2)
        if min(lo, up) > mpf(10)**-305: out["f"].append(dict(f=f, d1=d1, d2=d2, lower=n(lo), upper=n(up)))
for df in [1, 2, 3, 4.5, 10, 57, 400, 1e4]:
    for r in [1e-4, .1, .5, .95, 1, 1.05, 2, 5, 20, 100]:
        if df > 1000 and not .9 < r < 1.1: continue
        lo, up = chi_tails(r*df, df)
        if min(lo, up) > mpf(10)**-305: out["chi"].append(dict(x=r*df, df=df, lower=n(lo), upper=n(up)))
for z in [-38, -10, -1, -1e-9, 0, .5, 1.959963984540054, 5, 10, 20, 30, 37.4]:
    out["normal"].append(dict(z=z, p=n(erfc(mpf(z)/sqrt(2))/2)))
for z in [-5, 0, 3, 29.9, 30.1, 38, 100, 1e4, 1e10]:
    v = log(erfc(mpf(z)/sqrt(2))/2) if z < 1e9 else -mpf(z)**2/2 - log(mpf(z)) - log(2*pi)/2
    out["lognormal"].append(dict(z=z, p=n(v)))
for d1, d2, f, lam in [(2, 27, 3, 5), (2, 27, 3, .3), (1, 9, 16.5, 12), (3, 50, .2, 40), (3, 50, 60, 40), (5, 89, 2.3, 9.5), (2, 27, 200, 5), (4, 20, .01, 60), (10, 1000, 5, 300), (1, 5, 1e-3, 2), (2, 1e4, 300, 500), (6, 7.5, 1.5, 1e-3)]:
    mp.dps = 30
    lo = mix(lambda j: f_tails(f*mpf(d1)/(d1+2*j), d1+2*j, d2)[0], lam)
    up = mix(lambda j: f_tails(f*mpf(d1)/(d1+2*j), d1+2*j, d2)[1], lam)
    out["ncf"].append(dict(f=f, d1=d1, d2=d2, lam=lam, lower=n(lo), upper=n(up)))
for df, x, lam in [(4, 10, 3), (1, 30, 12), (1, .01, 12), (9, 300, 40), (9, 1, 200), (57, 40, 5), (2.5, 1000, 900), (3, 1500, 5), (200, 260, 80)]:
    lo = mix(lambda j: chi_tails(x, df+2*j)[0], lam)
    up = mix(lambda j: chi_tails(x, df+2*j)[1], lam)
    out["ncchi"].append(dict(x=x, df=df, lam=lam, lower=n(lo), upper=n(up)))
print(json.dumps(out))
