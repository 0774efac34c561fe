#include "stats/probit_fit.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "stats/moments.h"
#include "util/draws.h"

namespace mavis::stats {
namespace {

using Outcome = ProbitFit::Outcome;

// Reference: SciPy 1.10's minimize on the same likelihood, errors from the expected information.
TEST(ProbitFit, AgreesWithReference) {
  const std::vector<Decisions> counts = {
      {-2e-3, 1, 20}, {-1e-3, 4, 20}, {0, 11, 20}, {1e-3, 17, 20}, {2e-3, 20, 20}};
  const ProbitFit fit = probit_fit(counts);
  ASSERT_EQ(fit.outcome, Outcome::fitted);
  EXPECT_NEAR(fit.threshold, -0.00016312850562375498, 1e-10);
  EXPECT_NEAR(fit.sigma, 0.0010260085550625204, 1e-10);
  EXPECT_NEAR(fit.threshold_stderr, 0.00017043000219780355, 1e-10);
  EXPECT_NEAR(fit.sigma_stderr, 0.00016559454576027302, 1e-10);
}

TEST(ProbitFit, FarOutInputsDoNotUpsetIt) {
  std::vector<Decisions> counts = {
      {-2e-3, 1, 20}, {-1e-3, 4, 20}, {0, 11, 20}, {1e-3, 17, 20}, {2e-3, 20, 20}};
  counts.insert(counts.end(), {{-0.5, 0, 1000}, {0.5, 1000, 1000}, {0.1, 0, 0}});
  const ProbitFit fit = probit_fit(counts);
  ASSERT_EQ(fit.outcome, Outcome::fitted);
  EXPECT_NEAR(fit.threshold, -0.00016312850562375498, 1e-9);
  EXPECT_NEAR(fit.sigma, 0.0010260085550625204, 1e-9);
}

TEST(ProbitFit, FindsTruthWithinItsError) {
  std::vector<double> threshold_z, sigma_z;
  for (std::uint32_t trial = 0; trial < 200; ++trial) {
    std::vector<Decisions> counts;
    std::uint64_t index = 0;
    for (int step = -4; step <= 4; ++step) {
      Decisions d{step * 0.5, 0, 50};
      for (std::size_t i = 0; i < d.n; ++i)
        d.ones += d.input + 1.2 * normal_draw(3, Stream::noise, trial, 1, index++) > 0.3;
      counts.push_back(d);
    }
    const ProbitFit fit = probit_fit(counts);
    ASSERT_EQ(fit.outcome, Outcome::fitted);
    threshold_z.push_back((fit.threshold - 0.3) / fit.threshold_stderr);
    sigma_z.push_back((fit.sigma - 1.2) / fit.sigma_stderr);
  }
  for (const auto& z : {threshold_z, sigma_z}) {
    EXPECT_NEAR(moments(z).mean, 0, 0.3);
    EXPECT_NEAR(moments(z).sigma, 1, 0.2);
  }
}

TEST(ProbitFit, SaysWhenDataAreSeparable) {
  const ProbitFit clean = probit_fit(std::vector<Decisions>{{2, 5, 5}, {-1, 0, 5}, {0, 0, 5}, {1, 5, 5}});
  EXPECT_EQ(clean.outcome, Outcome::separable);
  EXPECT_EQ(clean.threshold, 0.5);
  EXPECT_EQ(clean.threshold_stderr, 0.5);
  EXPECT_TRUE(std::isnan(clean.sigma) && std::isnan(clean.sigma_stderr));
  // One input saw both: the likelihood still rises without end as sigma shrinks.
  const ProbitFit mixed = probit_fit(std::vector<Decisions>{{-1, 0, 5}, {0, 2, 5}, {3, 5, 5}});
  EXPECT_EQ(mixed.outcome, Outcome::separable);
  EXPECT_EQ(mixed.threshold, 1.0);
  EXPECT_EQ(mixed.threshold_stderr, 2.0);
}

TEST(ProbitFit, SaysWhenThereIsNothingToFit) {
  const auto outcome = [](std::vector<Decisions> counts) { return probit_fit(counts).outcome; };
  EXPECT_EQ(outcome({}), Outcome::one_sided);
  EXPECT_EQ(outcome({{0, 0, 5}, {1, 0, 5}}), Outcome::one_sided);
  EXPECT_EQ(outcome({{0, 5, 5}, {1, 5, 5}}), Outcome::one_sided);
  EXPECT_EQ(outcome({{0, 2, 5}}), Outcome::not_rising);
  EXPECT_EQ(outcome({{0, 5, 5}, {1, 0, 5}}), Outcome::not_rising);
  EXPECT_EQ(outcome({{0, 4, 5}, {1, 2, 5}, {2, 1, 5}}), Outcome::not_rising);
  EXPECT_THROW(outcome({{std::nan(""), 1, 2}}), std::invalid_argument);
  EXPECT_THROW(outcome({{0, 3, 2}}), std::invalid_argument);
}

}  // namespace
}  // namespace mavis::stats
