// Failure points beside those known, where a limit curves towards the nominal point: there failures spread
// further than the half-spaces of a few points say. Each function returns whether it added any.
#pragma once

#include "stats/failing_regions.h"

namespace mavis::stats {

// The change of the gradient from a mode's point to another place on the limit is the curvature matrix times
// the way: it points to where the limit curves most. Where that is much, points to both sides are added, and
// likewise where the gradient turned on the way to the mode. The place: of a few at random the one that lies
// nearest. `index`: which mode it is, for the draws. Takes a gradient, unless the mode is known to be flat,
// and some 6 runs for every direction of curvature.
Task<bool> follow_curvature(Rounds& rounds, const FailureOptions& options, const Basis& basis,
                            const Mode& mode, std::uint32_t index, std::vector<Mode>& modes);

// The known points span a subspace. Does the limit, within it, bulge between them? One run a direction, just
// short of where the half-spaces of the known points say it fails. This one returns false when it still does
// after all that is tried: too many failure points to know them all.
Task<bool> probe_between(Rounds& rounds, const FailureOptions& options, std::vector<Mode>& modes);

// A failing draw that outweighs all others lies where no known point is near: adds its region or, on a limit
// that curves, itself, freed of the components that don't matter to the margin, and its mirror image.
Task<bool> add_region_of_outlier(Rounds& rounds, const Point& failing, const Basis& basis,
                                 const FailureOptions& options, std::vector<Mode>& modes);

}  // namespace mavis::stats
