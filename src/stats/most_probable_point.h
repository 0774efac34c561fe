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

// The mode in whose half-space z lies deepest. REQUIRES a mode.
std::size_t nearest_mode(const Point& z, const std::vector<Mode>& modes);

// Hasofer, Lind, Rackwitz and Fiessler's iteration (Rackwitz and Fiessler, Computers & Structures 9, 489,
// 1978), the gradient updated by Broyden's rank-one formula (Mathematics of Computation 19, 577, 1965): one
// run a step, at most 8. Broyden's formula learns nothing across the path, so the gradient is measured anew
// after a long move, by differences along the orthonormal `basis`. The result lies on the limit; nothing when
// no failure is met within `most_sigma`.
using Basis = std::vector<Point>;

// The coordinate axes of these dimensions.
Basis axes(std::size_t dimensions, const std::vector<std::size_t>& which);

// Of the margin at z, by forward differences of half a sigma towards the nominal point.
Task<Point> measured_gradient(Rounds& rounds, const Point& z, double margin, const Basis& basis);

struct Start {
  Point z;
  double margin = 0;
  Point gradient;  // empty: to be measured first
};
Task<std::optional<Mode>> most_probable_point(Rounds& rounds, const Start& start, const Basis& basis,
                                              double most_sigma);

}  // namespace mavis::stats
