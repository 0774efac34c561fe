// Subset simulation (Au and Beck, Probabilistic Engineering Mechanics 16, 263, 2001): a chain of ever rarer
// events, each of conditional probability 0.1, sampled by Markov chains. Needs no failure point, only
// margins; costs about 500 runs a decade.
#pragma once

#include "stats/rounds.h"

namespace mavis::stats {

struct SubsetEstimate {
  double p = 0;
  double stderr_of_p = 0;
};

// Nothing when the chain does not reach the limit before p falls below `least`.
Task<std::optional<SubsetEstimate>> subset_simulation(Rounds& rounds, std::size_t dimensions,
                                                      std::uint64_t seed, double least);

}  // namespace mavis::stats
