"""Rows of pingouin and fast-krippendorff, where they are installed, in the form of the shared programs."""
import importlib

from common import *  # beside the shared programs

import pandas as pd


def package(name):
    try:
        return importlib.import_module(name)
    except ImportError as e:
        print(f"# absent: {name} ({e})", flush=True)


pre, post = f8("pre.f8"), f8("post.f8")
ratings = f8("ratings.f8", 10)
k, m = ratings.shape

pg = package("pingouin")
if pg:
    note("pingouin", pg.__version__)
    X = i8("likert.i8", 20).T
    items = pd.DataFrame(X.astype(float))
    bench("alpha", "pingouin.cronbach_alpha", f"{X.shape[0]}x20", lambda: pg.cronbach_alpha(items))
    n = len(pre)
    bench("paired_t", "pingouin.ttest", n, lambda: pg.ttest(post, pre, paired=True))
    part = min(10_000, n)
    bench("wilcoxon", "pingouin.wilcoxon", part, lambda: pg.wilcoxon(post[:part], pre[:part]), 3)
    bench("mann_whitney", "pingouin.mwu", f"{part}+{part}", lambda: pg.mwu(post[:part], pre[:part]), 3)
    d = pd.DataFrame(f8("ancova.f8", 8).T, columns=["y", "g", "pre", "c1", "c2", "c3", "c4", "c5"])
    bench("ancova", "pingouin.ancova", f"{len(d)}x8",
          lambda: pg.ancova(d, dv="y", between="g", covar=["pre", "c1", "c2", "c3", "c4", "c5"]), 1)
    d["g3"] = np.random.default_rng(1).integers(0, 3, len(d))
    bench("welch_anova", "pingouin.welch_anova", f"{len(d)} in 3 groups", lambda: pg.welch_anova(d, dv="y", between="g3"))
    bench("games_howell", "pingouin.pairwise_gameshowell", f"{len(d)} in 3 groups", lambda: pg.pairwise_gameshowell(d, dv="y", between="g3"))
    x = f8("b1000.f8")
    bench("boot_bca_mean", "pingouin.compute_bootci, bias-corrected only", f"n={len(x)}, B={B}",
          lambda: pg.compute_bootci(x, func="mean", n_boot=B, method="cper", seed=1))
    long = pd.DataFrame({"s": np.tile(np.arange(m), k), "r": np.repeat(np.arange(k), m), "x": ratings.ravel()})
    bench("icc", "pingouin.intraclass_corr", f"{m}x{k}", lambda: pg.intraclass_corr(long, targets="s", raters="r", ratings="x"), 1)

kr = package("krippendorff")
if kr:
    for level in ("nominal", "ordinal", "interval"):
        note("Krippendorff", level, kr.alpha(reliability_data=ratings, level_of_measurement=level))
        bench("krippendorff_" + level, "krippendorff.alpha", f"{m}x{k}", lambda: kr.alpha(reliability_data=ratings, level_of_measurement=level))
