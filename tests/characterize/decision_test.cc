// The threshold search on a latch whose law is known: delay = t0 - tau ln |difference - offset|.
#include "../../characterize/decision.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace mavis {
namespace {

struct Latch {
  double offset = 0;
  double late_above =
      1;  // decisions for one are this much slower to regenerate: the lopsidedness of real ones
  mutable int runs = 0;

  Decision operator()(double difference) const {
    ++runs;
    const double d = difference - offset;
    if (d == 0) return {};
    return {d > 0 ? 1 : -1, 50e-12 - 7e-12 * std::log(std::fabs(d) / (d > 0 ? late_above : 1.0))};
  }
};

DelayCurve nominal_curve() {
  const Latch latch;
  return DelayCurve::measure(std::cref(latch));
}

TEST(DelayCurve, TellsTheDistanceFromTheThreshold) {
  const DelayCurve curve = nominal_curve();
  ASSERT_TRUE(curve.valid());
  EXPECT_EQ(curve.threshold(), 0);
  for (double d : {0.1e-3, 0.7e-3, -3e-3, 40e-3, -100e-3})
    EXPECT_NEAR(curve.distance(Latch{}(d)), d, 1e-6 * std::fabs(d)) << d;
  EXPECT_EQ(curve.distance({}), 0);
  EXPECT_EQ(curve.distance({1, 0}), DelayCurve::kLargest);
}

TEST(DelayCurve, FindsTheThresholdOfACircuitThatIsNotSymmetric) {
  const Latch skewed{.offset = 37e-3};
  const DelayCurve curve = DelayCurve::measure(std::cref(skewed));
  ASSERT_TRUE(curve.valid());
  EXPECT_NEAR(curve.threshold(), 37e-3, 0.1e-3);
}

TEST(DelayCurve, IsNotValidForACircuitThatNeverDecides) {
  EXPECT_FALSE(DelayCurve::measure([](double) { return Decision{}; }).valid());
}

TEST(FindThreshold, BracketsIt) {
  const DelayCurve curve = nominal_curve();
  std::mt19937 random(1);
  std::normal_distribution<double> offsets(0, 20e-3);
  int runs = 0;
  for (int i = 0; i < 200; ++i) {
    const Latch latch{.offset = offsets(random)};
    const Threshold found = find_threshold(std::cref(latch), curve, 0, 0.5e-3);
    ASSERT_TRUE(found.found);
    EXPECT_NEAR(found.value, latch.offset, 0.05e-3);
    EXPECT_EQ(found.runs, latch.runs);
    runs += found.runs;
  }
  EXPECT_LE(runs, 200 * 9 / 2);
}

TEST(FindThreshold, HoldsItsWidthWhenDelaysAreLopsided) {
  const DelayCurve curve = nominal_curve();
  for (double lopsided : {0.3, 0.6, 2.0, 3.0})
    for (double offset : {-45e-3, -8e-3, 0.3e-3, 12e-3, 60e-3}) {
      const Latch latch{.offset = offset, .late_above = lopsided};
      const Threshold found = find_threshold(std::cref(latch), curve, 0, 0.5e-3);
      ASSERT_TRUE(found.found) << lopsided << " " << offset;
      EXPECT_NEAR(found.value, offset, 0.5e-3) << lopsided;
    }
}

TEST(FindThreshold, TakesAnUndecidedRunForTheThreshold) {
  const Latch latch{.offset = 5e-3};
  const Threshold found = find_threshold(std::cref(latch), nominal_curve(), 5e-3, 0.5e-3);
  EXPECT_EQ(found.value, 5e-3);
  EXPECT_EQ(found.runs, 1);
}

TEST(EstimateThreshold, EndsAtTheFirstDecisionThatIsClose) {
  const Latch latch{.offset = 21e-3};
  const Threshold found = estimate_threshold(std::cref(latch), nominal_curve(), 18e-3, 4e-3);
  EXPECT_EQ(found.runs, 1);
  EXPECT_NEAR(found.value, 21e-3, 0.1e-3);
  EXPECT_NEAR(estimate_threshold(std::cref(latch), nominal_curve(), -60e-3, 4e-3).value, 21e-3, 0.1e-3);
}

TEST(ReadDecision, TakesTheLastTimeThatTheOutputsPart) {
  // Part at 60 ps, meet again, part the other way at 110 ps (vdd 1 V, linear edges).
  const spice::Waveforms run({0, 50e-12, 70e-12, 80e-12, 100e-12, 120e-12, 1e-9},
                             {{"op", {0, 0, 1, 1, 0, 0, 0}}, {"on", {0, 0, 0, 0, 0, 1, 1}}});
  const Decision decision = read_decision(run, 1.0, 0.5e-9);
  EXPECT_EQ(decision.sign, -1);
  EXPECT_NEAR(decision.delay, 110e-12 - kDecisionStart, 1e-15);
  EXPECT_EQ(read_decision(run, 1.0, 100e-12 - kDecisionStart).sign, 0);  // ends between the two
}

}  // namespace
}  // namespace mavis
