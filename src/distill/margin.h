// How far the converter keeps a macro's levels apart, from the tables of its two halves. Pure, thread-safe.
#pragma once

#include "plan/subject.h"
#include "tables/library.h"

namespace mavis::distill {

// Adds to a macro's library, from its own tables and in steps of the reference (mean over codes):
//
//   margin/margin    over corner, vdd, temp_c, products (every integer) and zeros
//                      margin(k) = min(level(k) - reference(k), reference(k - 1) - level(k)) / step
//                    at the least favourable time of the conversion (before and after the held level's droop)
//                    and stored pattern. k = 0 has no upper reference, k = N no lower one. A comparator
//                    offset or noise beyond the margin changes the code; at zero or less the converter reads
//                    another number of products: status no_margin.
//   margin/least     the least of these at each PVT point
//   margin/residual  what unfinished products add at k = N: N V / (V0 - V), V the nominal level that a
//   product leaves on its
//                    line and V0 what a zero leaves (at the macro's hold voltage and timing); 0 for V < 0
//   margin/claimed   1 where the macro claims the point, else 0
//
// Nothing is added for a library without sum_line/level, sum_line/droop or cdac/level; no residual without
// product_line/level.
void add_margins(tables::Library& library, const plan::Subject& subject);

}  // namespace mavis::distill
