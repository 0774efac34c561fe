// The first look at a limit: its margin at the nominal point and one sigma to either side of it in every
// dimension, 2 d + 1 runs.
#pragma once

#include "stats/rounds.h"

namespace mavis::stats {

struct Screen {
  Answer nominal;
  Point gradient;                   // of the margin (Answer::smooth) at 0, by central differences
  Point curvature;                  // second derivatives, the diagonal
  std::vector<std::size_t> active;  // dimensions with more than 1e-4 of the squared response, rising
  double response = 0;              // root of the summed squared responses: the margin's scale a sigma
};

// A dimension's squared response is the mean of its two squared one-sided differences, so that an even one,
// which has no gradient, counts. One that can't be measured is active and has no gradient.
Task<Screen> screen(Rounds& rounds, std::size_t dimensions);

}  // namespace mavis::stats
