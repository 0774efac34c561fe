#include "decision.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace mavis {
namespace {

constexpr std::array kDifferences = {0.1e-3, 0.5e-3, 2e-3, 5e-3,
                                     12e-3,  28e-3,  64e-3};  // V, of the delay curve
constexpr double kLongestStep = 25e-12;                       // s
constexpr double kLargestOffset = 0.25;                       // V, of a circuit without mismatch

// A circuit that is not symmetric: the turning point by bisection.
std::optional<double> turning_point(const Decide& decide) {
  double low = -kLargestOffset, high = kLargestOffset;
  if (decide(low).sign >= 0 || decide(high).sign <= 0) return std::nullopt;
  while (high - low > kDifferences[0] / 16) {
    const double middle = (low + high) / 2;
    (decide(middle).sign > 0 ? high : low) = middle;
  }
  return (low + high) / 2;
}

// Monotone cubic between points 1 and 2 of four neighbours, at x (F. N. Fritsch and J. Butland, SIAM J. Sci.
// Stat. Comput. 5(2), 300, 1984); the outer two may be missing.
struct Point {
  double x, y;
};

double slope_at(const Point& a, const Point& b, const Point& c) {
  const double left = (b.y - a.y) / (b.x - a.x), right = (c.y - b.y) / (c.x - b.x);
  if (left * right <= 0) return 0;
  const double part = (1 + (c.x - b.x) / (c.x - a.x)) / 3;
  return left * right / (part * right + (1 - part) * left);
}

double monotone_cubic(const std::optional<Point>& before, const Point& a, const Point& b,
                      const std::optional<Point>& after, double x) {
  const double h = b.x - a.x, t = (x - a.x) / h, secant = (b.y - a.y) / h;
  const double slope_a = before ? slope_at(*before, a, b) : secant;
  const double slope_b = after ? slope_at(a, b, *after) : secant;
  return a.y + t * h * secant + t * (1 - t) * h * ((1 - t) * (slope_a - secant) - t * (slope_b - secant));
}

}  // namespace

Decision read_decision(const spice::Waveforms& run, double vdd, double window) {
  const auto time = run.scale(), p = run["op"], n = run["on"];
  const double threshold = vdd / 2, end = kDecisionStart + window;
  const auto apart = [&](std::size_t k) { return std::fabs(p[k] - n[k]); };
  Decision decision;
  std::size_t crossing = 0, i = 0;
  for (; i < time.size() && time[i] <= end * (1 + 1e-9); ++i)
    if (i > 0 && apart(i - 1) < threshold && apart(i) >= threshold) crossing = i;
  if (i == 0 || apart(i - 1) < threshold) return decision;
  decision.sign = p[i - 1] > n[i - 1] ? 1 : -1;
  if (crossing == 0) return decision;
  // Time steps are long beside the accuracy that is wanted of a delay.
  const auto ahead = [&](std::size_t k) { return Point{time[k], decision.sign * (p[k] - n[k])}; };
  std::optional<Point> before, after;
  if (crossing >= 2) before = ahead(crossing - 2);
  if (crossing + 1 < i) after = ahead(crossing + 1);
  double low = time[crossing - 1], high = time[crossing];
  for (int k = 0; k < 40; ++k) {
    const double middle = (low + high) / 2;
    (monotone_cubic(before, ahead(crossing - 1), ahead(crossing), after, middle) >= threshold ? high : low) =
        middle;
  }
  decision.delay = (low + high) / 2 - kDecisionStart;
  return decision;
}

std::vector<std::string> reset_state(const spice::Block& comparator, double vdd) {
  std::vector<std::string> cards = {".options itl1=40"};
  for (const auto& [role, node] : comparator.states) {
    const bool port = std::any_of(comparator.ports.begin(), comparator.ports.end(),
                                  [&](const spice::Port& p) { return p.name == node; });
    if (port || !role.starts_with("latch_")) continue;
    cards.push_back(fmt::format(".nodeset v(xdut.{})={}", node, role.starts_with("latch_n_") ? vdd : 0));
  }
  return cards;
}

double set_clock(spice::Session& session, double vdd, double window) {
  const double fall = kDecisionStart + window;
  const std::vector<std::pair<double, double>> clock = {
      {0, 0}, {kClockEdge, vdd}, {fall, vdd}, {fall + kClockEdge, 0}};
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
      decision.runs = static_cast<int>(i) + 1;
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

double DelayCurve::tau() const {
  const std::size_t last = delays_.size() - 1;
  return (delays_[last] - delays_[last - 1]) / (logs_[last - 1] - logs_[last]);
}

double DelayCurve::window(double smallest, double shortest) const {
  const double needed = delays_.back() + tau() * (logs_.back() - std::log(smallest));
  return std::clamp(needed, shortest, kLongestWindow);
}

double DelayCurve::step() const {
  return std::clamp(tau() / 2, kDecisionStep, kLongestStep);
}

double DelayCurve::log_distance(double delay) const {
  const std::size_t last = delays_.size() - 1;
  const auto point = [&](std::size_t k) { return Point{delays_[k], logs_[k]}; };
  if (delay <= delays_.front() || delay >= delays_.back()) {
    const Point a = point(delay >= delays_.back() ? last - 1 : 0),
                b = point(delay >= delays_.back() ? last : 1);
    return a.y + (delay - a.x) * (b.y - a.y) / (b.x - a.x);
  }
  std::size_t i = 0;
  while (delay > delays_[i + 1]) ++i;
  std::optional<Point> before, after;
  if (i > 0) before = point(i - 1);
  if (i + 2 <= last) after = point(i + 2);
  return monotone_cubic(before, point(i), point(i + 1), after, delay);
}

double DelayCurve::distance(const Decision& decision) const {
  if (decision.sign == 0) return 0;
  return decision.sign * std::min(kLargest, std::exp(log_distance(decision.delay)));
}

}  // namespace mavis
