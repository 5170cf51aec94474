# Reference values of stats/reliability: raw and standardised alpha and Feldt's
# interval from psych::alpha on random Likert items; the rows for "attitude"
# of R's datasets are the published ones of the design.
#   Rscript alpha.R > ../ref/alpha.json
suppressMessages({library(psych); library(jsonlite)})
set.seed(11)
one <- function(i) {
  n <- sample(c(3, 5, 12, 60), 1); k <- sample(2:8, 1)
  f <- rnorm(n)
  x <- sapply(1:k, function(j) pmin(5, pmax(1, round(3 + .8 * f + rnorm(n)))))
  if (any(apply(x, 2, sd) == 0) || sd(rowSums(x)) == 0) return(NULL)
  a <- suppressWarnings(suppressMessages(alpha(x, check.keys = FALSE, warnings = FALSE)))
  ci <- alpha.ci(a$total$raw_alpha, n.obs = n, n.var = k)
  list(items = t(x), raw = a$total$raw_alpha, std = a$total$std.alpha, lo = ci$lower.ci, hi = ci$upper.ci)
}
out <- Filter(Negate(is.null), suppressWarnings(lapply(1:60, one)))
cat(toJSON(list(source = paste(R.version.string, "psych", packageVersion("psych")), cases = out), auto_unbox = TRUE, digits = NA), "\n")
