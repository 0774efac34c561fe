// Where the threshold is predicted from the draws, three transients find it.
#include "../../characterize/threshold_prediction.h"

#include "characterize/own_circuit.h"

namespace mavis {
namespace {

constexpr double kVdd = 1.0, kCommonMode = 0.5;

// Within 0.5 uV.
double bisected(const DecideWithin& decide, double window, double near) {
  double low = near - 100e-6, high = near + 100e-6;
  EXPECT_LT(decide(low, window).sign, 0);
  EXPECT_GT(decide(high, window).sign, 0);
  while (high - low > 1e-6) {
    const double middle = (low + high) / 2;
    (decide(middle, window).sign > 0 ? high : low) = middle;
  }
  return (low + high) / 2;
}

TEST(ThresholdPrediction, FindsAThresholdInThreeTransients) {
  in_own_process([] {
    const plan::Bench& bench = plan::find_bench("comparator");
    const plan::Subject subject =
        plan::read_subject(home() / "netlists/comparators/strongarm.cir", "ptm45hp");
    spice::SharedSession session;
    session.load(spice::build_deck(bench.decks(subject, {"tt", kVdd, 27}, {}).at(0)).text);
    const std::vector<pdk::Parameter> parameters = subject.pdk.parameters(session.devices());
    std::vector<plan::Assignment> nominal;
    for (const pdk::Parameter& p : parameters)
      nominal.push_back({p.device, p.parameter, p.nominal, p.nominal});
    const DelayCurve curve = DelayCurve::measure(decider(session, kVdd, kCommonMode, {kWindow}));
    const DecideWithin decide = decider_within(session, kVdd, kCommonMode, curve);
    const auto prediction = ThresholdPrediction::measure(session, decide, curve, nominal);
    for (const double sign : {1.0, -1.0}) {
      std::vector<plan::Assignment> sample = nominal;
      for (std::size_t i = 0; i < sample.size(); ++i) {
        const pdk::Parameter& p = parameters[i];
        const double size = sign * (i % 2 == 0 ? 1.0 : -1.0) / static_cast<double>(1 + i / 2);
        sample[i].value = p.nominal + p.sigma * size;
        session.set(p.device, p.parameter, sample[i].value);
      }
      SearchSettings settings{.accuracy = 0, .most_probes = 3};
      prediction.apply(settings, sample);
      const Threshold found = find_threshold(decide, curve, settings);
      EXPECT_LE(found.runs, 4);  // the third once more in a longer window
      EXPECT_GT(std::fabs(found.value), 1e-3);
      EXPECT_NEAR(found.value, bisected(decide, 2 * curve.window(1e-7, 0), found.value), 8e-6);
    }
  });
}

}  // namespace
}  // namespace mavis
