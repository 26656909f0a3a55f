# Estimates of lme4 for the contacts in lme4_contacts.csv, written to lme4_estimates.csv.
#   Rscript tests/fairness/lme4_fixture.R
# Needs R with lme4 (Debian: r-cran-lme4). The product and its tests need neither: the two files are kept.
suppressMessages(library(lme4))
here <- "tests/fairness"
contacts <- read.csv(file.path(here, "lme4_contacts.csv"), colClasses = c(y = "numeric"), stringsAsFactors = TRUE)
contacts$cell <- interaction(contacts$queue, contacts$day, drop = TRUE)
contacts$hour <- factor(contacts$hour)
fitted <- lmer(
  y ~ type:channel + language + hour + site + cell + (1 | agent),
  data = contacts, REML = TRUE, control = lmerControl(check.rankX = "silent.drop.cols")
)
agents <- ranef(fitted, condVar = TRUE)$agent
sd <- sqrt(attr(agents, "postVar")[1, 1, ])
parts <- as.data.frame(VarCorr(fitted))
found <- data.frame(agent = rownames(agents), effect = agents[[1]], sd = sd)
found$agent_sd <- parts$sdcor[parts$grp == "agent"]
found$residual_sd <- sigma(fitted)
write.csv(found, file.path(here, "lme4_estimates.csv"), row.names = FALSE)
