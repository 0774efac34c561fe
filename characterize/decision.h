// Decisions of a clocked comparator in the bench netlist comparator.cir, and what they tell about its
// threshold. Shared by the comparator benches; not a bench itself.
#pragma once

#include <functional>
#include <vector>

#include "spice/session.h"

namespace mavis {

// Break points of the netlist's clock, s. The operating point is the reset state, so little time passes
// before.
inline constexpr double kClockStart = 2e-12, kClockEdge = 20e-12, kResetTime = 0.4e-9;
inline constexpr double kDecisionStart = kClockStart + kClockEdge / 2;
// Default window for a decision and the longest that is tried, s.
inline constexpr double kWindow = 1e-9, kLongestWindow = 4e-9;
// Longest time step of a decision without noise, s (with chgtol and trtol as in the netlist). ngspice starts
// with a hundredth of the first step.
inline constexpr double kDecisionStep = 100e-12, kFirstStep = 10e-12;

struct Decision {
  int sign = 0;      // +1: inp seen above inn; -1: below; 0: not decided at the end of the window
  double delay = 0;  // s: decision's start to the last time that the outputs part by vdd/2
};

// Reads a decision off a run that ended at the window's end or later.
Decision read_decision(const spice::Waveforms& run, double vdd, double window);

// Sets the clock for an evaluation of `window` s; returns when the reset after it is over, s.
double set_clock(spice::Session& session, double vdd, double window);
// Input levels inp, inn = common mode +- difference / 2, V.
void set_inputs(spice::Session& session, double common_mode, double difference);

// One decision: difference in V -> outcome.
using Decide = std::function<Decision(double difference)>;
// Runs decisions at one common mode, without the reset after them: within the first window, s, and where
// nothing is decided within the next one.
Decide decider(spice::Session& session, double vdd, double common_mode, std::vector<double> windows,
               double max_step = kDecisionStep);

// How the delay of the circuit without mismatch falls with the input difference: turns a decision into an
// estimate of how far the input was from the threshold. For a regenerative latch ln(difference) falls with
// delay at 1/tau, but tau itself changes with the difference, so the curve is kept.
class DelayCurve {
 public:
  // Measures by `decide` with differences 0.25 mV ... 64 mV about the threshold, which is searched first if
  // the circuit is not symmetric. Not valid() when it does not decide 64 mV.
  static DelayCurve measure(const Decide& decide);

  bool valid() const { return delays_.size() >= 2; }
  double threshold() const { return threshold_; }  // V, of the circuit without mismatch
  // Long enough for a difference of `smallest` V to be decided, and at least `shortest` s.
  double window(double smallest, double shortest) const;
  // Signed distance from the threshold, V, at most kLargest; 0 for no decision.
  double distance(const Decision& decision) const;
  static constexpr double kLargest = 0.128;

 private:
  double threshold_ = 0;
  std::vector<double> delays_, logs_;  // s ascending; ln V descending
};

// A threshold: the difference at which the decision turns.
struct Threshold {
  double value = 0;  // V
  bool found = false;
  int runs = 0;
};

// Brackets the threshold to `width` V and interpolates: secant in the distance until decisions of both signs
// are known, then regula falsi with probes just beyond the estimate, bisection where that stalls.
Threshold find_threshold(const Decide& decide, const DelayCurve& curve, double start, double width);

// The same to within about a fifth of `close` V, without a bracket: ends at the first decision that close.
Threshold estimate_threshold(const Decide& decide, const DelayCurve& curve, double start, double close);

}  // namespace mavis
