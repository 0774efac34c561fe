// Mean, sigma and quantiles from replicates of scrambled Sobol points (stats/sobol.h), with a surrogate
// (stats/surrogate.h) as control variate. Pure, thread-safe; every number must be finite and `confidence` lie
// between 0 and 1 (std::invalid_argument).
//
// y is regressed on the surrogate's value g, y = a + b g + r over all samples; what is known exactly of g
// replaces what the samples say of it:
//   mean  = mean(y) - b (mean(g) - E g)
//   sigma^2 = b^2 Var g + Var r
// (regression estimator: Cochran, Sampling Techniques, 3rd ed. 1977, ch. 7). g is independent of the samples,
// so that it can be wrong without making the estimate wrong: a poor g only leaves a wide r. Within a
// replicate points depend on each other. So the standard error is the jackknife's over whole replicates,
// which also takes out the bias of first order (Miller, Biometrika 61, 1, 1974), and the interval Student's t
// with replicates - 1 degrees of freedom.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "stats/moments.h"
#include "stats/surrogate.h"

namespace mavis::stats {

enum class Method : std::uint8_t {
  plain,   // independent draws (stats/moments.h)
  sobol,   // scrambled Sobol points alone
  linear,  // with a linear control variate
  curved,  // with curves along parameters and pairs
};
std::string_view method_name(Method);  // "plain", "sobol", "sobol+linear", "sobol+curved"

struct Estimate {
  double value = 0;
  double standard_error = 0;
  Interval interval;
  double confidence = 0;
  std::size_t n = 0;
  Method method = Method::plain;
};

// A sample as the estimators see it.
struct Sampled {
  std::uint32_t replicate = 0;
  double y = 0;  // measured, on the caller's scale
  double g = 0;  // the surrogate's value there; unused without surrogate
};

// What is known of g without sampling y.
struct Known {
  Method method = Method::linear;
  double mean = 0;
  double variance = 0;
  std::vector<double> sorted = {};  // Surrogate::sorted_sample(); needed for quantiles only
};

// `known` null: no control variate. REQUIRES points of two replicates or more.
Estimate mean_estimate(std::span<const Sampled> points, const Known* known, double confidence = 0.95);

// The interval is one on ln sigma, skewed as the samples are (spread.cc). Without any spread: 0 +- 0. An end
// is 0 where leaving out one replicate leaves no spread.
Estimate sigma_estimate(std::span<const Sampled> points, const Known* known, double confidence = 0.95);

// With a surrogate: see quantile.cc. Without, or where y does not rise with g: order statistics as
// stats::quantile, conservative for Sobol points. Ends are infinite where the samples can't bound the
// quantile; the standard error is the interval's half width over that of a standard normal. REQUIRES 0 < p <
// 1, known->sorted not empty.
Estimate quantile_estimate(std::span<const Sampled> points, const Known* known, double p,
                           double confidence = 0.95);

// --- which surrogate -------------------------------------------------------------------------------------

// Least squared correlation of a surrogate with the samples at which it is used: at 0.5 a control variate
// saves a quarter of the samples for sigma (1 - R2^2), less than the screening costs.
inline constexpr double kLeastR2 = 0.5;

struct Choice {
  Method method = Method::sobol;  // sobol: both surrogates refused
  double r2_linear = 0;           // squared correlation with the check set, 0 for a constant
  double r2_curved = 0;
};

// The samples of the first look serve as check set: no surrogate was fitted to them. The one that agrees
// better.
Choice choose_surrogate(std::span<const double> y, std::span<const double> linear,
                        std::span<const double> curved);

}  // namespace mavis::stats
