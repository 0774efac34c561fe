// Where a sample's threshold is to be looked for: a linear prediction from its device draws. Shared by
// benches; not a bench itself.
#pragma once

#include <vector>

#include "plan/bench.h"
#include "threshold.h"

namespace mavis {

// Response of the threshold, and of the shift of ln(distance), to every parameter at one common mode, as the
// circuit without mismatch shows it: two transients a parameter, so it pays from about a hundred samples on.
class ThresholdPrediction {
 public:
  // REQUIRES curve.valid() and the circuit without mismatch set in the session, and leaves it so. Depends on
  // the deck and on the assignments' nominal values alone.
  static ThresholdPrediction measure(spice::Session& session, const DecideWithin& decide,
                                     const DelayCurve& curve,
                                     const std::vector<plan::Assignment>& assignments);

  // Sets start and shift, and how far off they may well be. REQUIRES the parameters of measure().
  void apply(SearchSettings& settings, const std::vector<plan::Assignment>& assignments) const;

 private:
  double threshold_ = 0;               // V
  std::vector<double> slope_, shift_;  // per unit of each parameter: V, 1
};

}  // namespace mavis
