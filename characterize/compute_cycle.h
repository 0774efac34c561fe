// One cycle of a column of cells that compute, as its sources drive it: what a worker knows of the column,
// and what each source does. compute.cir has the break points. Pure.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
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

// The first constants.
inline constexpr int kSupply = 0, kLine = 1, kTwin = 2;

std::map<std::string, double> column_settings(const ColumnSpec& spec);
ColumnSpec column_spec(const plan::Job& job);  // from column_settings
// "3", "l3": what the names of sources and nodes of each latch end with.
std::vector<std::string> latch_tags(const ColumnSpec& spec);

struct Operating {
  double vdd = 0;          // V
  double time_scale = 1;   // of evaluation
  double drive_scale = 1;  // of inputs, or of the bias
};

// V, of an input or precharge with input bit x.
double volts_of(const ColumnSpec& spec, const Drive& drive, int x, const Operating& at);
// V, of what drive_scale multiplies: the bias, or the strongest input.
double drive_of(const ColumnSpec& spec, const Operating& at);

// s: the storage nodes are on their own; evaluation ends; the level is read; everything rests again.
struct Times {
  double alone = 0, end = 0, read = 0, stop = 0;
};

using Points = std::vector<std::pair<double, double>>;  // (s, V)

// What the sources do.
struct Stimulus {
  Times times;
  std::vector<std::pair<std::string, Points>> followed;
  std::vector<std::pair<std::string, double>> constant;  // V
};

struct Kind {
  bool held = false;  // lines that are read stay precharged
  int weight = 3;     // latches that store the bits: 2 the high one, 1 the low one
};

Stimulus stimulate(const ColumnSpec& spec, const Operating& at, const std::function<int(int row)>& pair_of,
                   const Kind& kind);

// Pair of a row: the first `products` rows hold a product, the others none; kinds of either go round the rows
// in turn, unless `zero` is that of all zeros.
int pair_at(const ColumnSpec& spec, int row, int products, int zero);

}  // namespace mavis
