#include "stats/surrogate.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "stats/moments.h"
#include "stats/sobol.h"

namespace mavis::stats {
namespace {

using Function = std::function<double(std::span<const double>)>;

std::vector<ShiftedRun> runs_of(const Function& f, std::size_t parameters, const std::vector<Shift>& shifts) {
  std::vector<ShiftedRun> runs;
  for (const Shift& shift : shifts) {
    std::vector<double> z(parameters, 0.0);
    for (const auto& [parameter, value] : shift) z[parameter] = value;
    runs.push_back({shift, f(z)});
  }
  return runs;
}

// Parameter 0 has a quartic, 1 a cubic, 2 a parabola, 3 a line, 4 nothing; pairs 0-1 and 0-3.
double quartic(std::span<const double> z) {
  return 3 + (z[0] - 0.5 * z[0] * z[0] + 0.2 * z[0] * z[0] * z[0] + 0.1 * std::pow(z[0], 4)) +
         (2 * z[1] + 0.3 * std::pow(z[1], 3)) + (0.7 * z[2] * z[2]) - 1.5 * z[3] + 0.4 * z[0] * z[1] -
         0.25 * z[0] * z[3];
}
const std::vector<Shift> kShifts = {{},        {{0, 1.}},          {{0, -1.}},         {{0, 2.}}, {{0, -2.}},
                                    {{1, 1.}}, {{1, -1.}},         {{1, 2.}},          {{2, 1.}}, {{2, -1.}},
                                    {{3, 1.}}, {{0, 1.}, {1, 1.}}, {{0, -1.}, {3, 1.}}};

TEST(Surrogate, IsExactForPolynomialsOfItsForm) {
  const Surrogate s(5, runs_of(quartic, 5, kShifts), Surrogate::Form::curved);
  const std::vector<double> z = {0.3, -1.7, 2.2, 0.9, 5};
  EXPECT_NEAR(s.value(z), quartic(z), 1e-12);
  // E z^2 = 1, E z^4 = 3.
  EXPECT_NEAR(s.mean(), 3 - 0.5 + 0.3 + 0.7, 1e-12);
  // By Var z = 1, Var z^2 = 2, Var z^3 = 15, Var z^4 = 96, Cov(z, z^3) = 3, Cov(z^2, z^4) = 12, Var z w = 1.
  const double quartic_variance = 1 + 0.25 * 2 + 0.04 * 15 + 0.01 * 96 + 2 * 0.2 * 3 + 2 * -0.5 * 0.1 * 12;
  const double cubic = 4 + 0.09 * 15 + 2 * 2 * 0.3 * 3, parabola = 0.49 * 2, line = 1.5 * 1.5;
  const double all = quartic_variance + cubic + parabola + line + 0.16 + 0.0625;
  EXPECT_NEAR(s.variance(), all, 1e-12);

  const std::vector<Share> shares = s.shares();
  ASSERT_EQ(shares.size(), 4U);
  EXPECT_EQ(shares[0].parameter, 1U);
  EXPECT_NEAR(shares[0].first_order, cubic / all, 1e-12);
  EXPECT_NEAR(shares[0].total, (cubic + 0.16) / all, 1e-12);
  EXPECT_NEAR(shares[0].slope, 2 + 3 * 0.3, 1e-12);
  EXPECT_EQ(shares[1].parameter, 0U);
  EXPECT_NEAR(shares[1].total, (quartic_variance + 0.16 + 0.0625) / all, 1e-12);
  EXPECT_EQ(shares[2].parameter, 3U);
  EXPECT_NEAR(shares[2].total, (line + 0.0625) / all, 1e-12);
  EXPECT_EQ(shares[3].parameter, 2U);
  EXPECT_NEAR(shares[3].slope, 0, 1e-12);
}

TEST(Surrogate, MomentsAreThoseOfItsOwnSample) {
  const Surrogate s(5, runs_of(quartic, 5, kShifts), Surrogate::Form::curved);
  const std::vector<double> sorted = s.sorted_sample();
  ASSERT_TRUE(std::is_sorted(sorted.begin(), sorted.end()));
  const Moments m = moments(sorted);
  EXPECT_NEAR(m.mean, s.mean(), 0.002 * m.sigma);
  EXPECT_NEAR(m.sigma, std::sqrt(s.variance()), 0.01 * m.sigma);
}

TEST(Surrogate, QuantilesOfALineAreTheNormalOnes) {
  const Function line = [](std::span<const double> z) { return 1 + 3 * z[0] - 4 * z[1]; };
  const Surrogate s(2, runs_of(line, 2, {{}, {{0, 1.}}, {{1, 1.}}}), Surrogate::Form::linear);
  const std::vector<double> sorted = s.sorted_sample();
  EXPECT_NEAR(sorted_quantile(sorted, 0.5), 1, 0.01);
  EXPECT_NEAR(sorted_quantile(sorted, 0.999), 1 + 5 * 3.0902323, 0.03);
  EXPECT_NEAR(sorted_quantile(sorted, 0.01), 1 - 5 * 2.3263479, 0.02);
}

TEST(Surrogate, LinearFormTakesSlopesByOppositePoints) {
  const Surrogate s(5, runs_of(quartic, 5, kShifts), Surrogate::Form::linear);
  // +-2 of parameter 0: 1 + 0.2 * 4; +-1 of 1 and 2; +1 alone of 3.
  const double expected = 1.8 * 1.8 + 2.3 * 2.3 + 0 + 1.5 * 1.5;
  EXPECT_NEAR(s.variance(), expected, 1e-12);
  EXPECT_NEAR(s.mean(), 3, 1e-12);
  EXPECT_EQ(s.shares().size(), 3U);
}

TEST(Surrogate, WithoutEffectIsAConstant) {
  const Surrogate s(2, std::vector<ShiftedRun>{{{}, 2}, {{{0, 1.}}, 2}}, Surrogate::Form::curved);
  EXPECT_EQ(s.variance(), 0);
  EXPECT_TRUE(s.shares().empty());
  EXPECT_EQ(s.value(std::vector<double>{3, 4}), 2);
}

TEST(Surrogate, RefusesRunsThatDoNotDefineIt) {
  const auto refused = [](std::vector<ShiftedRun> runs) {
    EXPECT_THROW(Surrogate(2, runs, Surrogate::Form::curved), std::invalid_argument);
  };
  refused({});
  refused({{{{0, 1.}}, 1}});  // no centre
  refused({{{}, NAN}});
  refused({{{}, 1}, {{}, 1}});                                  // twice
  refused({{{}, 1}, {{{2, 1.}}, 1}});                           // no such parameter
  refused({{{}, 1}, {{{0, 0.}}, 1}});                           // moves nothing
  refused({{{}, 1}, {{{0, 3.}}, 1}});                           // too far
  refused({{{}, 1}, {{{0, 1.}, {1, 1.}}, 1}, {{{0, 1.}}, 1}});  // a pair without one of its points
  refused({{{}, 1}, {{{1, 1.}, {0, 1.}}, 1}});                  // not rising
  refused({{{}, 1}, {{{0, 1.}}, 1}, {{{0, .5}}, 1}, {{{0, -1.}}, 1}, {{{0, 2.}}, 1}, {{{0, -2.}}, 1}});
  const Surrogate s(2, std::vector<ShiftedRun>{{{}, 1}}, Surrogate::Form::linear);
  EXPECT_THROW(s.value(std::vector<double>{1}), std::invalid_argument);
}

}  // namespace
}  // namespace mavis::stats
