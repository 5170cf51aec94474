# Reference values of stats/model's regressions on 200 random small data sets
# with ties, zeros, missing values and extreme sizes: lm, sandwich, clubSandwich.
#   Rscript regression.R > ../ref/regression.json
suppressMessages({library(sandwich); library(clubSandwich); library(jsonlite)})
set.seed(5)
cases <- list()
while (length(cases) < 200) {
  n <- sample(c(8, 10, 15, 25, 60), 1); k <- sample(1:3, 1); dec <- sample(0:3, 1); size <- sample(c(1, 1, 1, 1e-4, 1e6), 1)
  g <- sample(c(3, 4, 5, 8), 1)
  cl <- paste0("c", sample(seq_len(g), n, replace = TRUE))
  X <- lapply(seq_len(k), function(j) round(rnorm(n, sample(c(0, 5, 100), 1), sample(c(1, 3), 1)), dec) * sample(c(1, 1, 1e3), 1))
  if (k > 1 && runif(1) < .5) X[[2]] <- as.numeric(cl %in% c("c1", "c2")) # constant within clusters
  y <- round(X[[1]] / (1 + max(abs(X[[1]]))) * 2 + rnorm(n) * (1 + abs(X[[1]]) / max(abs(X[[1]]), 1)) + rnorm(g)[as.integer(sub("c", "", cl))], dec) * size
  y <- signif(y, 12)
  if (runif(1) < .3) y[sample(n, 1)] <- NA
  d <- setNames(data.frame(y, X), c("y", paste0("x", seq_len(k)))); d$cl <- cl
  full <- d[complete.cases(d), ]
  f <- lm(reformulate(paste0("x", seq_len(k)), "y"), d)
  if (any(is.na(coef(f))) || f$df.residual < 2 || length(unique(full$cl)) < 3 || max(hatvalues(f)) > .999 || sd(full$y) == 0 || deviance(f) < 1e-10 * size^2) next
  lag <- sample(1:3, 1)
  cr2 <- suppressWarnings(try(coef_test(f, vcov = "CR2", cluster = full$cl, test = "Satterthwaite"), silent = TRUE))
  if (inherits(cr2, "try-error") || any(is.na(cr2$df_Satt)) || any(cr2$SE < 1e-8 * size * 1e-4)) next
  df <- if ("df_Satt" %in% names(cr2)) cr2$df_Satt else cr2$df
  s <- summary(f)
  wald <- function(V) { b <- coef(f)[-1]; as.numeric(t(b) %*% solve(V[-1, -1], b) / length(b)) }
  se <- function(V) unname(sqrt(diag(V)))
  nw <- try(se(NeweyWest(f, lag = lag, prewhite = TRUE, adjust = TRUE)), silent = TRUE)
  hc3 <- vcovHC(f, type = "HC3")
  w <- try(wald(hc3), silent = TRUE)
  if (inherits(w, "try-error")) next
  cases[[length(cases) + 1]] <- list(
    y = y, x = lapply(X, I), clusters = cl, lag = lag,
    b = unname(coef(f)), classical = se(vcov(f)), p = unname(s$coefficients[, 4]), sigma = s$sigma, r2 = s$r.squared, adjusted = s$adj.r.squared, f = unname(s$fstatistic[1]),
    HC0 = se(vcovHC(f, type = "HC0")), HC1 = se(vcovHC(f, type = "HC1")), HC2 = se(vcovHC(f, type = "HC2")), HC3 = se(hc3), wald = w,
    CR1 = se(vcovCL(f, cluster = full$cl, type = "HC1", cadjust = TRUE)), CR2 = cr2$SE, df = df,
    nw = se(NeweyWest(f, lag = lag, prewhite = FALSE, adjust = FALSE)), nwa = se(NeweyWest(f, lag = lag, prewhite = FALSE, adjust = TRUE)),
    nwp = if (inherits(nw, "try-error")) NULL else nw)
}
cat(toJSON(list(source = paste(R.version.string, "sandwich", packageVersion("sandwich"), "clubSandwich", packageVersion("clubSandwich")), cases = cases),
           auto_unbox = TRUE, digits = I(17), na = "null", null = "null"))
