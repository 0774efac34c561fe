#include "threshold_prediction.h"

#include <cmath>
#include <stdexcept>

namespace mavis {
namespace {

// Small, as the law near the threshold is what counts: the first decision of a search will be there.
constexpr double kOverdrive = 2e-3, kStep = 1.5e-3;  // V, beyond the threshold; of a threshold voltage
constexpr double kRelative = 0.006;                  // of what is not 0 nominally
// Measured on strongarm (0.5 mV between the rails, 5 mV near them; 0.02 to 0.1).
constexpr double kSpread = 1e-3, kShiftSpread = 0.05;

}  // namespace

ThresholdPrediction ThresholdPrediction::measure(spice::Session& session, const DecideWithin& decide,
                                                 const DelayCurve& curve,
                                                 const std::vector<plan::Assignment>& assignments) {
  ThresholdPrediction prediction;
  prediction.threshold_ = curve.threshold();
  const double window = 1.5 * curve.window(kOverdrive / 2, 0);
  for (const plan::Assignment& a : assignments) {
    const double step = a.nominal == 0 ? kStep : kRelative * a.nominal;
    double slope = 0, shift = 0;
    if (!a.device.empty()) {  // a kit's own draw has no nominal neighbour
      session.set(a.device, a.parameter, a.nominal + step);
      const Decision above = decide(curve.threshold() + kOverdrive, window);
      const Decision below = decide(curve.threshold() - kOverdrive, window);
      session.set(a.device, a.parameter, a.nominal);
      if (above.sign > 0 && below.sign < 0) {
        // Distances kOverdrive - moved and kOverdrive + moved, both times exp(shift).
        const double up = std::exp(curve.log_distance(above.delay));
        const double down = std::exp(curve.log_distance(below.delay));
        slope = kOverdrive * (down - up) / (down + up) / step;
        shift = std::log((up + down) / (2 * kOverdrive)) / step;
      }
    }
    prediction.slope_.push_back(slope);
    prediction.shift_.push_back(shift);
  }
  return prediction;
}

void ThresholdPrediction::apply(SearchSettings& settings,
                                const std::vector<plan::Assignment>& assignments) const {
  if (assignments.size() != slope_.size()) throw std::invalid_argument("a prediction for other parameters");
  settings.start = threshold_;
  settings.shift = 0;
  settings.spread = kSpread;
  settings.shift_at = kOverdrive;
  settings.shift_spread = kShiftSpread;
  for (std::size_t i = 0; i < assignments.size(); ++i) {
    const double away = assignments[i].value - assignments[i].nominal;
    settings.start += slope_[i] * away;
    settings.shift += shift_[i] * away;
  }
}

}  // namespace mavis
