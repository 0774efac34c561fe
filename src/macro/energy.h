// Energy, by what it was spent for and who paid.
//
// Per operation, from the library:
//   sum_line/energy    one multiply-average of a half, by driver, weighted by the kinds of zeros as levels
//   are
//   cdac/energy        one step of the reference, by driver, code and the level over vdd at which the lines
//                      begin: 1 in the first step, then the reference before; beyond the axis its ends.
//                      After the last step all lines return to vdd: what a step to code 0, which leaves all
//                      high, takes more from the last reference than from vdd
//   cdac/first_energy  more in the first step, for each line that it pulls down and the dummy: their
//                      precharge is turned off. A library without it has this in every step
//   comparator/energy  a decision, at its common mode
//   sar_logic/energy   a decision: one bit slice takes the bit, the other adc_bits - 1 are idle. Where the
//   table
//                      tells cycles of trial and reset apart, each slice had one of both in the conversion:
//                      they count with its decision (a slice that holds a 1 is reset by an idle cycle)
//   leakage/power      of every cell by its stored bit at the hold voltage, all the time. It is a geometric
//   mean
//                      over mismatch; the mean of many cells is larger by exp(sigma^2 / 2), sigma its spread
//                      in ln
// Otherwise energies are those of the circuit without mismatch. What a bench's own window leaks is in its
// table and in leakage/power: counted twice, on the safe side.
#pragma once

#include <array>
#include <vector>

#include "macro/levels.h"
#include "macro/macro_spec.h"
#include "macro/point_tables.h"

namespace mavis::macro {

enum class Part { pl, sl, mux, rl, cl, switches, hold, comparator, sar, leakage };
inline constexpr std::array<const char*, 10> kPartNames = {"pl",     "sl",   "mux",        "rl",  "cl",
                                                           "switch", "hold", "comparator", "sar", "leakage"};
enum class Phase { mav, conversion, idle };
inline constexpr std::array<const char*, 3> kPhaseNames = {"mav", "conversion", "idle"};

// Joules by phase and part. Plain data.
class Ledger {
 public:
  void add(Phase phase, Part part, double joules) { cell(phase, part) += joules; }
  void add(Phase phase, std::size_t part, double joules) { add(phase, static_cast<Part>(part), joules); }
  double of(Phase phase, Part part) const {
    return cells_[static_cast<std::size_t>(phase)][static_cast<std::size_t>(part)];
  }
  double of(Phase phase) const;
  double of(Part part) const;
  double total() const;
  Ledger& operator+=(const Ledger& other) { return add(other, 1); }
  Ledger& add(const Ledger& other, double times);
  bool operator==(const Ledger&) const = default;

 private:
  double& cell(Phase phase, Part part) {
    return cells_[static_cast<std::size_t>(phase)][static_cast<std::size_t>(part)];
  }
  std::array<std::array<double, kPartNames.size()>, kPhaseNames.size()> cells_{};
};

// What operations cost at a PVT point. Immutable, thread-safe.
class Energies {
 public:
  // Throws InputError as PointTables does: a library without one of the tables is refused by its name.
  Energies(const PointTables& tables, const Spec& spec);

  void add_mav(Ledger& ledger, const Counts& counts) const;
  // A step of the reference to `code` whose lines begin at `before` (of vdd).
  void add_dac_step(Ledger& ledger, int code, double before) const;
  // What the first step of a conversion, to `code`, takes beyond that.
  void add_dac_first(Ledger& ledger, int code) const;
  // The lines' return to vdd from `before` (of vdd).
  void add_dac_return(Ledger& ledger, double before) const;
  void add_comparator(Ledger& ledger, double joules) const;
  void add_sar(Ledger& ledger, int bit) const;
  void add_leakage(Ledger& ledger, double cells_with_zero, double cells_with_one, double seconds) const;

 private:
  int idle_slices_;
  std::vector<ByCounts> mav_;            // by driver of the axis
  std::vector<std::size_t> mav_parts_;   // their parts
  std::vector<std::vector<Curve>> dac_;  // by code, driver
  std::vector<std::size_t> dac_parts_;
  std::vector<double> dac_first_;      // J a line, by driver; empty: part of dac_
  std::array<double, 2> sar_slice_{};  // J, by bit; trial and reset included
  double sar_idle_ = 0;                // J
  std::array<double, 2> leakage_{};    // W a cell, by stored bit
};

}  // namespace mavis::macro
