// Noise of the supplies as an operation samples it.
//
// The signal takes the supplies at its own precharge and product, each reference at its own precharge, later:
// what the supply did in between is an error, temporal, independent from one sampling to the next (white over
// two clocks). By products k and trial m, with slopes of the tables between neighbouring supplies (the whole
// step at that supply: quasi-static) and the mean of the kinds of zeros:
//   level_k     = hypot(dL_k/dvdd vdd, dL_k/dhold hold)      L_k of sum_line/level; by hold, each line's
//   level
//                                                            after its product and its charge
//   reference_m = |dR_m/dvdd| vdd                            R_m of cdac/level, mean of patterns; its lines
//   are driven
#pragma once

#include <vector>

#include "macro/levels.h"

namespace mavis::macro {

struct SupplyNoise {
  double vdd = 0, hold = 0;  // V rms
  bool any() const { return vdd > 0 || hold > 0; }
};

// V rms; empty: none.
struct SampledSupply {
  std::vector<double> level;      // by products
  std::vector<double> reference;  // by trial
};

// Throws InputError as PointTables does, and for a library with a single supply or hold voltage.
SampledSupply sampled_supply(const PointTables& tables, const Spec& spec, const Levels& levels,
                             const SupplyNoise& noise);

}  // namespace mavis::macro
