# Writes the data of the tests of bangkom stat, and what R says about them.
# Run in testdata/stat/gen: Rscript stat.R
suppressMessages({library(jsonlite); library(psych)})
set.seed(2026)
n <- 40
unit <- rep(c("Arsip", "Balai", "Cabang", "Dinas"), length.out = n)
trained <- rep(c("ya", "ya", "tidak"), length.out = n)
ability <- rnorm(n)
pre <- round(60 + 8 * ability + rnorm(n, sd = 4))
post <- round(pre + ifelse(trained == "ya", 6, 1) + rnorm(n, sd = 4))
later <- round(post - 2 + rnorm(n, sd = 4))
likert <- function(sign = 1) pmin(5, pmax(1, round(3.2 + sign * 0.9 * ability + rnorm(n, sd = 0.8))))
q <- sapply(c(1, 1, 1, -1, 1), likert)
score <- function(severity) pmin(10, pmax(1, round(6 + 1.5 * ability + severity + rnorm(n))))
r <- sapply(c(0, 0.5, -1), score)
grade <- function(x) cut(x, c(-Inf, 5, 7, Inf), c("cukup", "baik", "unggul"))
item <- sapply(c(-1, -0.4, 0, 0.5), function(b) as.integer(ability + rnorm(n) > b))
passed0 <- ifelse(pre >= 62, "ya", "tidak")
passed1 <- ifelse(post >= 62, "ya", "tidak")
d <- data.frame(id = sprintf("P%02d", 1:n), unit, trained, pre, post, later,
  q1 = q[, 1], q2 = q[, 2], q3 = q[, 3], q4 = q[, 4], q5 = q[, 5],
  r1 = r[, 1], r2 = r[, 2], r3 = r[, 3], g1 = grade(r[, 1]), g2 = grade(r[, 2]), g3 = grade(r[, 3]),
  i1 = item[, 1], i2 = item[, 2], i3 = item[, 3], i4 = item[, 4], passed0, passed1)
d[3, "post"] <- NA; d[8, "q2"] <- NA; d[11, "r3"] <- NA; d[15, "g2"] <- NA
text <- sapply(d, as.character)
text[3, "post"] <- ""; text[8, "q2"] <- "NA"; text[11, "r3"] <- "."; text[15, "g2"] <- "."
write.csv(text, "../people.csv", row.names = FALSE, quote = FALSE)
write.csv(text[complete.cases(d[, c("g1", "g2", "g3")]), c("id", "g1", "g2", "g3")], "../graded.csv", row.names = FALSE, quote = FALSE)

long <- rbind(
  data.frame(id = d$id, unit = d$unit, occasion = "pre", score = d$pre),
  data.frame(id = d$id, unit = d$unit, occasion = "post", score = d$post))
write.csv(long[order(sample(nrow(long))), ], "../long.csv", row.names = FALSE, quote = FALSE)

