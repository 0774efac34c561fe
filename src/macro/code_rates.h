// P(code | products) of one row of a chip against its converter, static and temporal error apart.
//
// The level spreads over data (level_spread.h: static, taken as normal), by its own kT/C and by the noise of
// each decision (temporal). Integrals over levels are trapezoidal sums from -6 to 6 sigma. Pure, thread-safe.
#pragma once

#include <vector>

#include "macro/decisions.h"
#include "macro/level_spread.h"

namespace mavis::macro {

struct CodeRates {
  std::vector<double> p;      // by code, over data and noise
  double mean = 0;            // code, over data and noise
  double data_sigma = 0;      // of a code's mean over noise, over data: static
  double temporal_sigma = 0;  // of a code about its mean over noise: root of the mean variance over data
};

CodeRates code_rates(const LevelSpread& level, const Decisions& decisions);
// CodeRates::p alone, at a fraction of the cost, of a level that is moved by `shift`, V.
std::vector<double> mean_rates(const LevelSpread& level, const Decisions& decisions, double shift = 0);

}  // namespace mavis::macro
