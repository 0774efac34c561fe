// A column of cells that compute: what the benches compute and compute_drive measure, for any bitcell whose
// netlist says how it computes (spice/compute.h). compute.cir explains the circuit. Not a bench itself.
//
// All of one column is separate: every row has cells, bits and draws of its own. Switches that precharge,
// average and hold bits are ideal: what is compared are the cells.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "plan/bench.h"
#include "spice/compute.h"

namespace mavis {

// What a source follows: a level at rest, another by the row's input bit.
struct Drive {
  spice::Level rest, one, zero;
  spice::Start start = spice::Start::act;  // as in spice::ComputePort
  bool holds = false;
  bool is_input = false;  // no: precharge of a line of each cell's own
};

// The column as a worker knows it; travels in a job's settings.
struct ColumnSpec {
  int rows = 0;
  int latches = 1;               // a cell; the second stores the bit of lesser weight
  bool shares = false;           // lines of each cell's own are averaged
  bool twin = false;             // the result is a difference of two lines
  std::vector<Drive> drives;     // sources v<i>_<row>
  std::vector<int> read_drives;  // precharges of what is read, where cells have lines of their own
  std::vector<spice::Level>
      constants;  // sources vc<i>: 0 the cells' supply, 1 the line's precharge, 2 its twin's
  int bias = -1;  // the constant that sets the cells' current; -1: inputs do
  double lead = 0, time = 0, settle = 0;  // s, as in spice::Operation
  std::vector<int> ones, zeros;           // pairs 2 w + x
};

// Empty: the subject's cell computes; else why it can't be measured.
std::string no_computing(const plan::Subject& subject);
// REQUIRES a cell that computes.
ColumnSpec column_spec(const plan::Subject& subject);
std::map<std::string, double> column_settings(const ColumnSpec& spec);
ColumnSpec column_spec(const plan::Job& job);  // from column_settings

// Half of the rows with a product; as `bench`.
spice::DeckSpec column_deck(const plan::Bench& bench, const plan::Subject& subject,
                            const plan::PvtPoint& pvt);
// Of all rows: "row3.xlatch.mpdl:vth". `devices` are those of the deck.
std::vector<pdk::Parameter> column_parameters(const plan::Subject& subject,
                                              const std::vector<spice::Device>& devices);
// Labels of pairs: "11".
tables::Axis pair_axis(const std::string& name, const std::string& long_name, const std::vector<int>& pairs);

// One operation, or what is asked of it.
struct Answer {
  double level = 0;           // V, at the reading
  double energy = 0;          // J, from rest to rest
  double static_current = 0;  // A, out of all sources at the end of the evaluation
  double disturb = 0;         // V, largest excursion of a storage node from its level
  bool lost = false;          // a bit, for good
};

// Of one cycle, s: evaluation ends, the level is read, everything rests again.
struct Times {
  double end = 0, read = 0, stop = 0;
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
