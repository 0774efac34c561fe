// Is a limit flat about a failure point? A gradient costs a run a dimension; draws across, which look in all
// dimensions at once, tell by a few runs whether it is worth that.
#pragma once

#include "stats/modes.h"
#include "stats/rounds.h"

namespace mavis::stats {

inline constexpr std::size_t kFlatnessRuns = 17;  // at most

struct Flatness {
  // Root mean square over draws, both 0 for a half-space whose normal is z; infinite where too few could be
  // measured.
  double turn = 0;       // angle between z and the margin's gradient, radians
  double curvature = 0;  // of the limit, summed over dimensions; > 0: towards the nominal point; 1/sigma

  bool turned() const;
};

// Is this curvature worth a closer look? Yes for NaN, unknown.
bool curved(double curvature, double beta);

// z: a point near the limit, with its margin, measured. Margins are compared at z, drawn back a little to
// where it passes, and pairs of draws in the span of `basis`, across z and the direction `seen` (empty:
// none), to either side of that.
Task<Flatness> flatness(Rounds& rounds, const Point& z, double margin, const Point& seen, const Basis& basis,
                        std::uint64_t seed);

}  // namespace mavis::stats
