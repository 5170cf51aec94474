# Reference values of stats/model: difference in differences on unit changes
# (t.test for separate, lm for pooled spreads) and on four cells of independent
# values (the saturated lm; HC2 from sandwich).
#   Rscript did.R > ../ref/did.json
suppressMessages({library(jsonlite); library(sandwich)})
set.seed(5)
units <- function(i) {
  n <- sample(c(3, 4, 6, 15, 40), 1); treated <- c(TRUE, sample(c(TRUE, FALSE), n - 2, replace = TRUE), FALSE)
  before <- round(rnorm(n, 80, 5), 2); after <- before + round(rnorm(n, 1 + treated, 2), 2)
  if (n > 5 && runif(1) < .4) after[3] <- NA
  d <- after - before
  l <- summary(lm(d ~ treated)); ci <- confint(lm(d ~ treated))[2, ]
  pooled <- list(estimate = l$coef[2, 1], se = l$coef[2, 2], statistic = l$coef[2, 3], df = l$df[2], p = l$coef[2, 4], lo = ci[[1]], hi = ci[[2]])
  if (!is.finite(l$coef[2, 4])) return(NULL)
  separate <- NULL
  if (sum(!is.na(d[treated])) > 1 && sum(!is.na(d[!treated])) > 1) {
    w <- t.test(d[treated], d[!treated])
    separate <- list(estimate = unname(w$estimate[1] - w$estimate[2]), se = w$stderr, statistic = unname(w$statistic), df = unname(w$parameter), p = w$p.value, lo = w$conf.int[1], hi = w$conf.int[2])
  }
  list(before = before, after = after, treated = treated, pooled = pooled, separate = separate)
}
cells <- function(i) {
  x <- lapply(1:4, function(g) round(rnorm(sample(3:20, 1), 70 + g, g), 2))
  y <- unlist(x); g <- rep(1:4, lengths(x)); tr <- g <= 2; post <- g %in% c(2, 4)
  m <- lm(y ~ tr * post); s <- summary(m)
  list(cells = lapply(x, function(v) list(n = length(v), mean = mean(v), variance = var(v))),
       pooled = list(estimate = s$coef[4, 1], se = s$coef[4, 2], statistic = s$coef[4, 3], df = s$df[2], p = s$coef[4, 4]),
       hc2 = sqrt(vcovHC(m, "HC2")[4, 4]))
}
cat(toJSON(list(source = R.version.string, units = Filter(Negate(is.null), lapply(1:60, units)), cells = lapply(1:30, cells)), auto_unbox = TRUE, digits = NA, na = "null", null = "null"), "\n")
