"""Wilson intervals by R's prop.test and by statsmodels, on the same cases:
python3 proportion.py > ../ref/proportion.json"""
import json
import subprocess

from statsmodels.stats.proportion import proportion_confint

CASES = [(k, n, level) for n, ks in [(1, (0, 1)), (3, (0, 1, 3)), (10, (0, 3, 10)), (30, (1, 14, 29)), (68, (11, 18)), (4000, (2, 1717, 4000)), (5588245, (12, 431260))]
         for k in ks for level in (0.9, 0.95, 0.99)]

R = "\n".join(f'cat(sprintf("%.17g %.17g\\n", '
              f'suppressWarnings(prop.test({k}, {n}, conf.level={l}, correct=FALSE)$conf.int)[1], '
              f'suppressWarnings(prop.test({k}, {n}, conf.level={l}, correct=FALSE)$conf.int)[2]))' for k, n, l in CASES)
printed = subprocess.run(["Rscript", "-"], input=R, capture_output=True, text=True, check=True).stdout.splitlines()
rows = [tuple(map(float, line.split())) for line in printed if line[:1].isdigit() or line[:1] == "-"]
assert len(rows) == len(CASES)

print("[")
for i, ((k, n, level), r) in enumerate(zip(CASES, rows)):
    py = proportion_confint(k, n, alpha=1 - level, method="wilson")
    case = {"k": k, "n": n, "level": level, "r": list(r), "statsmodels": [float(x) for x in py]}
    print(" ", json.dumps(case) + ("," if i + 1 < len(CASES) else ""))
print("]")
