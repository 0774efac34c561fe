// Decisions of a clocked comparator in the bench netlist comparator.cir, and what they tell about its
// threshold. Shared by the comparator benches; not a bench itself.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "spice/netlist.h"
#include "spice/session.h"

namespace mavis {

// Break points of the netlist's clock, s. The operating point at time 0 is the reset state.
inline constexpr double kClockEdge = 20e-12, kResetTime = 0.4e-9;
inline constexpr double kDecisionStart = kClockEdge / 2;
// Default window for a decision and the longest that is tried, s.
inline constexpr double kWindow = 1e-9, kLongestWindow = 4e-9;
// Longest time step of a decision without noise, s; comparator.cir says how shorter ones are chosen. It must
// stay below the latch's time constant, 5 ps and more: the trapezoidal rule turns what grows faster than e^2
// a step over. DelayCurve::step() tells where it may be longer. The first step is small, so that the length
// of the window doesn't decide it: the same steps give the same threshold.
inline constexpr double kDecisionStep = 6e-12, kFirstStep = 0.5e-12;

struct Decision {
  int sign = 0;      // +1: inp seen above inn; -1: below; 0: not decided at the end of the window
  double delay = 0;  // s: decision's start to the last time that the outputs part by vdd/2
  int runs = 1;      // transients that it took
};

// Reads a decision off a run that ended at the window's end or later.
Decision read_decision(const spice::Waveforms& run, double vdd, double window);

// Lines for the deck that say where the internal latch nodes rest in reset: ngspice finds the operating point
// in 20 iterations that takes it 170 without, at slow corners and in the cold. Where it is unknown ngspice
// steps gmin sooner than by default.
std::vector<std::string> reset_state(const spice::Block& comparator, double vdd);

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
  // Measures by `decide` with differences 0.1 mV ... 64 mV about the threshold, which is searched first if
  // the circuit is not symmetric. Not valid() when it does not decide 64 mV.
  static DelayCurve measure(const Decide& decide);

  bool valid() const { return delays_.size() >= 2; }
  double threshold() const { return threshold_; }  // V, of the circuit without mismatch
  // Long enough for a difference of `smallest` V to be decided, and at least `shortest` s.
  double window(double smallest, double shortest) const;
  double step() const;  // s: longest time step that follows the regeneration
  // ln of the distance from the threshold, V, that a decision after `delay` s had; the curve goes on straight
  // beyond its ends.
  double log_distance(double delay) const;
  // Signed distance from the threshold, V, at most kLargest; 0 for no decision.
  double distance(const Decision& decision) const;
  static constexpr double kLargest = 0.128;

 private:
  double tau() const;  // s, of regeneration from the smallest differences

  double threshold_ = 0;
  std::vector<double> delays_, logs_;  // s ascending; ln V descending
};

}  // namespace mavis
