#include "butterfly.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace mavis {
namespace {

constexpr std::size_t kPlaces =
    1001;                         // at which the curves are compared; a parabola finds the extremum between
constexpr double kBeyond = 0.25;  // of the range, on either side of it

// v(u) of one curve: piecewise cubic with centred slopes, so that knees are not cut off.
class Turned {
 public:
  Turned(const TransferCurve& curve, bool forward) {
    const std::size_t n = curve.in.size();
    for (std::size_t k = 0; k < n; ++k) {
      const std::size_t i = forward ? k : n - 1 - k;  // u ascending
      const double q = forward ? curve.in[i] : curve.out[i], q_bar = forward ? curve.out[i] : curve.in[i];
      const double u = (q - q_bar) / std::numbers::sqrt2, v = (q + q_bar) / std::numbers::sqrt2;
      if (!u_.empty() && u <= u_.back()) continue;  // a curve that rises by rounding
      u_.push_back(u);
      v_.push_back(v);
    }
    // Where the input goes on and the output stays.
    before_ = forward ? 1 : -1;
    after_ = forward ? 1 : -1;
  }

  double at(double u) const {
    if (u <= u_.front()) return v_.front() + before_ * (u - u_.front());
    if (u >= u_.back()) return v_.back() + after_ * (u - u_.back());
    const auto i = static_cast<std::size_t>(std::upper_bound(u_.begin(), u_.end(), u) - u_.begin()) - 1;
    const double h = u_[i + 1] - u_[i], t = (u - u_[i]) / h, secant = (v_[i + 1] - v_[i]) / h;
    const double s0 = slope(i), s1 = slope(i + 1);
    return v_[i] + h * t * secant + t * (1 - t) * h * ((1 - t) * (s0 - secant) - t * (s1 - secant));
  }

 private:
  // Of the parabola through a node and its neighbours.
  double slope(std::size_t i) const {
    if (i == 0) return (v_[1] - v_[0]) / (u_[1] - u_[0]);
    if (i + 1 == u_.size()) return (v_[i] - v_[i - 1]) / (u_[i] - u_[i - 1]);
    const double h0 = u_[i] - u_[i - 1], h1 = u_[i + 1] - u_[i];
    return ((v_[i] - v_[i - 1]) / h0 * h1 + (v_[i + 1] - v_[i]) / h1 * h0) / (h0 + h1);
  }

  std::vector<double> u_, v_;
  double before_ = 1, after_ = 1;
};

// The extremum of the parabola through three equidistant values around the middle one.
double parabola_peak(double left, double middle, double right) {
  const double bend = left - 2 * middle + right;
  if (bend == 0) return middle;
  return middle - (right - left) * (right - left) / (8 * bend);
}

}  // namespace

std::array<double, 2> eye_sides(const TransferCurve& forward, const TransferCurve& backward) {
  const Turned first(forward, true), second(backward, false);
  const double range = std::max(forward.in.back(), backward.in.back()) / std::numbers::sqrt2;
  std::vector<double> gap(kPlaces);
  for (std::size_t i = 0; i < kPlaces; ++i) {
    const double u = range * (1 + kBeyond) * (2.0 * static_cast<double>(i) / (kPlaces - 1) - 1);
    gap[i] = first.at(u) - second.at(u);
  }
  // The gap rises from minus to plus infinity; the eyes are its peak and the trough after it. Of several
  // pairs (ripples of a curve) the one that differs most counts.
  const auto peak_at = [&](std::size_t i) { return gap[i] >= gap[i - 1] && gap[i] > gap[i + 1]; };
  const auto trough_at = [&](std::size_t i) { return gap[i] <= gap[i - 1] && gap[i] < gap[i + 1]; };
  double depth = 0, best_peak = 0, best_trough = 0, peak = -INFINITY;
  for (std::size_t i = 1; i + 1 < kPlaces; ++i) {
    if (peak_at(i)) peak = std::max(peak, parabola_peak(gap[i - 1], gap[i], gap[i + 1]));
    if (!trough_at(i)) continue;
    const double trough = parabola_peak(gap[i - 1], gap[i], gap[i + 1]);
    if (peak - trough <= depth) continue;
    depth = peak - trough;
    best_peak = peak;
    best_trough = trough;
  }
  if (depth > 0) return {best_peak / std::numbers::sqrt2, -best_trough / std::numbers::sqrt2};
  std::size_t slowest = 1;
  for (std::size_t i = 1; i + 1 < kPlaces; ++i)
    if (gap[i + 1] - gap[i - 1] < gap[slowest + 1] - gap[slowest - 1]) slowest = i;
  return {gap[slowest] / std::numbers::sqrt2, -gap[slowest] / std::numbers::sqrt2};
}

}  // namespace mavis
