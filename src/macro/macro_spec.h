// What kind of macro a library describes: its facts "macro.*" (written when a whole macro is characterized).
#pragma once

#include <string>

#include "tables/library.h"

namespace mavis::macro {

struct Spec {
  std::string name;          // of the macro
  int rows = 0;              // bit planes a uArray
  int columns_per_half = 0;  // N = 2^adc_bits - 1; a uArray has 2 N columns
  int adc_bits = 0;
  double hold_voltage = 0;  // V
  double product_time = 0;  // s
  std::string timing;       // label of the axis `timing`
  double clock = 0;         // s, period
  int clocks_mav = 0;       // clocks before the first SA cycle
  int clocks_sa = 0;        // clocks an SA cycle
  double vdd = 0;           // V, nominal supply
  bool calibrated = true;   // comparators are; "none" in the fact "macro.calibration" says otherwise

  int codes() const { return columns_per_half + 1; }
  int clocks_per_conversion() const { return clocks_mav + adc_bits * clocks_sa; }
};

// Throws InputError naming the macro and the fact that is missing or makes no sense.
Spec read_spec(const tables::Library& library);

}  // namespace mavis::macro
