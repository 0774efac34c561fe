// A column of cells that compute: what the benches compute and compute_drive measure, for any bitcell whose
// netlist says how it computes (spice/compute.h). compute.cir explains the circuit. Not a bench itself.
//
// Switches that precharge, average and hold bits are ideal: what is compared are the cells.
#pragma once

#include <functional>
#include <string>

#include "compute_cycle.h"
#include "plan/bench.h"

namespace mavis {

// One operation, or what is asked of it.
struct Answer {
  double level = 0;           // V, at the reading
  double energy = 0;          // J, from rest to rest
  double static_current = 0;  // A, out of all sources at the end of the evaluation
  double disturb = 0;         // V, largest excursion of a storage node from its level
  bool lost = false;          // a bit, for good
};

class Column {
 public:
  explicit Column(plan::Probe& probe);

  const ColumnSpec& spec() const { return spec_; }
  void scale_time(double factor) { time_scale_ = factor; }    // of evaluation
  void scale_drive(double factor) { drive_scale_ = factor; }  // of the inputs' levels, or of the bias
  // What scale_drive multiplies, V: of the strongest input with bit 1.
  double drive() const;

  // The first `products` rows hold a product, the others none; kinds of either go round the rows in turn,
  // unless `zero` says which pair of zeros all have. A product of the low latch alone, or of the high one,
  // has the other at 0: `weight` 1 or 2.
  Answer operate(int products, int zero = -1, int weight = 3);
  // Current out of the line's precharge a row, A, less that of its twin: with every row at the same pair, the
  // lines that are read held at their precharge.
  double line_current(int pair);
  // Power of all sources at rest a row, W; rows store 0 and 1 in turn.
  double idle_power();

 private:
  Times set(const std::function<int(int row)>& pair_of, bool held, int weight);
  double out(const spice::Waveforms& run, const std::string& source, double t) const;

  plan::Probe& probe_;
  ColumnSpec spec_;
  double vdd_;
  double time_scale_ = 1, drive_scale_ = 1;
};

}  // namespace mavis
