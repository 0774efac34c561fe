// How far the converter keeps a macro's levels apart, from the tables of its two halves. Pure, thread-safe.
#pragma once

#include <optional>

#include "tables/library.h"

namespace mavis::distill {

// Table margin/margin over corner, vdd, temp_c, products (every integer) and zeros, in steps of the
// reference:
//
//   margin(k) = min(level(k) - reference(k), reference(k - 1) - level(k)) / mean step
//
// at the least favourable time of the conversion (before and after the held level's droop) and stored
// pattern. k = 0 has no upper reference, k = N no lower one. A comparator offset or noise beyond the margin
// changes the code; a margin of zero or less is status no_margin: the converter reads another number of
// products. Empty for a library without sum_line/level, sum_line/droop or cdac/level.
std::optional<tables::Table> margin(const tables::Library& library);

}  // namespace mavis::distill
