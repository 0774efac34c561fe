// A function of standard-normal draws whose mean and sigma are known, with a part that no polynomial follows:
//   y = sum a_i z_i + c sum a_i (z_i^2 - 1) + x sum_{i<j} a_i a_j z_i z_j + rough sqrt(2) sin(w . z)
// over the first `active` parameters; the others have slopes of a thousandth. |w| = 4, so that the sine is
// orthogonal to all else to 1e-3.
#pragma once

#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "stats/surrogate.h"
#include "util/draws.h"

namespace mavis::stats {

struct Synthetic {
  std::vector<double> slope, frequency;
  std::size_t active = 0;
  double curvature = 0, cross = 0, rough = 0;

  Synthetic(std::size_t parameters, std::size_t n_active, double curved, double crossed, double roughness)
      : slope(parameters, 1e-3),
        frequency(parameters, 0.0),
        active(n_active),
        curvature(curved),
        cross(crossed),
        rough(roughness) {
    double length = 0;
    for (std::size_t i = 0; i < active; ++i) {
      slope[i] =
          (i % 2 == 0 ? 1 : -1) * std::exp(-2.0 * static_cast<double>(i) / static_cast<double>(active));
      frequency[i] = normal_draw(1, Stream::noise, 0, std::uint64_t{i}, 0);
      length += frequency[i] * frequency[i];
    }
    for (double& w : frequency) w *= 4 / std::sqrt(length);
  }

  double operator()(std::span<const double> z) const {
    double linear = 0, squares = 0, products = 0, sum = 0, phase = 0;
    for (std::size_t i = 0; i < slope.size(); ++i) {
      linear += slope[i] * z[i];
      if (i >= active) continue;
      squares += slope[i] * (z[i] * z[i] - 1);
      products += slope[i] * z[i] * sum;
      sum += slope[i] * z[i];
      phase += frequency[i] * z[i];
    }
    return linear + curvature * squares + cross * products + rough * std::sqrt(2.0) * std::sin(phase);
  }

  // Its mean is 0.
  double smooth_variance() const {
    double squares = 0, fourth = 0, active_squares = 0;
    for (std::size_t i = 0; i < slope.size(); ++i) {
      const double s = slope[i] * slope[i];
      squares += s;
      if (i >= active) continue;
      active_squares += s;
      fourth += s * s;
    }
    return squares + 2 * curvature * curvature * active_squares +
           cross * cross * (active_squares * active_squares - fourth) / 2;
  }
  double sigma() const { return std::sqrt(smooth_variance() + rough * rough); }

  ShiftedRun run(const Shift& shift) const {
    std::vector<double> z(slope.size(), 0.0);
    for (const auto& [parameter, value] : shift) z[parameter] = value;
    return {shift, (*this)(z)};
  }
};

}  // namespace mavis::stats
