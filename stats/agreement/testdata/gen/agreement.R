# Reference values of stats/agreement on 200 random data sets with ties, missing
# ratings, categories that prevail, very few subjects and far-off values.
# irr 0.84.1, irrCAC 1.0 and multilevel 2.8 are read as sources (their R folders
# in IRR, IRRCAC, MULTILEVEL); psych is installed.
#   IRR=… IRRCAC=… MULTILEVEL=… Rscript agreement.R > ../ref/agreement.json
suppressMessages({library(psych); library(jsonlite)})
read <- function(dir) { e <- new.env(); for (f in list.files(dir, "[.][rR]$", full.names = TRUE)) sys.source(f, e); e }
irr <- read(Sys.getenv("IRR")); cac <- read(Sys.getenv("IRRCAC")); ml <- read(Sys.getenv("MULTILEVEL"))
cac$round <- function(x, digits = 0) x # all digits, please
irr$round <- cac$round
try1 <- function(e) { v <- suppressWarnings(suppressMessages(tryCatch(e, error = function(c) NULL))); v }
num <- function(...) { v <- as.numeric(c(...)); if (length(v) == 0 || any(!is.finite(v))) NULL else I(v) }
set.seed(20)

draw <- function(i) {
  r <- sample(2:6, 1); n <- sample(c(2, 3, 5, 8, 12, 40), 1, prob = c(1, 2, 3, 3, 3, 4)); q <- sample(2:6, 1)
  kind <- sample(c("plain", "skewed", "scores", "far", "random"), 1, prob = c(4, 2, 2, 1, 1))
  truth <- if (kind == "skewed") sample(1:q, n, TRUE, prob = c(12, rep(1, q - 1))) else sample(1:q, n, TRUE)
  noise <- sample(c(.1, .3, .6), 1)
  x <- sapply(1:r, function(g) ifelse(runif(n) < noise, sample(1:q, n, TRUE), truth))
  x <- matrix(x, n)
  if (kind == "random") x[] <- sample(1:q, length(x), TRUE)
  if (kind == "scores") x[] <- x * 10 + sample(0:9, length(x), TRUE) / 4
  if (kind == "far") x[] <- x * 1e5 + 1e9
  gaps <- sample(c(0, 0, .1, .3), 1)
  x[runif(length(x)) < gaps] <- NA
  x
}

coefs <- function(x) {
  out <- list()
  y <- x[rowSums(!is.na(x)) > 0, , drop = FALSE] # irrCAC fails on a subject without ratings
  for (w in c("unweighted", "linear", "quadratic", "ordinal")) {
    one <- function(f) { e <- try1(f(y, weights = w)$est); if (is.null(e)) NULL else num(e$coeff.val, e$coeff.se) }
    out[[w]] <- list(gwet = one(cac$gwet.ac1.raw), fleiss = one(cac$fleiss.kappa.raw), bp = one(cac$bp.coeff.raw),
                     conger = one(cac$conger.kappa.raw))
  }
  kr <- function(m) { v <- try1(irr$kripp.alpha(t(y), m)$value); if (is.null(v)) NULL else num(v) }
  kripp <- list(nominal = kr("nominal"), ordinal = kr("ordinal"), interval = kr("interval"), ratio = kr("ratio"))
  full <- x[rowSums(is.na(x)) == 0, , drop = FALSE]
  res <- list(weights = out, kripp = kripp)
  if (nrow(full) >= 2) {
    k <- try1(irr$kappam.fleiss(full, detail = TRUE))
    if (!is.null(k)) res$fleiss <- list(all = num(k$value, k$statistic, k$p.value), detail = matrix(as.numeric(k$detail), ncol = 3))
    e <- try1(irr$kappam.fleiss(full, exact = TRUE)); if (!is.null(e)) res$exact <- num(e$value)
    w <- try1(irr$kendall(full, correct = TRUE)); if (!is.null(w)) res$kendall <- num(w$value, w$statistic, w$p.value)
    ic <- try1(ICC(full, lmer = FALSE)$results)
    if (!is.null(ic)) res$icc <- unname(as.matrix(ic[, 2:8]))
    two <- full[, 1:2]
    ck <- try1(cohen.kappa(two)); if (!is.null(ck)) res$cohen <- num(ck$kappa, sqrt(ck$var.kappa))
    # psych numbers the levels; the same where they are one apart
    lv <- sort(unique(as.vector(two)))
    if (!is.null(ck) && all(diff(lv) == 1)) res$quadratic <- num(ck$weighted.kappa, sqrt(ck$var.weighted))
    eq <- try1(irr$kappa2(two, "equal")); if (!is.null(eq) && all(diff(lv) == 1)) res$equal <- num(eq$value, eq$statistic)
    k2 <- try1(irr$kappa2(two)); if (!is.null(k2)) res$kappa2 <- num(k2$value, k2$statistic, k2$p.value)
    # r_wg: items are the raters here, all of one group
    s <- try1(ml$rwg.j(full, rep(1, nrow(full)), ranvar = 2)$rwg.j); if (!is.null(s)) res$rwgj <- num(s)
    s <- try1(ml$rwg(full[, 1], rep(1, nrow(full)), ranvar = 2)$rwg); if (!is.null(s)) res$rwg <- num(s)
  }
  res
}

cases <- lapply(1:200, function(i) { x <- draw(i); c(list(ratings = t(x)), coefs(x)) })
cat(toJSON(list(source = paste(R.version.string, "psych", packageVersion("psych"), "irr 0.84.1 irrCAC 1.0 multilevel 2.8"), cases = cases),
           auto_unbox = TRUE, digits = NA, na = "null", null = "null"), "\n")
