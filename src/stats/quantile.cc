#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "stats/spread.h"

namespace mavis::stats {

Estimate quantile_estimate(std::span<const Point> points, const Known*, double p, double confidence) {
  std::vector<double> y;
  for (const Point& point : points) y.push_back(point.y);
  const Quantile q = quantile(y, p, confidence);
  return {q.value, (q.interval.high - q.interval.low) / 4, q.interval, confidence, y.size(), Method::sobol};
}

}  // namespace mavis::stats
