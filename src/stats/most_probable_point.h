// From a point near the limit to the failure point nearest to the nominal one.
#pragma once

#include "stats/modes.h"
#include "stats/rounds.h"

namespace mavis::stats {

// Hasofer, Lind, Rackwitz and Fiessler's iteration (Rackwitz and Fiessler, Computers & Structures 9, 489,
// 1978), the gradient updated by Broyden's rank-one formula (Mathematics of Computation 19, 577, 1965): one
// run a step, at most 8. Broyden's formula learns nothing across the path. So after a long move the gradient
// is measured anew, by differences: among the directions that gradients had so far, and, if the limit is not
// flat even then, along the whole orthonormal `basis`. The result lies on the limit; nothing when no failure
// is met within most_sigma, or when the way leads to one of those `known`.
// Of the margin at z, by forward differences of half a sigma towards the nominal point.
Task<Point> measured_gradient(Rounds& rounds, const Point& z, double margin, const Basis& basis);

struct Start {
  Point z;
  double margin = 0;
  Point gradient;  // empty: to be measured first
};
Task<std::optional<Mode>> most_probable_point(Rounds& rounds, const Start& start, const Basis& basis,
                                              const FailureOptions& options, const std::vector<Mode>& known);

}  // namespace mavis::stats
