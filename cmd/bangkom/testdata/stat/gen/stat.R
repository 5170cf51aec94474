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
# omega by maximum likelihood, with its standard error by the delta method
kc <- keyed[complete.cases(keyed), ]
cfa <- lavaan::cfa("f =~ a*q1 + b*q2 + c*q3 + d*q4 + e*q5
  q1 ~~ u*q1\n q2 ~~ v*q2\n q3 ~~ w*q3\n q4 ~~ x*q4\n q5 ~~ y*q5
  omega := (a+b+c+d+e)^2 / ((a+b+c+d+e)^2 + u+v+w+x+y)", kc, std.lv = TRUE)
om <- subset(lavaan::parameterEstimates(cfa), lhs == "omega")
# items: the groups by score share the people tied at the edge
it <- item; total <- rowSums(it)
weigh <- function(score, size) { # highest first
  w <- numeric(length(score))
  for (s in sort(unique(score), decreasing = TRUE)) { k <- score == s; w[k] <- min(1, size / sum(k)); size <- size - sum(w[k]); if (size <= 1e-12) break }
  w
}
up <- weigh(total, .27 * n); low <- weigh(-total, .27 * n)
ia <- suppressWarnings(psych::alpha(as.data.frame(it), check.keys = FALSE))
share1 <- mean(it[, 1]); r1t <- cor(it[, 1], total)
items <- list(difficulty = share1, r = r1t, corrected = ia$item.stats$r.drop[1], dropped = ia$alpha.drop$raw_alpha[1],
  biserial = r1t * sqrt(share1 * (1 - share1)) / dnorm(qnorm(share1)), D = sum(up * it[, 1]) / sum(up) - sum(low * it[, 1]) / sum(low))
# exact tests by ranks and by permutation, with ties
two <- data.frame(v = c(d$post[ok], d$pre[ok]), when = factor(rep(c("b", "a"), each = sum(ok))), id = factor(rep(d$id[ok], 2)))
known <- !is.na(d$post); grp <- factor(d$trained[known], c("tidak", "ya"))
p <- function(t) as.numeric(coin::pvalue(t))
change <- d$post[ok] - d$pre[ok]; means <- outer(change, change, "+") / 2
exact <- list(
  wilcoxon = list(pratt = p(coin::wilcoxsign_test(d$post[ok] ~ d$pre[ok], zero.method = "Pratt", distribution = "exact")),
    wilcox = p(coin::wilcoxsign_test(d$post[ok] ~ d$pre[ok], zero.method = "Wilcoxon", distribution = "exact")),
    less = p(coin::wilcoxsign_test(d$post[ok] ~ d$pre[ok], zero.method = "Pratt", distribution = "exact", alternative = "less")),
    asymptotic = wilcox.test(d$post[ok], d$pre[ok], paired = TRUE, exact = FALSE)$p.value,
    estimate = median(means[upper.tri(means, diag = TRUE)])),
  sign = list(p = binom.test(sum(change > 0), sum(change != 0))$p.value, greater = binom.test(sum(change > 0), sum(change != 0), alternative = "greater")$p.value, estimate = median(change)),
  mannwhitney = list(p = p(coin::wilcox_test(d$post[known] ~ grp, distribution = "exact")), greater = p(coin::wilcox_test(d$post[known] ~ grp, distribution = "exact", alternative = "greater")),
    asymptotic = wilcox.test(d$post[known] ~ grp, exact = FALSE)$p.value, u = unname(suppressWarnings(wilcox.test(d$post[known] ~ grp))$statistic),
    estimate = median(outer(d$post[known & !y], d$post[known & y], "-"))),
  mcnemar = binom.test(table(d$passed0, d$passed1)["tidak", "ya"], sum(d$passed0 != d$passed1), alternative = "greater")$p.value,
  perm = list(paired = p(coin::oneway_test(v ~ when | id, two, distribution = "exact")), independent = p(coin::oneway_test(d$post[known] ~ grp, distribution = "exact")),
    less = p(coin::oneway_test(d$post[known] ~ grp, distribution = "exact", alternative = "less"))))
to <- list(paired = list(above = t.test(d$later, d$post, paired = TRUE, mu = -2, alternative = "greater")$p.value, below = t.test(d$later, d$post, paired = TRUE, mu = 2, alternative = "less")$p.value),
  welch = list(above = t.test(d$post[!y], d$post[y], mu = -5, alternative = "greater")$p.value, below = t.test(d$post[!y], d$post[y], mu = 5, alternative = "less")$p.value))
# ancova: adjusted means, their difference, and the test of equal slopes, with HC3
af <- lm(post ~ pre + trained, d[known, ]); as <- lm(post ~ pre * trained, d[known, ])
em <- emmeans::emmeans(af, ~trained, vcov. = sandwich::vcovHC(af, "HC3")); ems <- summary(em); emp <- summary(emmeans::contrast(em, "revpairwise"), infer = TRUE)
sl <- lmtest::coeftest(as, sandwich::vcovHC(as, "HC3"))
an <- list(adjusted = ems$emmean, se = ems$SE, difference = emp$estimate, p = emp$p.value, lo = emp$lower.CL, slopes = sl[4, 4],
  classical = anova(lm(post ~ pre, d[known, ]), af)[2, "F"])
nwf <- lm(post ~ pre, d[known, ]); nw <- function(...) sqrt(diag(sandwich::NeweyWest(nwf, ...)))
# every resample of four values, and BCa with the acceleration of the jackknife
pv <- c(0.01, 0.04, 0.03, 0.2); all4 <- rowMeans(matrix(pv[as.matrix(expand.grid(1:4, 1:4, 1:4, 1:4))], ncol = 4))
leave <- sapply(1:4, function(i) mean(pv[-i])); l <- mean(leave) - leave; acc <- sum(l^3) / (6 * sum(l^2)^1.5)
z0 <- qnorm(mean(all4 < mean(pv) - 1e-12) + mean(abs(all4 - mean(pv)) <= 1e-12) / 2); z <- qnorm(c(.025, .975))
bo <- list(se = sqrt(mean((all4 - mean(all4))^2)), percentile = unname(quantile(all4, c(.025, .975))), acceleration = acc, z0 = z0,
  bca = unname(quantile(all4, pnorm(z0 + (z0 + z) / (1 - acc * (z0 + z))))))
out <- list(
  omega = list(est = om$est, se = om$se), items = items, exact = exact, tost = to, ancova = an, boot = bo,
  neweywest = list(plain = nw(lag = 2, prewhite = FALSE, adjust = FALSE)[2], full = nw(lag = 2, prewhite = 1, adjust = TRUE)[2]),
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