ok <- complete.cases(d$pre, d$post)
ht <- function(t) list(statistic = unname(t$statistic), p = t$p.value, df = unname(t$parameter[1]), lo = t$conf.int[1], hi = t$conf.int[2])
y <- d$trained == "ya"
tt <- t.test(d$post, d$pre, paired = TRUE)
we <- t.test(d$post[!y], d$post[y])
st <- t.test(d$post[!y], d$post[y], var.equal = TRUE)
ao <- oneway.test(pre ~ unit, d, var.equal = TRUE)
wa <- oneway.test(pre ~ unit, d)
kw <- kruskal.test(pre ~ factor(unit), d)
fr <- friedman.test(as.matrix(d[ok, c("pre", "post", "later")]))
tk <- TukeyHSD(aov(pre ~ factor(unit), d))[[1]]
cs <- chisq.test(table(d$unit, d$passed1))
fi <- fisher.test(table(d$trained, d$passed1))
mc <- mcnemar.test(table(d$passed0, d$passed1))
keyed <- d[, paste0("q", 1:5)]; keyed$q4 <- 6 - keyed$q4
al <- suppressWarnings(psych::alpha(keyed[complete.cases(keyed), ], check.keys = FALSE))
ic <- psych::ICC(as.matrix(d[complete.cases(d[, c("r1", "r2", "r3")]), c("r1", "r2", "r3")]), lmer = FALSE)
ka <- psych::cohen.kappa(cbind(d$r1, d$r2), w = NULL)
# from their definitions
g <- as.matrix(sapply(d[complete.cases(d[, c("g1", "g2", "g3")]), c("g1", "g2", "g3")], as.character))
counts <- t(apply(g, 1, function(x) table(factor(x, c("baik", "cukup", "unggul")))))
pa <- mean(rowSums(counts * (counts - 1)) / (3 * 2)); share <- colMeans(counts) / 3
fl <- (pa - sum(share^2)) / (1 - sum(share^2))
gw <- (pa - sum(share * (1 - share)) / 2) / (1 - sum(share * (1 - share)) / 2)
x <- as.matrix(d[, c("r1", "r2", "r3")]); x <- x[rowSums(!is.na(x)) > 1, ]
within <- sum(apply(x, 1, function(v) { v <- v[!is.na(v)]; sum(outer(v, v, "-")^2) / (length(v) - 1) }))
v <- x[!is.na(x)]; kp <- 1 - (within / length(v)) / (sum(outer(v, v, "-")^2) / (length(v) * (length(v) - 1)))
lmf <- lm(post ~ pre + trained, d)
hc3 <- sqrt(diag(sandwich::vcovHC(lmf, "HC3")))
did <- t.test((d$post - d$pre)[y], (d$post - d$pre)[!y])
pe <- cor.test(d$pre, d$post); sp <- cor.test(d$pre, d$post, method = "spearman", exact = FALSE); ke <- cor.test(d$pre, d$post, method = "kendall", exact = FALSE)
out <- list(
  describe = list(mean = mean(d$pre), sd = sd(d$pre), q1 = unname(quantile(d$pre, .25)), median = median(d$pre), mad = mad(d$pre)),
  paired = ht(tt), welch = ht(we), student = ht(st),
  anova = list(statistic = unname(ao$statistic), p = ao$p.value), welchanova = list(statistic = unname(wa$statistic), p = wa$p.value, df2 = unname(wa$parameter[2])),
  kruskal = list(statistic = unname(kw$statistic), p = kw$p.value), friedman = list(statistic = unname(fr$statistic), p = fr$p.value),
  tukey = list(difference = unname(tk[1, 1]), p = unname(tk[1, 4])),
  chisq = list(statistic = unname(cs$statistic), p = cs$p.value),
  fisher = list(estimate = unname(fi$estimate), p = fi$p.value, lo = fi$conf.int[1], hi = fi$conf.int[2]),
  mcnemar = list(statistic = unname(mc$statistic), p = mc$p.value),
  alpha = list(raw = al$total$raw_alpha, std = al$total$std.alpha, lambda6 = al$total$`G6(smc)`, drop1 = al$alpha.drop$raw_alpha[1], r_drop1 = al$item.stats$r.drop[1]),
  icc = list(est = ic$results$ICC, lo = ic$results$`lower bound`, hi = ic$results$`upper bound`),
  kappa = list(unweighted = ka$kappa, quadratic = ka$weighted.kappa),
  fleiss = fl, gwet = gw, krippendorff = kp,
  ols = list(pre = unname(coef(lmf)[2]), trained = unname(coef(lmf)[3]), se_trained = unname(hc3[3])),
  did = list(statistic = unname(did$statistic), p = did$p.value, df = unname(did$parameter)),
  cor = list(pearson = ht(pe)[c("statistic", "p", "lo", "hi")], spearman = unname(sp$estimate), kendall = list(tau = unname(ke$estimate), p = ke$p.value)),
  padjust = lapply(c(holm = "holm", hommel = "hommel", BY = "BY"), function(m) p.adjust(c(0.01, 0.04, 0.03, 0.2), m)))
write(toJSON(out, digits = NA, auto_unbox = TRUE, pretty = TRUE), "../ref.json")
