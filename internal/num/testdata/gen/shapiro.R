# W and p of shapiro.test on data of many shapes.
#   Rscript shapiro.R > ../ref/shapiro.json
library(jsonlite)
set.seed(4)
out <- lapply(c(3, 3, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 20, 33, 50, 72, 120, 200), function(n) lapply(1:4, function(kind) {
  x <- switch(kind, rnorm(n), rexp(n) * 1e5, round(rnorm(n, 50, 10)), rt(n, 2) * 1e-6 + 1e-3)
  if (length(unique(x)) < 2) return(NULL)
  x <- as.numeric(sprintf("%.9g", x))
  s <- shapiro.test(x)
  list(x = x, w = unname(s$statistic), p = s$p.value)
}))
cat(toJSON(Filter(Negate(is.null), unlist(out, recursive = FALSE)), auto_unbox = TRUE, digits = NA), "\n")
