# Reference values of stats/compare on random small data with ties, zeros,
# missing values and extreme sizes: R, coin, car and e1071.
#   Rscript battery.R ../ref      writes ranks, groups, counts and describe.json
suppressMessages({library(jsonlite); library(coin); library(car); library(e1071)})
dir <- commandArgs(TRUE)[1]
options(warn = -1)
set.seed(20260401)
alts <- c("two.sided", "less", "greater")
put <- function(name, cases) cat(toJSON(list(source = paste(R.version.string, "coin", packageVersion("coin"), "car", packageVersion("car")), cases = cases),
                                        auto_unbox = TRUE, digits = NA, na = "null", null = "null"), "\n", file = file.path(dir, paste0(name, ".json")))
# Whole numbers times a power of two: differences and ties are exact, so that
# nobody's rounding decides about a tie.
draw <- function(n, kind, scale) switch(kind,
  sample(1:5, n, TRUE), sample(0:2, n, TRUE), round(rnorm(n, 50, 12)), round(rexp(n) * 1e4), round(rnorm(n) * 2^20)) * scale
holes <- function(x, share) { x[runif(length(x)) < share] <- NA; x }
or <- function(e) tryCatch(e, error = function(e) NULL)
ends <- function(t) lapply(t$conf.int, function(v) if (is.finite(v)) v else NULL)
size <- function() sample(c(3:12, 20, 30, 45, 120), 1)

ranks <- function(i) {
  n <- size(); m <- size(); kind <- sample(5, 1); scale <- 1 # the test scales by powers of two
  a <- holes(draw(n, kind, scale), sample(c(0, 0, .1), 1)); b <- holes(draw(n, kind, scale) + sample(c(0, 0, scale), 1), 0)
  c <- holes(draw(m, kind, scale), sample(c(0, .1), 1)); alt <- sample(alts, 1); mu <- sample(c(0, 0, scale), 1)
  ok <- complete.cases(a, b); d <- (b - a)[ok]
  if (length(d) < 3 || all(d == mu) || sum(!is.na(c)) < 2 || sd(b[ok]) == 0 || sd(a[ok]) == 0) return(NULL)
  out <- list(a = a, b = b, c = c, alternative = sub(".", "-", alt, fixed = TRUE), null = mu)
  x <- d - mu
  w <- wilcox.test(x, alternative = alt, exact = FALSE)
  wn <- wilcox.test(x, alternative = alt, exact = FALSE, correct = FALSE)
  exact <- function(zero) as.numeric(pvalue(wilcoxsign_test(x ~ rep(0, length(x)), distribution = "exact", zero.method = zero, alternative = alt)))
  pratt <- as.numeric(pvalue(wilcoxsign_test(x ~ rep(0, length(x)), distribution = "asymptotic", zero.method = "Pratt", alternative = alt)))
  wa <- outer(d, d, "+") / 2
  out$wilcoxon <- list(v = unname(w$statistic), corrected = w$p.value, plain = wn$p.value, exact = exact("Wilcoxon"), pratt = exact("Pratt"), prattPlain = pratt,
                       median = median(wa[lower.tri(wa, TRUE)]))
  if (anyDuplicated(abs(x)) == 0 && all(x != 0) && length(x) < 50) {
    wi <- wilcox.test(d, mu = mu, alternative = alt, conf.int = TRUE, exact = TRUE)
    if (length(x) > 5) out$wilcoxon$ci <- ends(wi)
  }
  g <- c[!is.na(c)]; h <- a[!is.na(a)]
  u <- wilcox.test(h, g, mu = mu, alternative = alt, exact = FALSE); un <- wilcox.test(h, g, mu = mu, alternative = alt, exact = FALSE, correct = FALSE)
  out$mannwhitney <- list(u = unname(u$statistic), corrected = u$p.value, plain = un$p.value, median = median(outer(h, g, "-")))
  if (length(unique(c(h - mu, g))) > 1) {
    f <- factor(rep(c("a", "c"), c(length(h), length(g))))
    out$mannwhitney$exact <- as.numeric(pvalue(wilcox_test(c(h - mu, g) ~ f, distribution = "exact", alternative = alt)))
  }
  if (length(u) && anyDuplicated(c(h, g)) == 0 && length(h) < 50 && length(g) < 50 && length(h) > 4 && length(g) > 4)
    out$mannwhitney$ci <- ends(wilcox.test(h, g, mu = mu, alternative = alt, exact = TRUE, conf.int = TRUE))
  out$sign <- list(s = sum(x > 0), p = binom.test(sum(x > 0), sum(x != 0), alternative = alt)$p.value, median = median(d))
  p <- cor.test(a, b, alternative = alt)
  out$pearson <- list(r = unname(p$estimate), t = unname(p$statistic), p = p$p.value, ci = if (sum(ok) > 3) ends(p))
  s <- cor.test(a, b, alternative = alt, method = "spearman", exact = FALSE)
  out$spearman <- list(r = unname(s$estimate), p = { r <- unname(s$estimate); n <- sum(ok); q <- r * sqrt((n - 2) / ((1 - r) * (1 + r)))
    switch(alt, less = pt(q, n - 2), greater = pt(q, n - 2, lower = FALSE), 2 * pt(-abs(q), n - 2)) })
  free <- anyDuplicated(a[ok]) == 0 && anyDuplicated(b[ok]) == 0
  if (free && sum(ok) < 10) out$spearman$exact <- cor.test(a, b, alternative = alt, method = "spearman", exact = TRUE)$p.value
  k <- cor.test(a, b, alternative = alt, method = "kendall", exact = FALSE)
  out$kendall <- list(tau = unname(k$estimate), z = unname(k$statistic), p = k$p.value)
  if (free && sum(ok) < 50) out$kendall$exact <- cor.test(a, b, alternative = alt, method = "kendall", exact = TRUE)$p.value
  out
}
put("ranks", Filter(Negate(is.null), lapply(1:240, ranks)))

