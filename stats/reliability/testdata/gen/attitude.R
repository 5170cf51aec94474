# What psych says of the items of R's attitude data, and the best split of all: the figures of attitude_test.go.
suppressMessages({library(psych)})
a <- suppressWarnings(alpha(attitude))
s <- splitHalf(as.matrix(attitude), raw = TRUE, covar = FALSE)
cov4 <- { # the best split, all tried, on covariances
  v <- cov(attitude); best <- -Inf
  for (b in 1:63) { h <- bitwAnd(b, 2^(0:6)) > 0; best <- max(best, 4 * sum(v[h, !h]) / sum(v)) }
  best
}
print(list(a$item.stats, lambda4 = s$maxrb, lambda6 = a$total, lambda4_covariances = cov4), digits = 15)
