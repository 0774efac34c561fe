// P(one) = Phi((input - threshold) / sigma), fitted to counted decisions by maximum likelihood: offset and
// input-referred noise of a comparator. Pure, thread-safe.
#pragma once

#include <cstddef>
#include <span>

namespace mavis::stats {

struct Decisions {
  double input = 0;      // V, or any unit
  std::size_t ones = 0;  // decisions for one
  std::size_t n = 0;     // decisions
};

struct ProbitFit {
  enum class Outcome {
    fitted,
    // No input but at most one saw both zeros and ones, in rising order: sigma is smaller than the inputs'
    // spacing shows. threshold is the middle between the highest input below which there are only zeros and
    // the lowest above which there are only ones, threshold_stderr half their distance; the sigmas are NaN.
    separable,
    one_sided,   // only zeros or only ones (or nothing): every number is NaN
    not_rising,  // P falls with the input, or there is only one input: every number is NaN
  };
  Outcome outcome = Outcome::fitted;
  double threshold = 0;  // input of P = 1/2, in the input's unit
  double sigma = 0;
  double threshold_stderr = 0;  // standard errors from the expected information at the maximum
  double sigma_stderr = 0;
};

// Inputs in any order, equal ones allowed. Throws std::invalid_argument for an input that is not finite or
// ones > n.
ProbitFit probit_fit(std::span<const Decisions> decisions);

}  // namespace mavis::stats