groups <- function(i) {
  k <- sample(c(2, 3, 3, 4, 5), 1); kind <- sample(5, 1); scale <- 2^sample(c(-4, 0, 0, 30), 1)
  # Numbers that lie far from nought take R's own digits: not here, but in the NIST sets.
  x <- lapply(seq_len(k), function(j) holes(draw(sample(c(2:8, 15, 30), 1), kind, scale) + sample(c(0, 1), 1) * scale, sample(c(0, .1), 1)))
  y <- lapply(x, function(v) v[!is.na(v)])
  if (min(lengths(y)) < 2 || any(sapply(y, sd) == 0)) return(NULL)
  v <- unlist(y); g <- factor(rep(seq_len(k), lengths(y)))
  out <- list(groups = x)
  pick <- function(t) list(statistic = unname(t$statistic), df = unname(t$parameter), p = t$p.value)
  out$anova <- pick(oneway.test(v ~ g, var.equal = TRUE)); out$welch <- pick(oneway.test(v ~ g)); out$kruskal <- pick(kruskal.test(v, g))
  lev <- function(c) { l <- leveneTest(v, g, center = c); list(statistic = l[1, 2], p = l[1, 3]) }
  out$levene <- lev(mean); out$brownforsythe <- lev(median)
  t <- TukeyHSD(aov(v ~ g))$g
  out$tukey <- lapply(seq_len(nrow(t)), function(r) list(diff = t[r, 1], p = t[r, 4], pair = rownames(t)[r]))
  out$gameshowell <- list()
  for (j in 2:k) for (i in seq_len(j - 1)) {
    wt <- t.test(y[[j]], y[[i]])
    out$gameshowell <- c(out$gameshowell, list(list(diff = mean(y[[j]]) - mean(y[[i]]), p = ptukey(abs(unname(wt$statistic)) * sqrt(2), k, wt$parameter, lower.tail = FALSE), pair = paste0(j, "-", i))))
  }
  n <- sample(c(2:10, 25), 1)
  f <- lapply(seq_len(k), function(j) holes(draw(n, kind, scale), sample(c(0, .05), 1)))
  fm <- do.call(cbind, f); fm <- fm[complete.cases(fm), , drop = FALSE]
  if (nrow(fm) > 1 && any(apply(fm, 1, function(r) length(unique(r)) > 1))) { out$conditions <- f; out$friedman <- pick(friedman.test(fm)) }
  out
}
put("groups", Filter(Negate(is.null), lapply(1:240, groups)))

