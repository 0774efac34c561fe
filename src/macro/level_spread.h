// How the level of a row spreads over input data with a given number of products.
//
// Inputs are taken as independent bits, 1 with probability `density`; given k products, any k of the row's S
// stored ones are equally likely to be those with input 1. Let a_j(x) be what column j adds to the level with
// input x (deviations.h) and d_j = a_j(1) - a_j(0). Then, with sums over stored ones (s) and zeros (z),
//   mean  = level(k, mean kinds of zeros) + sum a_j(0) + k/S sum_s d_j + density sum_z d_j
//   sigma^2 = k/S (1 - k/S) S/(S-1) (sum_s d_j^2 - (sum_s d_j)^2 / S) + density (1 - density) sum_z (d_j +
//   g)^2
// where g is what the nominal level moves when a zero's input is 1 instead of 0. This spread is static: the
// same inputs give the same level each time.
#pragma once

#include "macro/conversion.h"

namespace mavis::macro {

struct LevelSpread {
  double mean = 0;   // V
  double sigma = 0;  // V, over data
  double noise = 0;  // V rms, temporal, held for an operation
  double drift = 0;  // V from one SA cycle to the next, mean over data
};

// REQUIRES 0 <= products <= stored ones of the row, 0 <= density <= 1.
LevelSpread level_spread(const MacroModel& model, const HalfRow& computing, int products, double density);

}  // namespace mavis::macro
