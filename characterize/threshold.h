// Search for the threshold of a comparator with few decisions. Shared by benches; not a bench itself.
//
// A decision's delay tells how far the input was from the threshold: ln(distance) falls with delay, by a law
// that the circuit without mismatch shows (DelayCurve) and from which a sample departs by a few numbers: it
// is faster or slower as a whole, regenerates faster or slower, and, where two latches have offsets of their
// own, decides one way faster than the other. What these and the threshold are is inferred together from all
// decisions so far (Bayes' rule on a grid of thresholds; the numbers are Gaussian and integrated out), and
// the next decision is made where the threshold is expected: three unknowns, three transients.
#pragma once

#include "decision.h"

namespace mavis {

inline constexpr double kLopsidedBelow = 4e-3;  // V, distance below which the ways may differ the more

// A threshold: the difference at which the decision turns.
struct Threshold {
  double value = 0;  // V
  double sigma = 0;  // V, standard deviation of what is known about it
  bool found = false;
  double shift = 0;           // of ln(distance) against the curve, as far as is known
  int runs = 0;               // transients
  bool by_bisection = false;  // the delays told too little
};

struct SearchSettings {
  double start = 0;         // V, where the threshold is expected
  double spread = 20e-3;    // V, how far from there it may well be
  double accuracy = 50e-6;  // V: the search ends when `sigma` is less
  int most_probes = 1000;   // ends after so many whose delays agree, whatever `sigma` is
  // How ln(distance) is expected to depart from the curve, and how much each may well differ, as far as it is
  // known of a like search on this sample or by prediction: by `shift`, + `scale` (ln distance - ln
  // shift_at),
  // + `side` for decisions for one and - for zero, likewise + `lopsided` min(0, ln distance - ln 4 mV). The
  // spreads are what was measured of rail_to_rail and strongarm, where two latches decide one way faster.
  double shift = 0, shift_spread = 0.4;
  double shift_at = 10e-3;  // V
  double scale = 0, scale_spread = 0.12;
  double side = 0, side_spread = 0;
  double lopsided = 0, lopsided_spread = 0.25;
};

// A decision with its first window, s.
using DecideWithin = std::function<Decision(double difference, double window)>;
// Runs decisions at one common mode, without the reset after them; what is not decided within the window is
// tried once more with the longest that `curve` asks for.
DecideWithin decider_within(spice::Session& session, double vdd, double common_mode, const DelayCurve& curve);

// REQUIRES curve.valid(). Decisions of both signs, or delays that agree with what was expected of them,
// confirm the result; where delays contradict each other or say too little, the threshold is bracketed and
// bisected to `accuracy`.
Threshold find_threshold(const DecideWithin& decide, const DelayCurve& curve, const SearchSettings& settings);

}  // namespace mavis
