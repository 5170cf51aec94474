# Reference values of stats/effect on 200 random small data sets with ties,
# zeros, missing values and extreme sizes: R's effectsize. Its search for the
# limits of the noncentrality stops at 1e-6, or far off; they are sought again
# here by uniroot.
#   Rscript effectsize.R > ../ref/effectsize.json
suppressMessages({library(effectsize); library(jsonlite)})
set.seed(20)
ci <- function(e, level) list(v = e[[1]], lo = e$CI_low, hi = e$CI_high)
root <- function(f, lo, hi) uniroot(f, c(lo, hi), tol = 1e-14, maxiter = 10000)$root
exact <- function(e, t, df, unit, level) { # limits of the noncentral t
  p <- (1 - level) / 2; w <- 20 + 3 * abs(t)
  at <- function(q) suppressWarnings(root(function(d) pt(t, df, d) - q, max(-37, t - w), min(37, t + w))) * unit
  list(v = e[[1]], lo = at(1 - p), hi = at(p))
}
noncentralF <- function(e, f, df1, df2, level) {
  p <- (1 - level) / 2; top <- 100 + 20 * f * df1
  at <- function(q) { g <- function(l) pf(f, df1, df2, l) - q; if (g(0) <= 0) 0 else root(g, 0, top) }
  lo <- at(1 - p); hi <- at(p)
  list(v = e[[1]], lo = lo / (lo + df2), hi = hi / (hi + df2))
}
quiet <- function(x) suppressMessages(suppressWarnings(x))
cases <- list()
while (length(cases) < 200) {
  i <- length(cases)
  na <- sample(c(2:12, 40), 1); nb <- sample(c(2:12, 60), 1); n <- sample(c(3:15, 50), 1)
  k <- sample(0:3, 1); size <- sample(c(1, 1, 1, 1e-3, 1e6), 1)
  a <- round(rnorm(na, sample(0:2, 1), sample(1:3, 1)), k) * size
  b <- round(rnorm(nb), k) * size
  before <- round(rnorm(n), k) * size; after <- round(before / size * .5 + rnorm(n, .4, .8), k) * size
  if (runif(1) < .3) { a <- c(a, NA); after[1] <- NA }
  a <- signif(a, 12); b <- signif(b, 12); before <- signif(before, 12); after <- signif(after, 12)
  keep <- !is.na(after)
  A <- a[!is.na(a)]; pre <- before[keep]; post <- after[keep]
  if (length(A) < 2 || length(pre) < 3 || sd(A) == 0 || sd(b) == 0 || sd(post - pre) < 1e-9 * size || all(post == pre)) next
  level <- sample(c(.8, .9, .95, .99), 1)
  t <- abs(mean(A) - mean(b)) / sqrt(var(A) / na + var(b) / nb)
  if (t > 15) next
  groups <- list(A, b, after[keep])
  y <- unlist(groups); g <- factor(rep(1:3, lengths(groups)))
  w <- quiet(aov(y ~ g))
  if (anova(w)$`Mean Sq`[2] < 1e-12 * size^2) next
  whole <- function(x) round(x / size * 10^k) # whole numbers: R takes the noise of decimals for sizes
  rp <- quiet(rank_biserial(whole(post), whole(pre), paired = TRUE, ci = level))
  nA <- length(A); va <- var(A); vb <- var(b)
  dp <- quiet(cohens_d(A, b)); gp <- quiet(hedges_g(A, b)); up <- sqrt(1 / nA + 1 / nb)
  du <- quiet(cohens_d(A, b, pooled_sd = FALSE)); se2 <- va / nA + vb / nb; uu <- sqrt(se2 / ((va + vb) / 2))
  dfw <- se2^2 / ((va / nA)^2 / (nA - 1) + (vb / nb)^2 / (nb - 1))
  dg <- quiet(glass_delta(A, b)); ug <- sqrt(va / vb / nA + 1 / nb)
  if (dp[[1]] == 0 || max(abs(c(dp[[1]] / up, du[[1]] / uu, dg[[1]] / ug))) > 12) next
  tab <- anova(w)
  e <- try(list(1, exact(dg, dg[[1]] / ug, nb - 1, ug, level)), silent = TRUE)
  if (inherits(e, "try-error")) next
  cases[[i + 1]] <- list(
    a = a, b = b, before = before, after = after, level = level,
    d = exact(dp, dp[[1]] / up, length(A) + nb - 2, up, level), g = exact(gp, dp[[1]] / up, length(A) + nb - 2, up * gp[[1]] / dp[[1]], level),
    unpooled = exact(du, du[[1]] / uu, dfw, uu, level),
    glass = exact(dg, dg[[1]] / ug, nb - 1, ug, level),
    cl = quiet(p_superiority(A, b))[[1]],
    clpaired = quiet(p_superiority(post, pre, paired = TRUE))[[1]],
    superiority = quiet(p_superiority(A, b, parametric = FALSE))[[1]],
    cliff = quiet(cliffs_delta(A, b))[[1]], matched = rp[[1]],
    matchedFull = if (all(post != 0)) ci(rp) else NULL,
    diffs = sum(post != pre), zeros = sum(post == 0),
    eta = noncentralF(quiet(eta_squared(w, partial = FALSE))[, -1], tab$F[1], 2, tab$Df[2], level),
    omega = quiet(omega_squared(w, partial = FALSE))[1, 2], epsilon = quiet(epsilon_squared(w, partial = FALSE))[1, 2])
}
cat(toJSON(list(source = paste(R.version.string, "effectsize", packageVersion("effectsize")), cases = cases),
           auto_unbox = TRUE, digits = I(17), na = "null", null = "null"))
