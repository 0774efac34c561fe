// Which regions fail: from the gradient both ways, and from scouts, draws wider than nominal. Each region is
// kept as its most probable failure point.
#pragma once

#include "stats/most_probable_point.h"
#include "stats/screen.h"

namespace mavis::stats {

struct FailingRegions {
  std::vector<Mode> modes;  // by rising beta; those that matter to p
  std::size_t scouts = 0;   // usable ones
  std::size_t failing_scouts = 0;
  bool explained = true;   // every failing scout was followed up
  bool complete = true;    // false: more failure points than can be told apart
  double likely_beta = 0;  // a half-space nearer than this would have been met by a scout with 95 %

  // In which the modes lie: the active ones, and all others that any of them has a part of.
  std::vector<std::size_t> dimensions(const Screen& screen) const;
};

// The region of a failing point; false when it is one of those known.
Task<bool> add_region_of(Rounds& rounds, const Point& failing, const Basis& basis,
                         const FailureOptions& options, std::vector<Mode>& modes,
                         double same_cosine = kSameRegion);

Task<FailingRegions> failing_regions(Rounds& rounds, const Screen& screen, const FailureOptions& options,
                                     FailureResult::Runs& runs);

// From the gradient alone, for a single region.
Task<std::vector<Mode>> regions_along_gradient(Rounds& rounds, const Screen& screen,
                                               const FailureOptions& options);

}  // namespace mavis::stats
