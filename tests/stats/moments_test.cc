#include "stats/moments.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "util/draws.h"

namespace mavis::stats {
namespace {

// Reference figures of this sample are SciPy 1.10's.
const std::vector<double> kSample = {2.1, 3.4, 1.9, 5.6, 2.2, 2.8, 9.7, 3.3, 2.5, 4.1};

std::vector<double> normal_samples(std::size_t n, std::uint32_t trial) {
  std::vector<double> samples;
  for (std::size_t i = 0; i < n; ++i)
    samples.push_back(2.0 + 3.0 * normal_draw(7, Stream::local, trial, 1, i));
  return samples;
}

TEST(Moments, AgreeWithReference) {
  const Moments m = moments(kSample);
  EXPECT_EQ(m.n, 10u);
  EXPECT_DOUBLE_EQ(m.mean, 3.76);
  EXPECT_DOUBLE_EQ(m.sigma, 2.363707069649518);
  EXPECT_DOUBLE_EQ(m.mean_stderr, 0.7474698061534734);
  EXPECT_NEAR(m.sigma_stderr, 0.7754983154857589, 1e-14);  // kurtosis 5.08
  const Interval mean = mean_interval(m);                  // Boost 1.74 gives t to 3e-11
  EXPECT_NEAR(mean.low, 2.0691058240773, 1e-10);
  EXPECT_NEAR(mean.high, 5.4508941759227, 1e-10);
  const Interval sigma = sigma_interval(m);
  EXPECT_NEAR(sigma.low, 1.6258409409464483, 1e-12);
  EXPECT_NEAR(sigma.high, 4.315207694845664, 1e-12);
}

TEST(Shape, AgreesWithReferenceAndIsNormalWithoutSpread) {
  const Shape s = shape(kSample);
  EXPECT_NEAR(s.skewness, 1.7561496533730125, 1e-12);
  EXPECT_NEAR(s.kurtosis, 5.083384917934685, 1e-12);
  const std::vector<double> equal(5, 0.25);
  EXPECT_EQ(shape(equal).skewness, 0);
  EXPECT_EQ(shape(equal).kurtosis, 3);
}

TEST(Moments, FewSamplesGiveWhatTheyCan) {
  EXPECT_TRUE(std::isnan(moments({}).mean));
  const Moments one = moments(std::vector<double>{4.5});
  EXPECT_EQ(one.mean, 4.5);
  EXPECT_TRUE(std::isnan(one.sigma) && std::isnan(one.mean_stderr) && std::isnan(one.sigma_stderr));
  EXPECT_THROW(mean_interval(one), std::invalid_argument);
  EXPECT_THROW(sigma_interval(one), std::invalid_argument);
}

TEST(Moments, EqualSamplesHaveNoSpread) {
  const Moments m = moments(std::vector<double>(7, 0.1));
  EXPECT_EQ(m.mean, 0.1);
  EXPECT_EQ(m.sigma, 0);
  EXPECT_EQ(m.sigma_stderr, 0);
}

TEST(Moments, SpreadSurvivesALargeOffset) {
  std::vector<double> shifted;
  for (const double x : kSample) shifted.push_back(1e6 + x);
  EXPECT_NEAR(moments(shifted).sigma, 2.363707069649518, 1e-8);
}

TEST(Moments, NormalTheoryForLightTails) {
  const Moments m = moments(std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8});
  EXPECT_NEAR(m.sigma_stderr, m.sigma / std::sqrt(2.0 * 7), 1e-14);
}

TEST(Moments, RefuseWhatIsNotFinite) {
  const std::vector<double> nan = {1, std::nan("")};
  const std::vector<double> infinite = {1, std::numeric_limits<double>::infinity()};
  EXPECT_THROW(moments(nan), std::invalid_argument);
  EXPECT_THROW(moments(infinite), std::invalid_argument);
  EXPECT_THROW(quantile(nan, 0.5), std::invalid_argument);
}

// The promise of an interval: about 95 % of 95 % intervals hold the truth. 2000 trials have a standard error
// of 0.5 %, so the band below is four of them wide on each side.
TEST(Moments, IntervalsCoverTheTruth) {
  int mean = 0, sigma = 0, median = 0;
  const int trials = 2000;
  for (int t = 0; t < trials; ++t) {
    const std::vector<double> samples = normal_samples(16, static_cast<std::uint32_t>(t));
    const Moments m = moments(samples);
    const auto holds = [](Interval i, double truth) { return i.low <= truth && truth <= i.high; };
    mean += holds(mean_interval(m), 2.0);
    sigma += holds(sigma_interval(m), 3.0);
    median += holds(quantile(samples, 0.5).interval, 2.0);
  }
  EXPECT_NEAR(mean, 0.95 * trials, 40);
  EXPECT_NEAR(sigma, 0.95 * trials, 40);
  EXPECT_GE(median, 0.94 * trials);  // steps between ranks: covers more than asked for
}

TEST(Moments, SigmaErrorIsTheSpreadOfSigma) {
  std::vector<double> sigmas;
  double claimed = 0;
  for (std::uint32_t t = 0; t < 1000; ++t) {
    const Moments m = moments(normal_samples(64, t));
    sigmas.push_back(m.sigma);
    claimed += m.sigma_stderr / 1000;
  }
  EXPECT_NEAR(claimed / moments(sigmas).sigma, 1.0, 0.12);
}

TEST(StudentsT, TailAndQuantileAreInverse) {
  EXPECT_NEAR(t_tail(2.1213203435596424, 32), 0.0417355163216 / 2,
              1e-11);  // the density integrated numerically
  EXPECT_NEAR(t_tail(t_quantile(1e-7, 5), 5), 1e-7, 1e-15);
}

TEST(Proportion, AgreesWithReference) {
  const Interval some = proportion_interval(3, 20);
  EXPECT_NEAR(some.low, 0.05236874589621662, 1e-12);
  EXPECT_NEAR(some.high, 0.3604188647407569, 1e-12);
  const Interval none = proportion_interval(0, 20);
  EXPECT_EQ(none.low, 0);
  EXPECT_NEAR(none.high, 0.16112515805281935, 1e-12);
  EXPECT_EQ(proportion_interval(20, 20).high, 1);
  EXPECT_THROW(proportion_interval(1, 0), std::invalid_argument);
  EXPECT_THROW(proportion_interval(3, 2), std::invalid_argument);
  EXPECT_THROW(proportion_interval(1, 2, 1.0), std::invalid_argument);
}

TEST(Quantile, AgreesWithReferenceAndRanks) {
  EXPECT_DOUBLE_EQ(quantile(kSample, 0.25).value, 2.275);
  EXPECT_DOUBLE_EQ(quantile(kSample, 0.9).value, 6.01);
  // Binomial(10, 1/2): P(B <= 1) = 0.0107, P(B <= 2) = 0.0547, so ranks 2 and 9 of 10.
  const Quantile median = quantile(kSample, 0.5);
  EXPECT_EQ(median.interval.low, 2.1);
  EXPECT_EQ(median.interval.high, 5.6);
}

TEST(Quantile, SaysWhenSamplesAreTooFew) {
  const Quantile high = quantile(kSample, 0.999);
  EXPECT_TRUE(std::isinf(high.interval.high));
  EXPECT_EQ(high.interval.low, 9.7);
  const Quantile single = quantile(std::vector<double>{3.0}, 0.5);
  EXPECT_EQ(single.value, 3.0);
  EXPECT_TRUE(std::isinf(single.interval.low) && std::isinf(single.interval.high));
  EXPECT_THROW(quantile({}, 0.5), std::invalid_argument);
  EXPECT_THROW(quantile(kSample, 1.0), std::invalid_argument);
}

}  // namespace
}  // namespace mavis::stats
