// A quantile with a surrogate. Residuals of the regression y = a + b g + r, added to what is known of g, make
// a model of y's distribution (Chambers and Dunstan, Biometrika 73, 597, 1986); the samples correct it by how
// often they disagree with it (Rao, Kovar and Mantel, Biometrika 77, 365, 1990):
//   F(t) = M(t) + mean of D_i(t),   D_i(t) = [y_i <= t] - M(t | g_i)
// The interval holds every t at which F(t) does not differ significantly from p. Near a quantile hardly any
// D_i differs from 0, so what they count to decides, not how they scatter; half a disagreement is added
// (Jeffreys' prior of a Poisson rate). An end is infinite where order statistics could not bound the quantile
// either: with fewer than 3.7/(1-p) samples nothing is known beyond it at 95 %, however well the surrogate
// fits.
#include <algorithm>
#include <cmath>
#include <limits>

#include "stats/spread.h"
#include "util/draws.h"

namespace mavis::stats {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

double share_below(std::span<const double> sorted, double x) {
  return static_cast<double>(std::upper_bound(sorted.begin(), sorted.end(), x) - sorted.begin()) /
         static_cast<double>(sorted.size());
}

struct Line {
  double offset = 0;
  double slope = 0;

  double at(double g) const { return offset + slope * g; }
};

// Least squares; a slope of 0 where g is constant.
Line fitted(std::span<const Sampled> points) {
  const auto n = static_cast<double>(points.size());
  double y = 0, g = 0, gg = 0, yg = 0;
  for (const Sampled& p : points) {
    y += p.y / n;
    g += p.g / n;
  }
  for (const Sampled& p : points) {
    gg += (p.g - g) * (p.g - g);
    yg += (p.g - g) * (p.y - y);
  }
  const double slope = gg > 0 ? yg / gg : 0;
  return {y - slope * g, slope};
}

class Distribution {
 public:
  Distribution(std::span<const Sampled> points, std::span<const double> sorted, const Line& line)
      : points_(points), sorted_(sorted), line_(line) {
    for (const Sampled& p : points) residuals_.push_back(p.y - line.at(p.g));
    std::sort(residuals_.begin(), residuals_.end());
    low_ = line.at(sorted.front()) + residuals_.front();
    high_ = line.at(sorted.back()) + residuals_.back();
    for (const Sampled& p : points) {
      low_ = std::min(low_, p.y);
      high_ = std::max(high_, p.y);
    }
  }

  struct At {
    double share = 0;  // F(t)
    double error = 0;  // its standard error
  };
  At at(double t) const {
    const auto n = static_cast<double>(points_.size());
    At at;
    for (const double r : residuals_)
      at.share += share_below(sorted_, (t - line_.offset - r) / line_.slope) / n;
    double squares = 0.5;
    for (const Sampled& p : points_) {
      const double d = (p.y <= t ? 1.0 : 0.0) - share_below(residuals_, t - line_.at(p.g));
      at.share += d / n;
      squares += d * d;
    }
    at.error = std::sqrt(squares) / n;
    return at;
  }

  // Where F + z error reaches p. Infinite where it does so nowhere between all values of model and samples.
  double reaches(double p, double z) const {
    const auto enough = [&](double t) {
      const At here = at(t);
      return here.share + z * here.error >= p;
    };
    if (enough(low_)) return z == 0 ? low_ : -kInfinity;
    if (!enough(high_)) return z == 0 ? high_ : kInfinity;
    double below = low_, above = high_;
    // Of some ten sigma: as many halvings as tell apart 1e-4 of a sigma.
    for (int step = 0; step < 18; ++step) {
      const double middle = (below + above) / 2;
      (enough(middle) ? above : below) = middle;
    }
    return (below + above) / 2;
  }

 private:
  std::span<const Sampled> points_;
  std::span<const double> sorted_;
  std::vector<double> residuals_;  // sorted
  Line line_;
  double low_, high_;
};

}  // namespace

Estimate quantile_estimate(std::span<const Sampled> points, const Known* known, double p, double confidence) {
  std::vector<double> y;
  for (const Sampled& point : points) y.push_back(point.y);
  const Quantile order = quantile(y, p, confidence);
  const double tail = (1 - confidence) / 2;
  const double z = -normal_quantile(tail);
  const Line line = known ? fitted(points) : Line{};
  if (!(line.slope > 0))
    return {order.value,    (order.interval.high - order.interval.low) / (2 * z),
            order.interval, confidence,
            y.size(),       Method::sobol};
  const Distribution f(points, known->sorted, line);
  const auto n = static_cast<double>(y.size());
  const Interval interval = {std::pow(1 - p, n) > tail ? -kInfinity : f.reaches(p, z),
                             std::pow(p, n) > tail ? kInfinity : f.reaches(p, -z)};
  return {f.reaches(p, 0), (interval.high - interval.low) / (2 * z), interval, confidence, y.size(),
          known->method};
}

}  // namespace mavis::stats
