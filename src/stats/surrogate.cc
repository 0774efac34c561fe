#include "stats/surrogate.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>

#include "stats/sobol.h"

namespace mavis::stats {
namespace {

void require(bool holds, const char* reason) {
  if (!holds) throw std::invalid_argument(reason);
}

constexpr double kFactorial[] = {1, 1, 2, 6, 24};
constexpr std::size_t kDegree = 4;

// He_1(z), ... He_degree(z) times their coefficients.
double series(std::span<const double> hermite, double z) {
  double sum = 0, before = 1, now = z;
  for (std::size_t k = 1; k <= hermite.size(); ++k) {
    sum += hermite[k - 1] * now;
    const double next = z * now - static_cast<double>(k) * before;
    before = now;
    now = next;
  }
  return sum;
}

double variance_of(std::span<const double> hermite) {
  double sum = 0;
  for (std::size_t k = 1; k <= hermite.size(); ++k) sum += hermite[k - 1] * hermite[k - 1] * kFactorial[k];
  return sum;
}

using Points = std::map<double, double>;  // z -> value - centre

// Monomial coefficients of z, z^2, ... of the polynomial through the origin and the points (Newton's divided
// differences of value/z).
std::vector<double> interpolate(const Points& points) {
  std::vector<double> z, difference;
  for (const auto& [at, value] : points) {
    z.push_back(at);
    difference.push_back(value / at);
  }
  const std::size_t n = z.size();
  for (std::size_t order = 1; order < n; ++order)
    for (std::size_t k = n - 1; k >= order; --k)
      difference[k] = (difference[k] - difference[k - 1]) / (z[k] - z[k - order]);
  std::vector<double> power(n, 0.0);
  for (std::size_t k = n; k-- > 0;) {  // Horner: power = power * (z - z_k) + difference_k
    for (std::size_t i = n; i-- > 1;) power[i] = power[i - 1] - z[k] * power[i];
    power[0] = difference[k] - z[k] * power[0];
  }
  return power;
}

// z = He1, z^2 = He2 + 1, z^3 = He3 + 3 He1, z^4 = He4 + 6 He2 + 3. Adds the constant to `mean`.
std::vector<double> to_hermite(const std::vector<double>& power, double& mean) {
  std::vector<double> hermite = power;
  if (power.size() >= 2) mean += power[1];
  if (power.size() >= 3) hermite[0] += 3 * power[2];
  if (power.size() >= 4) {
    hermite[1] += 6 * power[3];
    mean += 3 * power[3];
  }
  return hermite;
}

// By the widest pair of opposite points, otherwise by the point next to the centre.
double slope(const Points& points) {
  for (auto p = points.rbegin(); p != points.rend() && p->first > 0; ++p)
    if (const auto opposite = points.find(-p->first); opposite != points.end())
      return (p->second - opposite->second) / (2 * p->first);
  const auto nearest = std::min_element(points.begin(), points.end(), [](const auto& a, const auto& b) {
    return std::abs(a.first) < std::abs(b.first);
  });
  return nearest->second / nearest->first;
}

}  // namespace

Surrogate::Surrogate(std::size_t parameters, std::span<const ShiftedRun> runs, Form form)
    : parameters_(parameters) {
  std::map<Shift, double> values;
  for (const ShiftedRun& run : runs) {
    require(std::isfinite(run.value), "a surrogate needs finite values");
    require(run.shift.size() <= 2, "a surrogate takes shifts of at most two parameters");
    for (std::size_t k = 0; k < run.shift.size(); ++k) {
      const auto& [parameter, z] = run.shift[k];
      require(parameter < parameters, "a shift of a parameter that does not exist");
      require(k == 0 || run.shift[k - 1].first < parameter, "parameters of a shift must rise");
      require(std::abs(z) <= 2 && z != 0, "a shift must lie within 2 sigma and move something");
    }
    require(values.emplace(run.shift, run.value).second, "a shift is given twice");
  }
  const auto centre = values.find({});
  require(centre != values.end(), "a surrogate needs the centre");
  mean_ = centre->second;

  std::map<std::size_t, Points> along;
  for (const auto& [shift, value] : values)
    if (shift.size() == 1) along[shift[0].first][shift[0].second] = value - centre->second;
  for (const auto& [parameter, points] : along) {
    require(points.size() <= kDegree, "a surrogate takes at most four points of a parameter");
    std::vector<double> hermite =
        form == Form::linear ? std::vector{slope(points)} : to_hermite(interpolate(points), mean_);
    variance_ += variance_of(hermite);
    curves_.push_back({parameter, std::move(hermite)});
  }
  if (form == Form::linear) return;
  for (const auto& [shift, value] : values) {
    if (shift.size() != 2) continue;
    const auto first = values.find({shift[0]}), second = values.find({shift[1]});
    require(first != values.end() && second != values.end(), "a pair needs its single points");
    const double cross = value - first->second - second->second + centre->second;
    pairs_.push_back({shift[0].first, shift[1].first, cross / (shift[0].second * shift[1].second)});
    variance_ += pairs_.back().product * pairs_.back().product;
  }
}

double Surrogate::value(std::span<const double> z) const {
  require(z.size() == parameters_, "a surrogate needs a draw of each of its parameters");
  double sum = mean_;
  for (const Curve& curve : curves_) sum += series(curve.hermite, z[curve.parameter]);
  for (const Pair& pair : pairs_) sum += pair.product * z[pair.first] * z[pair.second];
  return sum;
}

std::vector<Share> Surrogate::shares() const {
  std::vector<Share> shares;
  if (variance_ <= 0) return shares;
  for (const Curve& curve : curves_) {
    Share share{curve.parameter, variance_of(curve.hermite) / variance_, 0, curve.hermite[0]};
    share.total = share.first_order;
    for (const Pair& pair : pairs_)
      if (pair.first == curve.parameter || pair.second == curve.parameter)
        share.total += pair.product * pair.product / variance_;
    if (share.total > 0) shares.push_back(share);
  }
  std::stable_sort(shares.begin(), shares.end(),
                   [](const Share& a, const Share& b) { return a.total > b.total; });
  return shares;
}

std::vector<double> Surrogate::sorted_sample() const {
  constexpr std::uint32_t kSize = 1U << 17;
  // Parameters that only enter linearly add up to one normal draw.
  std::vector<std::size_t> apart;
  double together = 0;
  for (const Curve& curve : curves_) {
    const bool paired = std::any_of(pairs_.begin(), pairs_.end(), [&](const Pair& pair) {
      return pair.first == curve.parameter || pair.second == curve.parameter;
    });
    if (paired || variance_of(curve.hermite) > curve.hermite[0] * curve.hermite[0])
      apart.push_back(curve.parameter);
    else
      together += curve.hermite[0] * curve.hermite[0];
  }
  const double sigma = std::sqrt(together);
  std::vector<double> values(kSize), z(parameters_, 0.0);
  for (std::uint32_t i = 0; i < kSize; ++i) {
    for (std::uint32_t k = 0; k < apart.size(); ++k) z[apart[k]] = sobol_normal(0, 0, i, k + 1);
    values[i] = value(z) + sigma * sobol_normal(0, 0, i, 0);
  }
  std::sort(values.begin(), values.end());
  return values;
}

double sorted_quantile(std::span<const double> sorted, double p) {
  require(!sorted.empty() && p >= 0 && p <= 1, "a quantile needs values and 0 <= p <= 1");
  const double rank = static_cast<double>(sorted.size() - 1) * p, floor = std::floor(rank);
  const auto below = static_cast<std::size_t>(floor), above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (rank - floor) * (sorted[above] - sorted[below]);
}

}  // namespace mavis::stats
