"""CR2 and its degrees of freedom for the cases of regression.json from the
definition in 40 digits: clubSandwich loses up to half of its digits, and
sometimes the degrees of freedom, where a cluster alone bears on a coefficient.
    python3 cr2.py > ../ref/cr2.json
"""
import json, mpmath as mp
mp.mp.dps = 40
r=json.load(open('../ref/regression.json'))
def cr2(c):
    rows=[i for i in range(len(c['y'])) if c['y'][i] is not None]
    X=mp.matrix([[1]+[mp.mpf(x[i]) for x in c['x']] for i in rows]); y=mp.matrix([mp.mpf(c['y'][i]) for i in rows])
    n,p=X.rows,X.cols
    M=(X.T*X)**-1; b=M*(X.T*y); e=y-X*b
    cl=[c['clusters'][i] for i in rows]
    gs=sorted(set(cl)); meat=mp.zeros(p); A={}
    H=X*M*X.T
    P={}
    small=1
    for g in gs:
        ix=[k for k in range(n) if cl[k]==g]
        B=mp.matrix([[ (1 if i==j else 0)-H[i,j] for j in ix] for i in ix])
        w,V=mp.eigsy(B)
        small=min([small]+[float(x) for x in w if x>mp.mpf(10)**-30])
        f=mp.diag([1/mp.sqrt(x) if x>mp.mpf(10)**-30 else 0 for x in w])
        a=V*f*V.T
        Xg=mp.matrix([[X[i,j] for j in range(p)] for i in ix]); eg=mp.matrix([e[i] for i in ix])
        s=Xg.T*a*eg; meat+=s*s.T
        P[g]=(ix,a*Xg*M)
    V=M*meat*M
    se=[mp.sqrt(V[j,j]) for j in range(p)]
    df=[]
    I_H=mp.eye(n)-H
    for j in range(p):
        ps=[]
        for g in gs:
            ix,a=P[g]; v=mp.zeros(n,1)
            for q,i in enumerate(ix): v[i]=a[q,j]
            ps.append(I_H*v)
        G=[[ (u.T*v)[0] for v in ps] for u in ps]
        tr=sum(G[i][i] for i in range(len(ps))); sq=sum(x*x for row in G for x in row)
        df.append(tr*tr/sq)
    return [float(x) for x in se],[float(x) for x in df],small
out = []
for c in r['cases']:
    se, df, _ = cr2(c)
    out.append({"se": se, "df": df})
print(json.dumps({"source": "mpmath " + mp.__version__, "cases": out}))
