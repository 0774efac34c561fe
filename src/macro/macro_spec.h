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
  double hold_voltage = 0;   // V
  double product_time = 0;   // s
  std::string timing;        // label of the axis `timing`
  double clock = 0;          // s, period
  double decision_time = 0;  // s, what a decision may take; 0: a library that does not say, none is late
  int clocks_mav = 0;        // clocks before the first SA cycle
  int clocks_sa = 0;         // clocks an SA cycle
  double vdd = 0;            // V, nominal supply
  bool calibrated = true;    // comparators are; "none" in the fact "macro.calibration" says otherwise

  // As it is operated, no facts of the library.
  int sa_cycles = 0;  // run of the adc_bits; 0: all. The bits below stay 0 in a code
  int discarded =
      0;  // columns of each half that hold no data: they store 1, get input 1 and always discharge

  int codes() const { return columns_per_half + 1; }
  int cycles() const { return sa_cycles == 0 ? adc_bits : sa_cycles; }
  int code_step() const { return 1 << (adc_bits - cycles()); }
  int data_columns() const { return 2 * (columns_per_half - discarded); }  // of a uArray
  int clocks_per_conversion() const { return clocks_mav + cycles() * clocks_sa; }
};

// Throws InputError naming the macro and the fact that is missing or makes no sense.
Spec read_spec(const tables::Library& library);

}  // namespace mavis::macro
