// How a chip's draws z move its levels: to first order, what a product leaves on a line to second.
//
// After a product, line j floats at V_j + dV_j and its charge curve is Q(V) + sum_p R_charge(V; p) z_jp.
// Averaging conserves charge: what line j brings beyond the average level L is Q_j(V_j) - Q_j(L). Hence
//   dV_j = R_level(hold, w, timing, x; z_j)                 product_line/level, response and bend
//   (point_tables.h) dQ_j = sum_p [R_charge(hold, x, V_j/vdd; p) - R_charge(hold, x, L/vdd; p)] z_jp
//   line_charge/charge deviation of the sum line = sum_j (C_j dV_j + dQ_j) / C_mav             C_j = dQ/dV at
//   V_j, levels.h
// In the DAC half a line was driven, not floated: V_j is 0 where its bit pulls it low, else vdd, without a
// dV_j; CL is high (input bit 0); the divisor is C_dac. Levels over vdd are taken to the nearer end outside
// 0..1. Labels "xcell." are the cell in the row that computes, in the DAC half that of the same row.
// Immutable, thread-safe.
#pragma once

#include <array>
#include <set>
#include <string>
#include <vector>

#include "macro/chip.h"
#include "macro/levels.h"

namespace mavis::macro {

// The library's responses at a PVT point, in the form in which columns use them.
class LineResponses {
 public:
  // Throws InputError as PointTables does.
  LineResponses(const PointTables& tables, const Spec& spec);

  const std::vector<std::string>& labels() const { return labels_; }
  // Draws of one cell's column in the order of labels().
  std::vector<double> draws(const Chip& chip, int array, Half half, int column, int row) const;

 private:
  friend class HalfRow;
  using PerLabel = std::vector<double>;

  std::size_t size() const { return labels_.size(); }
  // Response of `table` at `place`, reordered to labels().
  Response response(const PointTables& tables, const std::string& table, const tables::Point& place) const;

  std::vector<std::string> labels_;
  double vdd_;
  // For stored bit and input bit: charge that draws add after the product, C_j R_level + R_charge(V_j), A.s.
  std::array<std::array<Response, 2>, 2> brought_;
  // For the input bit, R_charge at nodes of level/vdd, A.s.
  std::vector<double> nodes_;
  std::array<std::vector<PerLabel>, 2> kept_;
};

// One row of one half of a chip's uArray: its stored bits and what the draws do to its levels.
class HalfRow {
 public:
  // `levels` and `responses` must outlive this. REQUIRES stored.size() == levels.columns().
  HalfRow(const LineResponses& responses, const Levels& levels, const Chip& chip, int array, Half half,
          int row, Bits stored);

  const Bits& stored() const { return stored_; }
  double ones() const { return ones_; }  // fraction of stored ones
  // V, to add to the nominal level `level` (V) as the computing half with these inputs.
  double mav_deviation(const Bits& input, double level) const;
  // What one column adds to that.
  double column_deviation(std::size_t column, bool input, double level) const;
  // V, to add to the nominal reference `level` (V) as the DAC half with this code.
  double reference_deviation(int code, double level) const;

 private:
  struct Column {
    std::array<double, 2> brought{};  // A.s, by input bit
    std::array<Curve, 2> kept;        // A.s against level/vdd, by input bit
  };

  const Levels* levels_;
  double vdd_;
  Bits stored_;
  double ones_ = 0;
  std::vector<Column> columns_;
};

// Is the line of `column` pulled low by `code`? Bit i drives the 2^i columns from 2^i - 1 on.
bool pulls_low(int code, int column);

}  // namespace mavis::macro
