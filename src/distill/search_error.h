// Bends of responses (tables/table.h) that a search's own error made.
#pragma once

#include <vector>

namespace mavis::distill {

// The bends of one cell, by parameter. What the search missed on the circuit without mismatch is in all of
// them: most parameters bend nothing, so their median is that error and is taken off. Of what is left, that
// within three standard deviations of its scatter (1.4826 times the median magnitude, that of a normal
// distribution) is the search's error on the samples and becomes 0. NaN stays. Pure, thread-safe.
void remove_search_error(std::vector<double>& bends);

}  // namespace mavis::distill
