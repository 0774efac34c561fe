#include "stats/probit_fit.h"

#include <Eigen/Core>
#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>
#include <stdexcept>

namespace mavis::stats {
namespace {

using Outcome = ProbitFit::Outcome;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Count {
  double zeros = 0;
  double ones = 0;
};
using Counts = std::map<double, Count>;  // by input

double log_phi_cdf(double u) {
  if (u > -30) return std::log(0.5 * std::erfc(-u / std::numbers::sqrt2));
  // Asymptotic series of Mills' ratio; the next term is below 1e-7.
  const double s = 1 / (u * u);
  return -u * u / 2 - std::log(-u) - 0.5 * std::log(2 * std::numbers::pi) + std::log1p(-s + 3 * s * s);
}

// Density over distribution function.
double hazard(double u) {
  return std::exp(-u * u / 2 - 0.5 * std::log(2 * std::numbers::pi) - log_phi_cdf(u));
}

// Log-likelihood of P = Phi(a + b x), with its gradient and expected information in (a, b).
struct Likelihood {
  double value = 0;
  Eigen::Vector2d gradient = Eigen::Vector2d::Zero();
  Eigen::Matrix2d information = Eigen::Matrix2d::Zero();

  Likelihood(const Counts& counts, double origin, double width, const Eigen::Vector2d& ab) {
    for (const auto& [input, count] : counts) {
      const Eigen::Vector2d x(1, (input - origin) / width);
      const double u = ab.dot(x), one = hazard(u), zero = hazard(-u);
      value += count.ones * log_phi_cdf(u) + count.zeros * log_phi_cdf(-u);
      gradient += (count.ones * one - count.zeros * zero) * x;
      information += (count.ones + count.zeros) * one * zero * x * x.transpose();
    }
  }
};

ProbitFit without_numbers(Outcome outcome) {
  return {outcome, kNaN, kNaN, kNaN, kNaN};
}

// Fisher scoring; the likelihood is concave and, as zeros and ones overlap, has its maximum inside.
ProbitFit maximize(const Counts& counts) {
  const double low = counts.begin()->first, high = counts.rbegin()->first;
  const double origin = (low + high) / 2, width = (high - low) / 2;
  Eigen::Vector2d ab(0, 0);
  Likelihood now(counts, origin, width, ab);
  for (int iteration = 0; iteration < 200; ++iteration) {
    const Eigen::Vector2d step = now.information.inverse() * now.gradient;
    if (now.gradient.dot(step) < 1e-16) break;
    double length = 1;
    Likelihood next(counts, origin, width, ab + step);
    while (!(next.value >= now.value) && length > 1e-6) {
      length /= 2;
      next = Likelihood(counts, origin, width, ab + length * step);
    }
    if (!(next.value >= now.value)) break;  // rounding: as good as it gets
    ab += length * step;
    now = next;
  }
  const double a = ab[0], b = ab[1];
  if (!(b > 0)) return without_numbers(Outcome::not_rising);
  const Eigen::Matrix2d covariance = now.information.inverse();
  const Eigen::Vector2d threshold_by_ab(-1 / b, a / (b * b));
  const double threshold_variance = threshold_by_ab.dot(covariance * threshold_by_ab);
  return {Outcome::fitted, origin - a / b * width, width / b, width * std::sqrt(threshold_variance),
          width * std::sqrt(covariance(1, 1)) / (b * b)};
}

}  // namespace

ProbitFit probit_fit(std::span<const Decisions> decisions) {
  Counts counts;
  for (const Decisions& d : decisions) {
    if (!std::isfinite(d.input) || d.ones > d.n)
      throw std::invalid_argument("a probit fit needs finite inputs and ones <= n");
    if (d.n == 0) continue;
    counts[d.input].ones += static_cast<double>(d.ones);
    counts[d.input].zeros += static_cast<double>(d.n - d.ones);
  }

  double first_one = kInfinity, last_one = -kInfinity, first_zero = kInfinity, last_zero = -kInfinity;
  for (const auto& [input, count] : counts) {
    if (count.ones > 0) first_one = std::min(first_one, input), last_one = input;
    if (count.zeros > 0) first_zero = std::min(first_zero, input), last_zero = input;
  }
  if (last_one == -kInfinity || last_zero == -kInfinity) return without_numbers(Outcome::one_sided);
  if (last_one <= first_zero) return without_numbers(Outcome::not_rising);
  if (last_zero > first_one) return maximize(counts);

  // The neighbours of the change; where one input saw both, those on its two sides, as far as there are any.
  auto below = counts.lower_bound(first_one), above = counts.upper_bound(last_zero);
  if (below != counts.begin()) --below;
  if (above == counts.end()) --above;
  return {Outcome::separable, (below->first + above->first) / 2, kNaN, (above->first - below->first) / 2,
          kNaN};
}

}  // namespace mavis::stats
