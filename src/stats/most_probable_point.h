// From a point near the limit to the failure point nearest to the nominal one.
#pragma once

#include "stats/rounds.h"
#include "stats/screen.h"

namespace mavis::stats {

// A failing region as sampling sees it: a half-space beyond its most probable failure point.
struct Mode {
  Point direction;   // from the nominal point, of length 1
  double beta = 0;   // distance, sigma
  double slope = 0;  // of the margin along `direction` there, < 0; 0: unknown
};

// Hasofer, Lind, Rackwitz and Fiessler's iteration (Rackwitz and Fiessler, Computers & Structures 9, 489,
// 1978), the gradient updated by Broyden's rank-one formula (Mathematics of Computation 19, 577, 1965): one
// run a step, at most 8. If it has not settled then and `dimensions` of freedom are given, the gradient is
// measured anew, once, in those. The result lies on the limit; nothing when no failure is met within
// `most_sigma`.
struct Start {
  Point z;
  double margin = 0;
  Point gradient;  // empty: to be measured first
};
Task<std::optional<Mode>> most_probable_point(Rounds& rounds, const Start& start,
                                              const std::vector<std::size_t>& dimensions, double most_sigma);

}  // namespace mavis::stats
