// How wrong a library's own error bounds allow a simulation to be at a point.
//
// Between nodes of supply and temperature a table is wrong by up to its interpolation_error, everywhere by
// its noise_floor (what numerical settings leave open). Bounds of different tables are added up, the cautious
// sum.
#pragma once

#include "macro/point_tables.h"

namespace mavis::macro {

struct TableBounds {
  double level = 0;   // V, of a sum line against a decision level
  double noise = 0;   // of the comparator's noise, relative
  double energy = 0;  // J, of one multiply-average and its conversion
};

// `cycles` SA cycles are run.
TableBounds table_bounds(const PointTables& tables, int cycles);

}  // namespace mavis::macro
