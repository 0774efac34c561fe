#include "stats/moments.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include "util/draws.h"

namespace mavis::stats {
namespace {

namespace bm = boost::math;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

void require(bool holds, const char* reason) {
  if (!holds) throw std::invalid_argument(reason);
}

void require_finite(std::span<const double> samples) {
  require(std::all_of(samples.begin(), samples.end(), [](double x) { return std::isfinite(x); }),
          "statistics of a sample that is not finite");
}

// Probability left out on one side.
double tail_of(double confidence) {
  require(confidence > 0 && confidence < 1, "confidence must lie between 0 and 1");
  return (1 - confidence) / 2;
}

}  // namespace

Moments moments(std::span<const double> samples) {
  require_finite(samples);
  const auto n = static_cast<double>(samples.size());
  if (samples.empty()) return {0, kNaN, kNaN, kNaN, kNaN};
  // Around the first sample: the sums stay accurate, and equal samples give their own value and sigma 0.
  const double origin = samples.front();
  double sum = 0;
  for (const double x : samples) sum += x - origin;
  const double shift = sum / n, mean = origin + shift;
  if (samples.size() == 1) return {1, mean, kNaN, kNaN, kNaN};

  double m2 = 0;
  for (const double x : samples) m2 += (x - origin - shift) * (x - origin - shift);
  const double sigma = std::sqrt(m2 / (n - 1)), width = std::sqrt(m2 / n);
  double kurtosis = 0;
  for (const double x : samples) kurtosis += width > 0 ? std::pow((x - origin - shift) / width, 4) / n : 0;
  const double excess = std::max(3.0, kurtosis) - (n - 3) / (n - 1);
  return {samples.size(), mean, sigma, sigma / std::sqrt(n), sigma * std::sqrt(excess / (4 * n))};
}

Shape shape(std::span<const double> samples) {
  require_finite(samples);
  const auto n = static_cast<double>(samples.size());
  double mean = 0, m2 = 0, m3 = 0, m4 = 0;
  for (const double x : samples) mean += x / n;
  for (const double x : samples) {
    const double d = x - mean;
    m2 += d * d / n;
    m3 += d * d * d / n;
    m4 += d * d * d * d / n;
  }
  if (!(m2 > 0)) return {};
  return {m3 / std::pow(m2, 1.5), m4 / (m2 * m2)};
}

double t_quantile(double tail, double freedom) {
  return bm::quantile(bm::complement(bm::students_t(freedom), tail));
}

double t_tail(double x, double freedom) {
  return bm::cdf(bm::complement(bm::students_t(freedom), x));
}

Interval mean_interval(const Moments& m, double confidence) {
  require(m.n >= 2, "an interval on the mean needs two samples");
  const double half = t_quantile(tail_of(confidence), static_cast<double>(m.n - 1)) * m.mean_stderr;
  return {m.mean - half, m.mean + half};
}

Interval sigma_interval(const Moments& m, double confidence) {
  require(m.n >= 2, "an interval on sigma needs two samples");
  const auto freedom = static_cast<double>(m.n - 1);
  const bm::chi_squared chi2(freedom);
  const double tail = tail_of(confidence);
  return {m.sigma * std::sqrt(freedom / bm::quantile(bm::complement(chi2, tail))),
          m.sigma * std::sqrt(freedom / bm::quantile(chi2, tail))};
}

Interval proportion_interval(std::size_t successes, std::size_t n, double confidence) {
  require(n >= 1 && successes <= n, "a proportion needs 1 <= n and successes <= n");
  const double z = -normal_quantile(tail_of(confidence));
  const auto trials = static_cast<double>(n), p = static_cast<double>(successes) / trials;
  const double middle = (p + z * z / (2 * trials)) / (1 + z * z / trials);
  const double half =
      z / (1 + z * z / trials) * std::sqrt(p * (1 - p) / trials + z * z / (4 * trials * trials));
  // At the ends the formula is exact; only its rounding is not.
  return {successes == 0 ? 0 : middle - half, successes == n ? 1 : middle + half};
}

Quantile quantile(std::span<const double> samples, double p, double confidence) {
  require_finite(samples);
  require(!samples.empty() && p > 0 && p < 1, "a quantile needs samples and 0 < p < 1");
  std::vector<double> sorted(samples.begin(), samples.end());
  std::sort(sorted.begin(), sorted.end());
  const std::size_t n = sorted.size();
  const double rank = static_cast<double>(n - 1) * p, floor = std::floor(rank);
  const auto below = static_cast<std::size_t>(floor), above = std::min(below + 1, n - 1);
  const double value = sorted[below] + (rank - floor) * (sorted[above] - sorted[below]);

  // B samples lie below the quantile, B binomial(n, p): the k-th smallest is above it when B < k.
  const bm::binomial count(static_cast<double>(n), p);
  const double tail = tail_of(confidence);
  const auto less_than = [&](std::size_t k) {
    return k == 0 ? 0 : bm::cdf(count, static_cast<double>(k - 1));
  };
  const auto at_least = [&](std::size_t k) {
    return k > n ? 0 : bm::cdf(bm::complement(count, static_cast<double>(k - 1)));
  };
  std::size_t low = 0, high = n + 1;
  while (low < n && less_than(low + 1) <= tail) ++low;
  while (high > 1 && at_least(high - 1) <= tail) --high;
  return {value, {low == 0 ? -kInfinity : sorted[low - 1], high == n + 1 ? kInfinity : sorted[high - 1]}};
}

}  // namespace mavis::stats
