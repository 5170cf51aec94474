# Reference values of stats/compare: Paired and Welch, from R's t.test on random
# small data with ties, missing values and extreme scales.
#   Rscript ttest.R > ../ref/ttest.json
suppressMessages(library(jsonlite))
set.seed(20260301)
one <- function(i) {
  n <- sample(c(2:6, 10, 25, 40), 1); m <- sample(c(2:6, 12, 30), 1)
  scale <- 10^sample(c(-6, -2, 0, 0, 0, 3, 8), 1); shift <- sample(c(0, 0, 5, 1e4), 1)
  a <- round(rnorm(n), sample(0:6, 1)) * scale + shift * scale
  b <- round(rnorm(n, .4), sample(0:6, 1)) * scale + shift * scale
  c <- round(rnorm(m, .2, 2), sample(0:6, 1)) * scale + shift * scale
  if (n > 5 && runif(1) < .4) { a[2] <- NA; b[4] <- NA }
  alt <- sample(c("two.sided", "less", "greater"), 1); level <- sample(c(.8, .95, .99), 1); mu <- sample(c(0, .3), 1) * scale
  ok <- complete.cases(a, b)
  if (sum(ok) < 2 || sd((b - a)[ok]) < 1e-9 * scale || sd(a, na.rm = TRUE) == 0 || sd(c) == 0) return(NULL)
  p <- t.test(b, a, paired = TRUE, alternative = alt, conf.level = level, mu = mu)
  w <- t.test(a, c, alternative = alt, conf.level = level, mu = mu)
  pick <- function(t, v) list(estimate = v, se = t$stderr, statistic = unname(t$statistic), df = unname(t$parameter), p = t$p.value,
                              lo = if (is.finite(t$conf.int[1])) t$conf.int[1] else NULL, hi = if (is.finite(t$conf.int[2])) t$conf.int[2] else NULL)
  list(a = a, b = b, c = c, alternative = sub(".", "-", alt, fixed = TRUE), level = level, null = mu,
       paired = pick(p, unname(p$estimate)), welch = pick(w, unname(w$estimate[1] - w$estimate[2])))
}
out <- Filter(Negate(is.null), lapply(1:120, one))
cat(toJSON(list(source = R.version.string, cases = out), auto_unbox = TRUE, digits = NA, na = "null", null = "null"), "\n")