counts <- function(i) {
  big <- sample(c(3, 8, 30, 400), 1); alt <- sample(alts, 1)
  two <- matrix(rpois(4, big), 2); level <- sample(c(.9, .95, .99), 1)
  r <- sample(2:4, 1); c <- sample(2:4, 1); if (r * c == 4) c <- 3
  tab <- matrix(rpois(r * c, sample(c(1, 2, 4), 1)), r)
  if (two[1, 2] + two[2, 1] == 0 || any(rowSums(two) == 0) || any(colSums(two) == 0) || any(rowSums(tab) == 0) || any(colSums(tab) == 0)) return(NULL)
  rows <- function(m) lapply(seq_len(nrow(m)), function(j) m[j, ])
  out <- list(two = rows(two), table = rows(tab), alternative = sub(".", "-", alt, fixed = TRUE), level = level)
  f <- fisher.test(two, alternative = alt, conf.level = level)
  out$fisher <- list(p = f$p.value, or = if (is.finite(f$estimate)) unname(f$estimate), ci = ends(f))
  out$fisherRxC <- fisher.test(tab, workspace = 2e7)$p.value
  out$chisq <- list(corrected = chisq.test(two)$p.value, plain = unname(chisq.test(two, correct = FALSE)$statistic), table = unname(chisq.test(tab)$statistic), p = chisq.test(tab)$p.value)
  out$mcnemar <- list(corrected = mcnemar.test(two)$p.value, plain = mcnemar.test(two, correct = FALSE)$p.value,
                      exact = binom.test(two[2, 1], two[2, 1] + two[1, 2], alternative = alt)$p.value)
  p0 <- sample(c(.05, .3, .5, .9), 1); k <- two[1, 1]; n <- k + two[1, 2]
  b <- binom.test(k, n, p0, alternative = alt, conf.level = level)
  out$binom <- list(p0 = p0, p = b$p.value, ci = ends(b), corrected = prop.test(k, n, p0, alternative = alt)$p.value, plain = prop.test(k, n, p0, alternative = alt, correct = FALSE)$p.value)
  out$prop2 <- prop.test(c(two[1, 1], two[2, 1]), rowSums(two), alternative = alt, correct = FALSE)$p.value
  p <- round(c(runif(sample(1:12, 1))^3, .5), 4); if (runif(1) < .3) p[1] <- NA
  out$adjust <- c(list(p = as.list(p)), sapply(c("holm", "hochberg", "hommel", "bonferroni", "BH", "BY"), function(m) as.list(p.adjust(p, m)), simplify = FALSE))
  out
}
put("counts", Filter(Negate(is.null), lapply(1:250, counts)))

describe <- function(i) {
  n <- sample(c(3:12, 25, 60), 1); m <- sample(c(2:9, 20), 1); kind <- sample(5, 1); scale <- 2^sample(c(-30, 0, 0, 30), 1); alt <- sample(alts, 1)
  x <- holes(draw(n, kind, scale), sample(c(0, .1), 1)); z <- draw(m, kind, scale); y <- x[!is.na(x)]
  if (length(y) < 3 || sd(y) == 0 || sd(z) == 0) return(NULL)
  p <- sample(c(0, .05, .1, .25, .3, .5, 2/3, .75, .9, 1), 1); mu <- sample(c(0, scale), 1)
  pick <- function(t) list(statistic = unname(t$statistic), p = t$p.value, ci = ends(t))
  list(x = x, z = z, alternative = sub(".", "-", alt, fixed = TRUE), null = mu, p = p, quantiles = sapply(1:9, function(k) unname(quantile(y, p, type = k))),
       mean = mean(y), sd = sd(y), mad = mad(y), skewness = skewness(y, type = 2), kurtosis = if (length(y) > 3) kurtosis(y, type = 2),
       w = unname(shapiro.test(y)$statistic), wp = shapiro.test(y)$p.value, one = pick(t.test(y, mu = mu, alternative = alt)), student = pick(t.test(y, z, mu = mu, alternative = alt, var.equal = TRUE)))
}
put("describe", Filter(Negate(is.null), lapply(1:220, describe)))
