#include "stats/spread.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <stdexcept>

namespace mavis::stats {
namespace {

void require(bool holds, const char* reason) {
  if (!holds) throw std::invalid_argument(reason);
}

// Sums over samples, around an origin that keeps them accurate.
struct Sums {
  double n = 0, y = 0, g = 0, yy = 0, gg = 0, yg = 0;

  void add(double a, double b) {
    n += 1;
    y += a;
    g += b;
    yy += a * a;
    gg += b * b;
    yg += a * b;
  }
  Sums operator-(const Sums& o) const { return {n - o.n, y - o.y, g - o.g, yy - o.yy, gg - o.gg, yg - o.yg}; }
  double y_spread() const { return std::max(0.0, yy - y * y / n); }  // sums of squares about the mean
  double g_spread() const { return std::max(0.0, gg - g * g / n); }
  double slope() const { return g_spread() > 0 ? (yg - y * g / n) / g_spread() : 0; }
};

struct Replicated {
  Sums all;
  std::vector<Sums> without;  // each replicate in turn
  double origin_y = 0;

  Replicated(std::span<const Sampled> points, const Known* known) {
    require(!points.empty(), "an estimate needs points");
    origin_y = points.front().y;
    std::map<std::uint32_t, Sums> by_replicate;
    for (const Sampled& p : points) {
      require(std::isfinite(p.y) && std::isfinite(p.g), "statistics of a sample that is not finite");
      // g around its known mean: its sum is then the error of its mean.
      const double y = p.y - origin_y, g = known ? p.g - known->mean : 0;
      all.add(y, g);
      by_replicate[p.replicate].add(y, g);
    }
    require(by_replicate.size() >= 2, "an estimate needs two replicates or more");
    for (const auto& [replicate, sums] : by_replicate) without.push_back(all - sums);
  }
};

struct Jackknife {
  double value = 0;
  double standard_error = 0;
  double t = 0;  // of the interval
  double half() const { return t * standard_error; }

  Jackknife(const Replicated& samples, double confidence,
            const std::function<double(const Sums&)>& statistic) {
    require(confidence > 0 && confidence < 1, "confidence must lie between 0 and 1");
    const auto count = static_cast<double>(samples.without.size());
    const double all = statistic(samples.all);
    std::vector<double> left;
    for (const Sums& sums : samples.without) left.push_back(statistic(sums) - all);
    double mean = 0, squares = 0;
    for (const double x : left) mean += x / count;
    for (const double x : left) squares += (x - mean) * (x - mean);
    value = all - (count - 1) * mean;
    standard_error = std::sqrt(squares * (count - 1) / count);
    t = t_quantile((1 - confidence) / 2, count - 1);
  }
};

Method method_of(const Known* known) {
  return known ? known->method : Method::sobol;
}

double sigma_of(const Sums& s, const Known* known) {
  if (!known) return s.n > 1 ? std::sqrt(s.y_spread() / (s.n - 1)) : 0;
  const double b = s.slope(), rest = std::max(0.0, s.y_spread() - b * b * s.g_spread());
  return std::sqrt(b * b * known->variance + (s.n > 2 ? rest / (s.n - 2) : 0));
}

// Skewness of ln sigma's estimate, as that of the mean of what each sample adds to it: heavy tails of the
// spread about the surrogate make an estimate that is too low claim too small an error.
double log_sigma_skewness(std::span<const Sampled> points, const Replicated& samples, const Known* known) {
  const Sums& all = samples.all;
  const double b = known ? all.slope() : 0, n = all.n;
  std::vector<double> parts;
  for (const Sampled& p : points) {
    const double g = known ? p.g - known->mean : 0;
    const double r = p.y - samples.origin_y - all.y / n - b * (g - all.g / n);
    parts.push_back(2 * b * g * r + r * r);
  }
  return shape(parts).skewness / std::sqrt(n);
}

// What t standard errors become for an estimate of this skewness: the inverse of Hall's cubic (J. R. Stat.
// Soc. B 54(1), 221, 1992). Above kMostSkewness the cube root runs away at the t of eight replicates; few
// samples don't know their skewness better either.
double skewed(double t, double skewness) {
  constexpr double kMostSkewness = 0.3, kNone = 1e-6;
  const double k = std::clamp(skewness, -kMostSkewness, kMostSkewness);
  return std::fabs(k) < kNone ? t : 3 / k * (std::cbrt(1 + k * (t - k / 6)) - 1);
}

double squared_correlation(std::span<const double> y, std::span<const double> g) {
  Sums s;
  for (std::size_t k = 0; k < y.size(); ++k) {
    require(std::isfinite(y[k]) && std::isfinite(g[k]), "statistics of a sample that is not finite");
    s.add(y[k] - y[0], g[k] - g[0]);
  }
  if (!(s.y_spread() > 0)) return 0;
  return std::min(1.0, s.slope() * s.slope() * s.g_spread() / s.y_spread());
}

}  // namespace

std::string_view method_name(Method method) {
  switch (method) {
    case Method::plain:
      return "plain";
    case Method::sobol:
      return "sobol";
    case Method::linear:
      return "sobol+linear";
    case Method::curved:
      return "sobol+curved";
  }
  throw std::invalid_argument("no such method");
}

Estimate mean_estimate(std::span<const Sampled> points, const Known* known, double confidence) {
  const Replicated samples(points, known);
  const Jackknife mean(samples, confidence, [](const Sums& s) { return (s.y - s.slope() * s.g) / s.n; });
  const double value = samples.origin_y + mean.value;
  return {value,      mean.standard_error, {value - mean.half(), value + mean.half()},
          confidence, points.size(),       method_of(known)};
}

Estimate sigma_estimate(std::span<const Sampled> points, const Known* known, double confidence) {
  const Replicated samples(points, known);
  const auto sigma = [&](const Sums& s) { return sigma_of(s, known); };
  const bool positive = sigma(samples.all) > 0 && std::all_of(samples.without.begin(), samples.without.end(),
                                                              [&](const Sums& s) { return sigma(s) > 0; });
  if (positive) {
    const Jackknife log_sigma(samples, confidence, [&](const Sums& s) { return std::log(sigma(s)); });
    const double skewness = log_sigma_skewness(points, samples, known);
    const auto end = [&](double t) {
      return std::exp(log_sigma.value - log_sigma.standard_error * skewed(t, skewness));
    };
    const double value = std::exp(log_sigma.value);
    return {value,
            value * log_sigma.standard_error,
            {end(log_sigma.t), end(-log_sigma.t)},
            confidence,
            points.size(),
            method_of(known)};
  }
  const Jackknife plain(samples, confidence, sigma);
  const double value = sigma(samples.all);
  return {value,      plain.standard_error, {std::max(0.0, value - plain.half()), value + plain.half()},
          confidence, points.size(),        method_of(known)};
}

Choice choose_surrogate(std::span<const double> y, std::span<const double> linear,
                        std::span<const double> curved) {
  require(!y.empty() && y.size() == linear.size() && y.size() == curved.size(),
          "a check set needs the surrogates' value at each of its samples");
  Choice choice{Method::sobol, squared_correlation(y, linear), squared_correlation(y, curved)};
  if (std::max(choice.r2_linear, choice.r2_curved) >= kLeastR2)
    choice.method = choice.r2_curved > choice.r2_linear ? Method::curved : Method::linear;
  return choice;
}

}  // namespace mavis::stats
