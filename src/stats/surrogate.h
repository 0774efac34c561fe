// A polynomial in standard-normal draws that stands in for a circuit: a constant, a curve along each
// parameter and products of pairs. Its moments are known exactly (Hermite polynomials are orthogonal under
// the normal density), which makes it a control variate (stats/spread.h) and a table of sensitivities. Pure,
// thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace mavis::stats {

// A run with some parameters moved by so many sigma and all others nominal; none moved: the centre.
// Parameters in rising order, each at most once.
using Shift = std::vector<std::pair<std::size_t, double>>;  // parameter, z

struct ShiftedRun {
  Shift shift;
  double value = 0;  // on the caller's scale: the logarithm of a time
};

// A parameter's part of the variance.
struct Share {
  std::size_t parameter = 0;
  double first_order = 0;  // by its own curve (Sobol', Math. Model. Comput. Exp. 1, 407, 1993)
  double total = 0;        // with its pairs (Homma and Saltelli, Reliab. Eng. Syst. Saf. 52, 1, 1996)
  double slope = 0;        // mean derivative: change of the value a sigma
};

class Surrogate {
 public:
  enum class Form {
    linear,  // slopes alone; where both +z and -z are known by their difference
    curved,  // through every point of a parameter (degree 4 or less), and pairs
  };

  // `runs` holds the centre, points along a parameter ({{i, z}}, |z| <= 2, z != 0) and pairs
  // ({{i, z}, {j, w}}) whose single points ({{i, z}} and {{j, w}}) are there too. A parameter without points
  // has no effect. Throws std::invalid_argument for a missing centre, a value that is not finite, a shift
  // given twice, more than four points of a parameter, more than two parameters in a shift.
  Surrogate(std::size_t parameters, std::span<const ShiftedRun> runs, Form form);

  std::size_t parameters() const { return parameters_; }
  // REQUIRES z.size() == parameters() (std::invalid_argument).
  double value(std::span<const double> z) const;
  double mean() const { return mean_; }
  double variance() const { return variance_; }
  // Those with an effect, by falling total share. Empty if variance() is 0.
  std::vector<Share> shares() const;

  // Sorted values at 2^17 scrambled Sobol points, always the same ones: its distribution function. Error of
  // the 0.999 quantile about 0.005 sigma. Costs about 0.1 s.
  std::vector<double> sorted_sample() const;

 private:
  struct Curve {
    std::size_t parameter = 0;
    std::vector<double> hermite;  // of He_1, He_2, ... (probabilists')
  };
  struct Pair {
    std::size_t first = 0, second = 0;
    double product = 0;
  };
  std::size_t parameters_ = 0;
  double mean_ = 0;
  double variance_ = 0;
  std::vector<Curve> curves_;  // by parameter
  std::vector<Pair> pairs_;
};

// Type 7 of sorted values, like stats::quantile. REQUIRES !sorted.empty(), 0 <= p <= 1.
double sorted_quantile(std::span<const double> sorted, double p);

}  // namespace mavis::stats
