// The threshold search on latches whose law is known: delay = t0 - tau ln |difference - offset|.
#include "../../characterize/threshold.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace mavis {
namespace {

constexpr double kTau = 7e-12;

struct Latch {
  double offset = 0;
  double late = 0;      // s, of all decisions
  double tau = kTau;    // s
  double lopsided = 0;  // below 4 mV decisions for one take so much longer, those for zero shorter
  mutable int decisions = 0;

  Decision operator()(double difference) const {
    ++decisions;
    const double d = difference - offset;
    if (d == 0) return {};
    const double log = std::log(std::fabs(d)), sign = d > 0 ? 1 : -1;
    const double regeneration =
        tau * (std::log(10e-3) - log) + sign * lopsided * tau * std::max(0.0, std::log(4e-3) - log);
    return {d > 0 ? 1 : -1, 80e-12 + late + regeneration};
  }
};

DelayCurve nominal_curve() {
  return DelayCurve::measure(Latch{});
}

Threshold find(const Latch& latch, const SearchSettings& settings) {
  return find_threshold([&](double difference, double) { return latch(difference); }, nominal_curve(),
                        settings);
}

TEST(FindThreshold, IsAccurateAndKnowsHowAccurate) {
  std::mt19937 random(1);
  std::normal_distribution<double> normal;
  int runs = 0, far = 0;
  for (int i = 0; i < 150; ++i) {
    const Latch latch{.offset = 20e-3 * normal(random),
                      .late = 2e-12 * normal(random),
                      .tau = kTau * (1 + 0.06 * normal(random)),
                      .lopsided = 0.15 * normal(random)};
    const Threshold found = find(latch, {.accuracy = 50e-6});
    ASSERT_TRUE(found.found);
    EXPECT_FALSE(found.by_bisection);
    EXPECT_LE(found.sigma, 50e-6);
    EXPECT_NEAR(found.value, latch.offset, 0.3e-3);
    far += std::fabs(found.value - latch.offset) > 2 * found.sigma ? 1 : 0;
    EXPECT_EQ(found.runs, latch.decisions);
    runs += found.runs;
  }
  EXPECT_LE(far, 15);
  EXPECT_LE(runs, 150 * 5);
}

TEST(FindThreshold, IsCloseAfterThreeDecisionsFromAGoodStart) {
  for (double off : {-0.9e-3, -0.2e-3, 0.4e-3, 1.1e-3}) {
    const Latch latch{.offset = 21e-3, .late = 1.7e-12, .tau = 1.04 * kTau};
    const SearchSettings settings{.start = latch.offset + off,
                                  .spread = 1e-3,
                                  .accuracy = 0,
                                  .most_probes = 3,
                                  .shift = -1.7 / 7 - 0.04 * std::log(10),
                                  .shift_spread = 0.05,
                                  .shift_at = 1e-3};
    const Threshold found = find(latch, settings);
    EXPECT_EQ(found.runs, 3);
    EXPECT_NEAR(found.value, latch.offset, 15e-6) << off;
  }
}

TEST(FindThreshold, TakesAnUndecidedRunForTheThreshold) {
  const Latch latch{.offset = 5e-3};
  const Threshold found = find(latch, {.start = 5e-3});
  EXPECT_EQ(found.value, 5e-3);
  EXPECT_EQ(found.runs, 1);
}

// Delays that say nothing, and delays that are wrong.
TEST(FindThreshold, BisectsWhereDelaysMislead) {
  const double offset = 17.3e-3;
  int runs = 0;
  for (double step : {0.0, 30e-12}) {
    const auto decide = [&](double difference, double) {
      return Decision{difference > offset ? 1 : -1, 90e-12 + (++runs % 2 == 0 ? step : 0)};
    };
    const Threshold found = find_threshold(decide, nominal_curve(), {.accuracy = 50e-6});
    ASSERT_TRUE(found.found);
    EXPECT_TRUE(found.by_bisection) << step;
    EXPECT_NEAR(found.value, offset, 50e-6) << step;
  }
}

TEST(FindThreshold, GivesUpOnACircuitThatDecidesOneWay) {
  const Threshold found = find_threshold(
      [](double, double) {
        return Decision{1, 90e-12};
      },
      nominal_curve(), {});
  EXPECT_FALSE(found.found);
}

}  // namespace
}  // namespace mavis
