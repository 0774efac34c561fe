// How exact a campaign is asked to be: "sigma=1%,mean=0.5%,q0.999=2%", and the looks at which it is decided
// whether that is reached. Pure, thread-safe.
//
// The percentage is one standard error: sigma=1% is what 5000 plain samples give (1/sqrt(2 n)).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "stats/spread.h"

namespace mavis::stats {

struct Target {
  enum class Kind : std::uint8_t { mean, sigma, quantile };
  Kind kind = Kind::sigma;
  double p = 0;         // of a quantile
  double relative = 0;  // 0.01 for 1 %
  std::string name;     // "sigma", "mean", "q0.999"
  bool operator==(const Target&) const = default;
};

// Comma-separated name=percentage; names are sigma, mean and q with a probability inside (0, 1). Throws
// InputError for anything else, a percentage that isn't above 0 and below 100, and a name given twice.
std::vector<Target> parse_accuracy(std::string_view text);

// Relative standard error of an estimate: of sigma in its own terms (on a logarithmic scale sigma is the
// spread of the logarithm), of mean and quantile in terms of the value itself: on a logarithmic scale that is
// the error of the logarithm. Infinite for a value of 0 on a linear scale unless the error is 0, too.
double relative_error(const Target& target, const Estimate& estimate, bool logarithmic);

// A quantile's interval must be bounded besides.
bool reached(const Target& target, const Estimate& estimate, bool logarithmic);

// Whoever looks after n, 2n, 4n ... points whether to go on gives chance several occasions. Look k = 1, 2,
// ... gets alpha / 2^k, so that all looks together hold `confidence` (Bonferroni).
double look_confidence(int look, double confidence = 0.95);

}  // namespace mavis::stats
