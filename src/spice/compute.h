// How a cell computes: what the comments `*@ compute PORT: PART ...` and `*@ operation: ...` of its netlist
// say (netlists/README.md). Plain data; parsing is pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mavis::spice {

// A voltage that follows the supply ("0.4") or does not ("0.6v").
struct Level {
  double volts = 0;   // V
  double of_vdd = 0;  // of the supply
  double at(double vdd) const { return volts + of_vdd * vdd; }
  bool operator==(const Level&) const = default;
};

// What a port does in an operation.
enum class Part {
  line,       // of the whole column; precharged, then the cells move it: its level is the result
  line_bar,   // its twin: the result is the difference
  side_line,  // of the whole column, precharged and floating too, but not read
  own_line,   // of each cell: precharged, then floating; not read
  share,      // of each cell: precharged, floating, at last averaged over the column: the result
  share_bar,  // its twin
  input,      // driven by the input bit
  bias,       // a constant level
};

// When an input moves.
enum class Start { precharge, floating, act };  // lines are still precharged; they float; evaluation begins

struct ComputePort {
  Part part = Part::bias;
  // A line's precharge or an input's level: at rest, and in an operation with input bit 1 or 0.
  Level rest, one, zero;
  Start start = Start::act;
  bool holds = false;  // stays until the level is read, not only for the evaluation time
  double load = 0;     // F a row, of `line`, `line_bar`, `share` and `share_bar`: on the column's line
  bool operator==(const ComputePort&) const = default;
};

struct Operation {
  double lead = 20e-12;    // s, from floating lines to the inputs' edges
  double time = 0;         // s, of evaluation; 50 ps at least
  double settle = 60e-12;  // s, from there (sharing: from the switches' closing) to the reading
  // Pairs 2 w + x of stored bit and input bit that count as a product, and that don't.
  int shared = 1;  // cells that share the devices of the .subckt itself, beside the instances in it
  std::vector<int> ones = {3}, zeros = {1, 2, 0};
  bool operator==(const Operation&) const = default;
};

// What follows the colon. Throw InputError with the reason, without the place.
ComputePort parse_compute_port(const std::string& text);
Operation parse_operation(const std::string& text);
std::string_view name_of(Part part);

}  // namespace mavis::spice
