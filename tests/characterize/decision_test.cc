// The delay curve of a latch whose law is known: delay = t0 - tau ln |difference - offset|.
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

TEST(ReadDecision, TakesTheLastTimeThatTheOutputsPart) {
  // Part at 60 ps, meet again, part the other way at 110 ps (vdd 1 V, linear edges).
  const spice::Waveforms run({0, 50e-12, 70e-12, 80e-12, 100e-12, 120e-12, 140e-12, 1e-9},
                             {{"op", {0, 0, 1, 1, 0, 0, 0, 0}}, {"on", {0, 0, 0, 0, 0, 1, 2, 2}}});
  const Decision decision = read_decision(run, 1.0, 0.5e-9);
  EXPECT_EQ(decision.sign, -1);
  EXPECT_NEAR(decision.delay, 110e-12 - kDecisionStart, 1e-15);
  EXPECT_EQ(read_decision(run, 1.0, 100e-12 - kDecisionStart).sign, 0);  // ends between the two
}

}  // namespace
}  // namespace mavis
