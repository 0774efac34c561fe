// Mean, spread and their intervals from independent samples; proportions and quantiles. Pure, thread-safe.
// No function takes NaN or infinity: filter by status first (std::invalid_argument otherwise).
// `confidence` is two-sided, 0 < confidence < 1. Quantile functions are Boost.Math's.
#pragma once

#include <cstddef>
#include <span>

namespace mavis::stats {

struct Moments {
  std::size_t n = 0;
  double mean = 0;          // NaN for n = 0
  double sigma = 0;         // sample standard deviation, n - 1 in the denominator; NaN for n < 2
  double mean_stderr = 0;   // sigma / sqrt(n); NaN for n < 2
  double sigma_stderr = 0;  // see moments(); NaN for n < 2
};

// Standard error of sigma by the delta method from the variance of s^2 (Mood, Graybill and Boes, Introduction
// to the Theory of Statistics, 3rd ed. 1974, ch. VI, theorem 3): sigma * sqrt((k - (n-3)/(n-1)) / (4 n)) with
// the samples' own kurtosis k = m4/m2^2, but at least the normal distribution's 3, which gives
// sigma / sqrt(2 (n-1)): few samples can't show light tails, heavy tails must widen the error.
Moments moments(std::span<const double> samples);

// Third and fourth standardized moment of samples; those of a normal distribution where they have no spread.
struct Shape {
  double skewness = 0;
  double kurtosis = 3;
};
Shape shape(std::span<const double> samples);

struct Interval {
  double low = 0;
  double high = 0;
};

// Student's t distribution of `freedom` > 0 degrees: what it exceeds with probability `tail`, 0 < tail < 1.
double t_quantile(double tail, double freedom);
// The inverse: probability that it exceeds x.
double t_tail(double x, double freedom);

// Student's t. REQUIRES n >= 2.
Interval mean_interval(const Moments& m, double confidence = 0.95);

// Chi-square; holds for normal samples. REQUIRES n >= 2.
Interval sigma_interval(const Moments& m, double confidence = 0.95);

// Wilson's score interval of a proportion. REQUIRES n >= 1, successes <= n.
Interval proportion_interval(std::size_t successes, std::size_t n, double confidence = 0.95);

// Quantile 0 < p < 1 by linear interpolation at rank (n-1) p (Hyndman and Fan's type 7), with the narrowest
// equal-tailed interval between order statistics that covers it with `confidence` or more whatever the
// distribution (binomial ranks; David and Nagaraja, Order Statistics, 2003, 7.1). An end is -+infinity where
// the samples are too few to bound the quantile on that side. REQUIRES n >= 1.
struct Quantile {
  double value = 0;
  Interval interval;
};
Quantile quantile(std::span<const double> samples, double p, double confidence = 0.95);

}  // namespace mavis::stats
