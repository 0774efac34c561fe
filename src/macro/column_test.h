// Self-test of a half's columns by counting charge cycles, after MF-Net (Nasrin et al., Fig. 8).
//
// The sum line starts at ground. A cycle precharges the tested product line to vdd and shares it with the sum
// line; the comparator then says whether the sum line is above the reference that the other half makes from a
// code. Cycles are counted until it does. A small line capacitance takes more. Charge is conserved,
//   Q_j(V) + C_sl V = Q_j(vdd) + C_sl V_before,
// with the line's own charge curve and the sum line's capacitance of charge_sharing.h, column lines at vdd.
// With C_sl about six lines, a reference is crossed after 2 to 30 cycles, so one count tells capacitances
// apart by 3 % at best; counts at all references of the other half add up to a figure that is ten times
// finer. ASSUMED: the tested column's switch closes alone (the scan path selects it), and lines settle. Noise
// of each cycle: the comparator's, kT/C of the reference, and of the shared line such that the sum line keeps
// the variance kT / C_sl: (1 - a^2) kT / C_sl, a = C_sl / (C_sl + C_j). It is temporal: normal_draw(chip's
// seed, Stream::noise, chip, sequence of the half, place). Pure, thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "macro/charge_sharing.h"
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

// Counts cycles of all columns of a chip's half. `references` are those of the other half, V, by code.
// `comparator` is the uArray's.
ColumnCounts count_cycles(const MacroModel& model, const SharedHalf& lines,
                          const std::vector<double>& references, const Comparator& comparator,
                          const Chip& chip, int array, Half half, const ColumnTest& test = {});

// References that the library's DAC half makes while it stores zeros: cdac/level and the draws of its lines.
std::vector<double> test_references(const MacroModel& model, const Chip& chip, int array, Half dac);

// The `number` columns whose counts are farthest from the half's median, ascending; of equals the first.
std::vector<int> extreme_columns(const ColumnCounts& counts, int number);
// Those farther from it than `sigmas` standard deviations of the half's counts.
std::vector<int> columns_beyond(const ColumnCounts& counts, double sigmas);

// Columns of a half that a fraction (0 to below 1) is, to the nearest whole number.
int columns_of_fraction(double fraction, const Spec& spec);

// A uArray's setup by its tests: comparator first, then `spec.discarded` columns of each half of the model.
// `sharing` is the library's half.
ArraySetup test_uarray(const ChargeSharing& sharing, const MacroModel& model, const Chip& chip, int array,
                       const ComparatorProcedure& procedure, const ColumnTest& test);

}  // namespace mavis::macro
