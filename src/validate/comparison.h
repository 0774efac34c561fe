// The macro simulator beside ngspice, vector by vector, without noise. Where comparators can be calibrated it
// has their thresholds as measured one by one (measured_comparators.h); what the tables' responses alone give
// is counted beside.
#pragma once

#include <cstdint>
#include <vector>

#include "macro/conversion.h"
#include "validate/validation_plan.h"

namespace mavis::validate {

// One vector on one chip, both ways.
struct Pair {
  std::size_t chip = 0, vector = 0;
  int products = 0;
  Conversion spice = {};
  int code = 0;
  std::vector<macro::Cycle> cycles = {};
  macro::Ledger energy = {};
};

// Error of the macro simulator: root mean square and largest magnitude.
struct Error {
  std::size_t n = 0;
  double rms = 0, largest = 0, mean = 0;
};

// A conversion whose codes differ.
struct Disagreement {
  std::size_t pair = 0;
  std::size_t cycle = 0;   // the first that was decided otherwise
  double difference = 0;   // V, between the comparator's inputs in ngspice then
  double common_mode = 0;  // over vdd
  double threshold = 0;    // V, of the comparator there
  double here = 0;         // V, overdrive in the macro simulator
  double overdrive() const { return difference - threshold; }
};

// What both sides count: all drivers and the comparator; neither the SAR register nor idle leakage. J.
double comparable(const macro::Ledger& ledger);

struct EnergyPair {
  double spice = 0, macro = 0;  // J, of all vectors
  double error() const { return macro / spice - 1; }
};

struct Comparison {
  double lsb = 0;             // V: mean step of the reference
  std::vector<Pair> pairs;    // by chip, then vector; those with a result in ngspice
  std::size_t missing = 0;    // without one
  std::size_t undecided = 0;  // decisions that ngspice did not see in time
  Error signal;               // V: held level at all comparisons whose trials both met
  Error level, reference;     // V: multiply-average when first compared; trials that both met
  bool measured_comparators = false;
  Error threshold;  // V, of the tables' against measured ones, over chips and common modes
  std::vector<Disagreement> disagreements;
  std::size_t equal_by_tables = 0;  // codes that are equal with the tables' thresholds
  std::size_t worst = 0;  // of pairs: the first disagreement's, else that with the largest error of the level
  EnergyPair total;
  std::vector<EnergyPair> mav, conversion;  // by kDrivers
  EnergyPair comparator;
  double macro_seconds = 0;  // CPU time of the macro simulator (macro/detailed_row.h) for all vectors
  std::size_t compiled_otherwise = 0;  // codes of its that are not convert()'s
};

// `comparators` are those of the plan's chips, by chip and uArray, at the plan's calibrations.
Comparison compare(const macro::MacroModel& model,
                   const std::vector<std::vector<macro::Comparator>>& comparators, const ValidationPlan& plan,
                   const plan::Results& results);

}  // namespace mavis::validate
