// Conservation of charge on a half's sum line, for any number of columns and any spread of its lines.
//
// Line j floats at V_j and holds Q_j(V) = line_charge/charge(hold, x_j, V/vdd) + spread sum_p response_p
// z_jp; the sum line starts at vdd with a capacitance C_sl that is not its lines'. Closing the switches gives
// the level L at which
//   sum_j Q_j(V_j) + C_sl vdd = sum_j Q_j(L) + C_sl L.
// V_j = product_line/level(hold, w_j, timing, x_j) + its response to z_j, at the library's product time.
// C_sl is what the library's half holds beside its lines, in proportion to the columns:
//   C_sl = columns / N {C_dac - N [Q(vdd) - Q(0)] / vdd}                                   C_dac: levels.h
// (dummy line, sum line and switches; linear). The library's own macro is Levels and HalfRow, which know what
// switches inject and the dummy trims; this is for what no library has: other columns, hold voltages,
// spreads. Immutable, thread-safe.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "macro/chip.h"
#include "macro/levels.h"

namespace mavis::macro {

class ChargeSharing {
 public:
  // Throws InputError as PointTables does, also for a hold voltage outside of the tables; REQUIRES columns >
  // 0.
  ChargeSharing(const PointTables& tables, const Spec& spec, const Levels& levels, int columns,
                double hold_voltage);
  // The library's columns and hold voltage.
  ChargeSharing(const PointTables& tables, const Spec& spec, const Levels& levels)
      : ChargeSharing(tables, spec, levels, spec.columns_per_half, spec.hold_voltage) {}

  int columns() const { return columns_; }
  double vdd() const { return vdd_; }                        // V
  double sum_line_capacitance() const { return sum_line_; }  // F
  double line_capacitance() const;                           // F, [Q(vdd) - Q(0)] / vdd with input 0
  double total_capacitance() const { return sum_line_ + columns_ * line_capacitance(); }  // F
  // V, what a product leaves on its line; without mismatch.
  double after_product() const { return level_[1][1]; }

 private:
  friend class SharedHalf;

  int columns_;
  double vdd_, sum_line_ = 0;
  std::array<Curve, 2> charge_;  // A.s against level/vdd, by input bit
  std::vector<std::string> charge_labels_, level_labels_;
  std::vector<double> nodes_;                                         // of level/vdd
  std::array<std::vector<std::vector<double>>, 2> charge_response_;   // A.s, by input bit, node, label
  std::array<std::array<double, 2>, 2> level_{};                      // V, by stored and input bit
  std::array<std::array<std::vector<double>, 2>, 2> level_response_;  // V, by label
};

// One half of a chip's uArray. Cells are those of row `row`.
class SharedHalf {
 public:
  // `sharing` must outlive this. `spread` multiplies what draws do to the lines' charge.
  SharedHalf(const ChargeSharing& sharing, const Chip& chip, int array, Half half, double spread = 1,
             int row = 0);

  const ChargeSharing& sharing() const { return *sharing_; }
  double charge(int column, int input,
                double level) const;     // A.s; level over vdd, taken to the end outside 0..1
  double capacitance(int column) const;  // F, as line_capacitance
  double level(const Bits& stored, const Bits& input) const;  // V, multiply-average
  // V, for data that is random but for its number of products, to first order its mean: they are as likely in
  // each column but the `discarded` ones (ascending), which always discharge; zeros are of all kinds alike.
  double expected_level(int products, const std::vector<int>& discarded = {}) const;
  double reference(int code) const;  // V, lines of `code` pulled low; without a dummy

 private:
  // L for what the lines bring, A.s; `ones` says how much of a column has input bit 1.
  double settled(double brought, const std::vector<double>& ones) const;

  const ChargeSharing* sharing_;
  struct Column {
    std::array<Curve, 2> charge;                     // A.s on top of the nominal charge, by input bit
    std::array<std::array<double, 2>, 2> brought{};  // A.s after the product, by stored and input bit
  };
  std::vector<Column> columns_;
};

}  // namespace mavis::macro
