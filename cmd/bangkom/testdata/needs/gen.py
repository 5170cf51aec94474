"""Invented survey of 24 people in three units, two sources and four competencies: ratings.csv, long.csv."""
import random
r = random.Random(20260105)
items = ["data", "service", "law", "writing"]
imp = {"data": 4.4, "service": 4.2, "law": 3.4, "writing": 2.9}
perf = {"data": 2.6, "service": 3.4, "law": 3.2, "writing": 3.0}
clip = lambda x: str(min(5, max(1, round(x))))
units = ["A"] * 12 + ["B"] * 3 + ["C"] * 9
wide, long = [], []
for p, u in enumerate(units):
    job = "analyst" if p % 3 == 0 else "clerk"
    able = r.gauss(0, .6)
    row = [f"P{p+1:02d}", u, job, f"{1 + (p % 4) / 4:g}"]
    for s, bias in [("self", .6), ("superior", 0)]:
        for i in items:
            a, b = clip(imp[i] + r.gauss(0, .7)), clip(perf[i] + able + bias + r.gauss(0, .7))
            x = r.random()
            if x < .04: b = ""
            elif x < .06: a = b = "-"
            elif x < .09 and s == "superior": b = "?"
            if i == "law" and p >= 4 and s == "superior": a = b = ""  # few were asked
            row += [a, b]
            long.append([row[0], u, job, s, i, b])
    wide.append(row)
head = ["person", "unit", "position", "share"] + [f"{s}_{i}_{k}" for s in ("self", "superior") for i in items for k in "ip"]
open("ratings.csv", "w").write("\n".join(",".join(x) for x in [head] + wide) + "\n")
open("long.csv", "w").write("\n".join(",".join(x) for x in [["person", "unit", "position", "source", "competency", "performance"]] + long) + "\n")
