// Self-test of a half's columns by counting charge cycles, after MF-Net (Nasrin et al., Fig. 8).
//
// The sum line starts at ground. A cycle precharges the tested product line to vdd and shares it with the sum
// line; the comparator then says whether the sum line is above the reference that the other half makes from a
// code. Cycles are counted until it does. A small line capacitance takes more. Charge is conserved:
//   Q_j(V) + C_sl V = Q_j(vdd) + C_sl V_before,   Q_j(V) = line_charge/charge + sum_p response_p z_jp
// with input 0 (column lines at vdd) and C_sl what a closed half holds beside its lines,
//   C_sl = C_dac - N [Q(vdd) - Q(0)] / vdd        (levels.h; linear, the dummy line and switches included).
// With C_sl about six lines, a reference is crossed after 2 to 30 cycles, so one count tells capacitances
// apart by 3 % at best; counts at all references of the other half add up to a figure that is ten times
// finer. ASSUMED: the tested column's switch closes alone (the scan path selects it), and lines settle. Noise
// of each cycle: the comparator's, kT/C of the reference, and of the shared line such that the sum line keeps
// the variance kT / C_sl: (1 - a^2) kT / C_sl, a = C_sl / (C_sl + C_j). It is temporal: normal_draw(chip's
// seed, Stream::noise, chip, sequence of the half, place). Immutable, thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "macro/operation.h"

namespace mavis::macro {

struct ColumnTest {
  int repeats = 1;  // counts at each reference
  bool operator==(const ColumnTest&) const = default;
};

// Cycles of one half.
struct ColumnCounts {
  std::vector<std::int64_t> cycles = {};  // by column, over all references and repeats
  std::vector<double> capacitance = {};   // F, the truth that is not seen on chip: [Q_j(vdd) - Q_j(0)] / vdd
  std::int64_t clocks = 0;                // spent: as many a cycle as an SA cycle
};

class ColumnTester {
 public:
  // Throws InputError as PointTables does. `model` must outlive it.
  ColumnTester(const PointTables& tables, const MacroModel& model);

  ColumnCounts count(const Chip& chip, int array, Half half, const Comparator& comparator,
                     const ColumnTest& test = {}) const;

  double sum_line_capacitance() const { return sum_line_; }  // F
  double line_capacitance() const;                           // F, without mismatch

 private:
  Curve charge(const Chip& chip, int array, Half half, int column) const;

  const MacroModel* model_;
  Curve charge_;                     // A.s against level/vdd, without mismatch
  std::vector<std::string> labels_;  // of the responses
  std::vector<Curve> responses_;     // A.s against level/vdd, by label
  double sum_line_ = 0, kt_ = 0;     // F; J
};

// The `number` columns whose counts are farthest from the half's median, ascending; of equals the first.
std::vector<int> extreme_columns(const ColumnCounts& counts, int number);
// Those farther from it than `sigmas` standard deviations of the half's counts.
std::vector<int> columns_beyond(const ColumnCounts& counts, double sigmas);

// Columns of a half that a fraction (0 to below 1) is, to the nearest whole number.
int columns_of_fraction(double fraction, const Spec& spec);

// ArraySetup of a uArray by its tests: comparator first, then `spec.discarded` columns of each half of the
// model.
ArraySetup test_uarray(const ColumnTester& tester, const MacroModel& model, const Chip& chip, int array,
                       const ComparatorProcedure& procedure, const ColumnTest& test);

}  // namespace mavis::macro
