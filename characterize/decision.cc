#include "decision.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace mavis {
namespace {

constexpr std::array kDifferences = {0.25e-3, 1e-3, 4e-3, 16e-3, 64e-3};  // V, of the delay curve
constexpr double kLargestOffset = 0.25;                                   // V, of a circuit without mismatch
constexpr int kMostRuns = 16;

// A circuit that is not symmetric: the turning point by bisection.
std::optional<double> turning_point(const Decide& decide) {
  double low = -kLargestOffset, high = kLargestOffset;
  if (decide(low).sign >= 0 || decide(high).sign <= 0) return std::nullopt;
  while (high - low > kDifferences[0] / 4) {
    const double middle = (low + high) / 2;
    (decide(middle).sign > 0 ? high : low) = middle;
  }
  return (low + high) / 2;
}

}  // namespace

Decision read_decision(const spice::Waveforms& run, double vdd, double window) {
  const auto time = run.scale(), p = run["op"], n = run["on"];
  const double threshold = vdd / 2, end = kDecisionStart + window;
  Decision decision;
  double before = 0;
  std::size_t i = 0;
  for (; i < time.size() && time[i] <= end * (1 + 1e-9); ++i) {
    const double apart = std::fabs(p[i] - n[i]);
    if (i > 0 && before < threshold && apart >= threshold)
      decision.delay =
          time[i - 1] + (time[i] - time[i - 1]) * (threshold - before) / (apart - before) - kDecisionStart;
    before = apart;
  }
  if (before >= threshold) decision.sign = p[i - 1] > n[i - 1] ? 1 : -1;
  return decision;
}

double set_clock(spice::Session& session, double vdd, double window) {
  const double up = kClockStart + kClockEdge, fall = kDecisionStart + window;
  const std::vector<std::pair<double, double>> clock = {
      {0, 0}, {kClockStart, 0}, {up, vdd}, {fall, vdd}, {fall + kClockEdge, 0}};
  session.set_pwl("vclk", clock);
  return fall + kClockEdge + kResetTime;
}

void set_inputs(spice::Session& session, double common_mode, double difference) {
  session.set_dc("vip", common_mode + difference / 2);
  session.set_dc("vin", common_mode - difference / 2);
}

Decide decider(spice::Session& session, double vdd, double common_mode, std::vector<double> windows,
               double max_step) {
  return [&session, vdd, common_mode, windows = std::move(windows), max_step](double difference) {
    Decision decision;
    for (std::size_t i = 0; i < windows.size() && decision.sign == 0; ++i) {
      set_clock(session, vdd, windows[i]);
      set_inputs(session, common_mode, difference);
      const double stop = kDecisionStart + windows[i];
      decision = read_decision(session.run_tran(kFirstStep, stop, 0, max_step), vdd, windows[i]);
    }
    return decision;
  };
}

DelayCurve DelayCurve::measure(const Decide& decide) {
  DelayCurve curve;
  if (decide(kDifferences[0]).sign <= 0 || decide(-kDifferences[0]).sign >= 0) {
    const std::optional<double> turn = turning_point(decide);
    if (!turn) return curve;
    curve.threshold_ = *turn;
  }
  for (auto difference = kDifferences.rbegin(); difference != kDifferences.rend(); ++difference) {
    const Decision decision = decide(curve.threshold_ + *difference);
    // Small differences may take longer than the window, or not slow the decision any more than numerics do.
    if (decision.sign <= 0 || (!curve.delays_.empty() && decision.delay <= curve.delays_.back())) break;
    curve.delays_.push_back(decision.delay);
    curve.logs_.push_back(std::log(*difference));
  }
  return curve;
}

double DelayCurve::window(double smallest, double shortest) const {
  const std::size_t last = delays_.size() - 1;
  const double tau = (delays_[last] - delays_[last - 1]) / (logs_[last - 1] - logs_[last]);
  const double needed = delays_[last] + tau * (logs_[last] - std::log(smallest));
  return std::clamp(needed, shortest, kLongestWindow);
}

double DelayCurve::distance(const Decision& decision) const {
  if (decision.sign == 0) return 0;
  const std::size_t last = delays_.size() - 2;
  std::size_t i = 0;
  while (i < last && decision.delay > delays_[i + 1]) ++i;
  const double slope = (logs_[i + 1] - logs_[i]) / (delays_[i + 1] - delays_[i]);
  const double log_distance = logs_[i] + slope * (decision.delay - delays_[i]);
  return decision.sign * std::min(kLargest, std::exp(log_distance));
}

Threshold find_threshold(const Decide& decide, const DelayCurve& curve, double start, double width) {
  struct Probe {
    double at, distance;
  };
  std::optional<Probe> low, high, before;
  double at = start, gain = 1;
  int same_side = 0;
  bool last_high = false;
  for (int runs = 1; runs <= kMostRuns; ++runs) {
    const double distance = curve.distance(decide(at));
    if (distance == 0) return {at, true, runs};  // undecided within the window: as near as can be told
    const bool is_high = distance > 0;
    if (is_high && (!high || at < high->at)) high = {at, distance};
    if (!is_high && (!low || at > low->at)) low = {at, distance};
    if (low && high) {
      const double gap = high->at - low->at;
      if (gap <= 0) return {(low->at + high->at) / 2, true, runs};  // decisions disagree within this interval
      const double estimate = low->at + gap * -low->distance / (high->distance - low->distance);
      if (gap <= width) return {estimate, true, runs};
      const double below = estimate - low->at, above = high->at - estimate;
      same_side = runs > 1 && is_high == last_high ? same_side + 1 : 0;
      const double beyond = std::max(0.3 * width, 0.2 * std::min(below, above)) * std::pow(4.0, same_side);
      at = below < above ? estimate + beyond : estimate - beyond;
      if (runs >= 9 || at <= low->at || at >= high->at) at = (low->at + high->at) / 2;
    } else {
      if (before) {
        const double slope = (distance - before->distance) / (at - before->at);
        gain = slope > 0 ? std::clamp(1 / slope, 0.7, 3.0) : 3.0;
      }
      before = {at, distance};
      at -= 1.08 * gain * distance + std::copysign(0.3 * width, distance);
    }
    last_high = is_high;
  }
  return {at, false, kMostRuns};
}

Threshold estimate_threshold(const Decide& decide, const DelayCurve& curve, double start, double close) {
  double at = start, gain = 1, before_at = 0, before = 0;
  for (int runs = 1; runs <= kMostRuns; ++runs) {
    const double distance = curve.distance(decide(at));
    if (runs > 1 && at != before_at) {
      const double slope = (distance - before) / (at - before_at);
      gain = slope > 0 ? std::clamp(1 / slope, 0.5, 3.0) : 1.0;
    }
    if (std::fabs(distance) <= close) return {at - gain * distance, true, runs};
    before_at = at;
    before = distance;
    at -= gain * distance;
  }
  return {at, false, kMostRuns};
}

}  // namespace mavis
