// Where a sample's threshold is to be looked for, and how its delays tell of it: a linear prediction from its
// device draws. Shared by benches; not a bench itself.
#pragma once

#include <vector>

#include "plan/bench.h"
#include "threshold.h"

namespace mavis {

// Responses of the threshold, and of the law that ln(distance) follows (SearchSettings), to every parameter
// at one common mode, about the circuit without mismatch: six transients a parameter, so it pays from some
// hundreds of samples on.
class ThresholdPrediction {
 public:
  // REQUIRES curve.valid() and the circuit without mismatch set in the session, and leaves it so. Depends on
  // the deck and on the assignments' nominal values alone.
  static ThresholdPrediction measure(spice::Session& session, const DecideWithin& decide,
                                     const DelayCurve& curve,
                                     const std::vector<plan::Assignment>& assignments);

  // Sets what is expected of the sample, and how far off it may well be. REQUIRES the parameters of
  // measure().
  void apply(SearchSettings& settings, const std::vector<plan::Assignment>& assignments) const;

 private:
  struct Law {
    double threshold = 0;  // V
    double shift = 0, scale = 0, side = 0, lopsided = 0;
  };
  static bool measure_law(const DecideWithin& decide, const DelayCurve& curve, Law& law);

  Law nominal_;
  std::vector<Law> responses_;  // per unit of each parameter
};

}  // namespace mavis
