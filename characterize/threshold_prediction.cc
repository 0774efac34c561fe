#include "threshold_prediction.h"

#include <array>
#include <cmath>
#include <stdexcept>

namespace mavis {
namespace {

// Distances from the threshold at which decisions for both sides are made, V: where sides differ by `side`
// alone, where a search's first decision is likely to be, and near enough to locate the threshold.
constexpr std::array kDistances = {8e-3, 0.7e-3, 0.15e-3, 0.04e-3};
constexpr double kStep = 5e-3;      // V, of a threshold voltage
constexpr double kRelative = 0.02;  // of what is not 0 nominally
constexpr double kWindowMargin = 1.5;
// What linear responses leave, as measured on strongarm: a part that is always there, and a share of all
// responses together.
constexpr double kSpread = 0.3e-3, kLawSpread = 0.02, kUnexplained = 0.3;

struct Pair {
  double center = 0, distance = 0;  // V
  double up = 0, down = 0;          // ln of the distance by the curve, ln V
};

}  // namespace

// Decisions at growing nearness, each pair about the threshold as the one before it shows it.
bool ThresholdPrediction::measure_law(const DecideWithin& decide, const DelayCurve& curve, Law& law) {
  std::array<Pair, kDistances.size()> pairs;
  double center = curve.threshold();
  for (std::size_t k = 0; k < pairs.size(); ++k) {
    const double window = kWindowMargin * curve.window(kDistances[k] / 2, 0);
    const Decision up = decide(center + kDistances[k], window);
    const Decision down = decide(center - kDistances[k], window);
    if (up.sign <= 0 || down.sign >= 0) return false;
    pairs[k] = {center, kDistances[k], curve.log_distance(up.delay), curve.log_distance(down.delay)};
    center += kDistances[k] * std::tanh((pairs[k].down - pairs[k].up) / 2);
  }
  law.threshold = center;
  // The nearest pair locates the threshold but for what sides differ there, which the others tell.
  for (int pass = 0; pass < 4; ++pass) {
    std::array<double, kDistances.size()> both{}, side{};
    for (std::size_t k = 0; k < pairs.size(); ++k) {
      const Pair& p = pairs[k];
      const double up = p.up - std::log(p.center + p.distance - law.threshold);
      const double down = p.down - std::log(law.threshold - p.center + p.distance);
      both[k] = (up + down) / 2;
      side[k] = (up - down) / 2;
    }
    law.shift = both[1];
    law.scale = (both[1] - both[3]) / std::log(kDistances[1] / kDistances[3]);
    law.side = side[0];
    law.lopsided = (side[1] - side[0]) / std::log(kDistances[1] / kLopsidedBelow);
    const Pair& nearest = pairs.back();
    const double differ = law.side + law.lopsided * std::log(nearest.distance / kLopsidedBelow);
    law.threshold = nearest.center + nearest.distance * std::tanh((nearest.down - nearest.up) / 2 + differ);
  }
  return true;
}

ThresholdPrediction ThresholdPrediction::measure(spice::Session& session, const DecideWithin& decide,
                                                 const DelayCurve& curve,
                                                 const std::vector<plan::Assignment>& assignments) {
  ThresholdPrediction prediction;
  prediction.nominal_.threshold = curve.threshold();
  const bool known = measure_law(decide, curve, prediction.nominal_);
  const Law& nominal = prediction.nominal_;
  for (const plan::Assignment& a : assignments) {
    Law& response = prediction.responses_.emplace_back();
    if (!known || a.device.empty()) continue;  // a kit's own draw has no nominal neighbour
    const double step = a.nominal == 0 ? kStep : kRelative * a.nominal;
    session.set(a.device, a.parameter, a.nominal + step);
    Law law;
    if (measure_law(decide, curve, law))
      response = {(law.threshold - nominal.threshold) / step, (law.shift - nominal.shift) / step,
                  (law.scale - nominal.scale) / step, (law.side - nominal.side) / step,
                  (law.lopsided - nominal.lopsided) / step};
    session.set(a.device, a.parameter, a.nominal);
  }
  return prediction;
}

void ThresholdPrediction::apply(SearchSettings& settings,
                                const std::vector<plan::Assignment>& assignments) const {
  if (assignments.size() != responses_.size())
    throw std::invalid_argument("a prediction for other parameters");
  const auto predict = [&](double Law::*member, double& mean, double& spread, double least) {
    double squares = 0;
    mean = nominal_.*member;
    for (std::size_t i = 0; i < assignments.size(); ++i) {
      const double moved = responses_[i].*member * (assignments[i].value - assignments[i].nominal);
      mean += moved;
      squares += moved * moved;
    }
    spread = std::hypot(least, kUnexplained * std::sqrt(squares));
  };
  settings.shift_at = kDistances[1];
  double rest = 0;  // of the threshold its neighbourhood is wanted, whatever moves it
  predict(&Law::threshold, settings.start, rest, 0);
  settings.spread = kSpread;
  predict(&Law::shift, settings.shift, settings.shift_spread, kLawSpread);
  predict(&Law::scale, settings.scale, settings.scale_spread, kLawSpread);
  predict(&Law::side, settings.side, settings.side_spread, kLawSpread);
  predict(&Law::lopsided, settings.lopsided, settings.lopsided_spread, kLawSpread);
}

}  // namespace mavis
