// Failing regions as the stages hand them on: a list of half-spaces.
#pragma once

#include <limits>

#include "stats/points.h"

namespace mavis::stats {

// A failing region as sampling sees it: a half-space beyond its most probable failure point.
struct Mode {
  Point direction;   // from the nominal point, of length 1
  double beta = 0;   // distance, sigma
  double slope = 0;  // of the margin along `direction` there, < 0; 0: unknown
  // Across it, of length 1: where the gradient turned on the way to it; empty: nowhere.
  Point turn{};
  // Of the limit, summed over all other dimensions, > 0 towards the nominal point; NaN: unknown.
  double curvature = std::numeric_limits<double>::quiet_NaN();
};

// The mode in whose half-space z lies deepest. REQUIRES a mode.
std::size_t nearest_mode(const Point& z, const std::vector<Mode>& modes);

// Adds a region to those known, which stay sorted by beta and free of those that don't matter to p; false
// when it is one of them (directions closer than this cosine: the nearer point is kept) or does not matter.
inline constexpr double kSameRegion = 0.95;
inline constexpr double kSamePoint = 0.98;     // one sigma apart at 5 sigma
inline constexpr std::size_t kMostModes = 32;  // no more are looked for
bool add_mode(std::vector<Mode>& modes, const Mode& mode, double same_cosine = kSameRegion);

// Is z in a direction that a mode covers?
bool covered(const Point& z, const std::vector<Mode>& modes, double same_cosine = kSameRegion);

using Basis = std::vector<Point>;

// The coordinate axes of these dimensions.
Basis axes(std::size_t dimensions, const std::vector<std::size_t>& which);

// Gram and Schmidt's; directions that add nothing are left out.
Basis orthonormal(const Basis& directions);

// A standard normal draw within the basis, addressed as normal_point()'s are.
Point normal_within(const Basis& basis, std::size_t dimensions, std::uint64_t seed, std::string_view name,
                    std::uint32_t index);

}  // namespace mavis::stats
