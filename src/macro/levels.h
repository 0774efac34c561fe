// Levels of a half at a PVT point for the circuit without mismatch, from the library.
//
// A half has N columns; `Counts` says how many are products and how many are zeros of each kind (stored bit,
// input bit). The level of the multiply-average is
//   level(k, n01, n10, n00) = sum over kinds z of n_z / (N - k) * sum_line/level(k, z)      (k = N: any z)
// and droop, energy likewise. The converter's reference is cdac/level(code, pattern), with the fraction of
// stored ones in the DAC half's row as the weight between the patterns "zeros" and "ones".
//
// Capacitance seen by averaging: turning one zero into a product takes Q(V_zero) - Q(V_product) from the line
// and lowers the level by one step, so
//   C_mav = [Q(V_w0x1) - Q(V_w1x1)] / mean step of sum_line/level(., w0x1)   (both with input 1: same state
//   of CL) C_dac = [Q(vdd) - Q(0)]         / mean step of cdac/level over both patterns      (input 0: CL
//   high)
// with Q = line_charge/charge and V = product_line/level at the macro's hold voltage and timing.
// Immutable, thread-safe.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "macro/macro_spec.h"
#include "macro/point_tables.h"

namespace mavis::macro {

using Bits = std::vector<char>;  // 0 or 1 a column

// Kinds of zero products, labels of the axis `zeros`: stored bit w and input bit x.
inline constexpr std::array<const char*, 3> kZeroKinds = {"w0x1", "w1x0", "w0x0"};

struct Counts {
  int products = 0;
  std::array<int, 3> zeros{};  // by kZeroKinds
  int columns() const { return products + zeros[0] + zeros[1] + zeros[2]; }
  bool operator==(const Counts&) const = default;
};

// REQUIRES equal sizes.
Counts count(const Bits& stored, const Bits& input);

// A quantity on the axes products and zeros (at fixed further axes), weighted by the kinds of zeros.
class ByCounts {
 public:
  ByCounts(const PointTables& tables, std::string_view table, int columns, const tables::Point& place = {});
  double at(const Counts& counts) const;
  double at(int products, std::size_t zero) const {
    return values_[static_cast<std::size_t>(products)][zero];
  }

 private:
  std::vector<std::array<double, 3>> values_;
};

class Levels {
 public:
  // Throws InputError as PointTables does.
  Levels(const PointTables& tables, const Spec& spec);

  int columns() const { return columns_; }
  const ByCounts& mav_by_counts() const { return level_; }
  const ByCounts& droop_by_counts() const { return droop_; }
  double mav(const Counts& counts) const { return level_.at(counts); }    // V, at the first comparison
  double droop(const Counts& counts) const { return droop_.at(counts); }  // V, last minus first comparison
  // V; 0 <= code <= N, 0 <= ones <= 1 the fraction of stored ones.
  double reference(int code, double ones) const;
  double mav_capacitance() const { return mav_capacitance_; }  // F
  double dac_capacitance() const { return dac_capacitance_; }  // F

 private:
  int columns_;
  ByCounts level_, droop_;
  std::vector<std::array<double, 2>> reference_;  // by code; zeros, ones
  double mav_capacitance_ = 0, dac_capacitance_ = 0;
};

// Place of a column state in product_line/level: hold voltage, stored bit, timing, input bit.
tables::Point product_place(const Spec& spec, int stored, int input);
// Place of a line's state in line_charge/charge: hold voltage, input bit, level (PL voltage over vdd, taken
// to the nearer end outside 0..1: the table holds no charge there).
tables::Point charge_place(const Spec& spec, int input, double level);

}  // namespace mavis::macro
