# Rankings of 60 people x 5 items with missing answers, resampled by R's boot:
# people, and people within strata. Usage: Rscript boot.R > ../ref/boot.json
library(boot)
library(jsonlite)
B <- 20000
set.seed(20261129)
n <- 60
k <- 5
draw <- function(mid) matrix(pmin(5, pmax(1, round(rnorm(n * k, rep(mid, each = n), 1)))), n)
I <- draw(c(4.0, 3.9, 3.6, 3.6, 3.0))
P <- draw(c(2.9, 3.0, 2.8, 2.9, 3.1))
I[runif(n * k) < .08] <- NA
P[runif(n * k) < .08] <- NA
stratum <- rep(c("a", "b", "c"), c(10, 20, 30))

pairs <- function(f) function(rows, i) sapply(1:k, function(j) {
  ok <- !is.na(I[i, j]) & !is.na(P[i, j])
  f(I[i, j][ok], P[i, j][ok])
})
methods <- list(
  "borich" = pairs(function(i, p) mean(i - p) * mean(i)),
  "borich-own" = pairs(function(i, p) mean(i * (i - p))),
  "pni-modified" = pairs(function(i, p) mean(i - p) / mean(p)),
  "rdm" = pairs(function(i, p) -100 * mean(sign(p - i))),
  "share-below" = pairs(function(i, p) mean(i > p))
)
summary <- function(b) {
  t <- round(b$t, 9) # equal shares are equal
  rank <- t(apply(-t, 1, base::rank, ties.method = "min"))
  list(
    score = b$t0, mean = colMeans(b$t), sd = apply(b$t, 2, sd),
    lo = apply(b$t, 2, quantile, .025), hi = apply(b$t, 2, quantile, .975),
    ranks = t(sapply(1:k, function(j) tabulate(rank[, j], k) / B)),
    above = sapply(1:k, function(j) colMeans(t > t[, j])),
    tau = mean(apply(t, 1, cor, y = b$t0, method = "kendall"))
  )
}
digits <- function(x) apply(x, 1, function(r) paste(ifelse(is.na(r), ".", r), collapse = ""))
out <- list(want = digits(I), have = digits(P), stratum = stratum, resamples = B, people = list(), strata = list())
for (m in names(methods)) {
  out$people[[m]] <- summary(boot(seq_len(n), methods[[m]], R = B))
  out$strata[[m]] <- summary(boot(seq_len(n), methods[[m]], R = B, strata = as.integer(factor(stratum))))
}
cat(toJSON(out, auto_unbox = TRUE, digits = 10, pretty = FALSE), "\n", sep = "")
