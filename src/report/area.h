// What a uArray may take of silicon, from the texts that a library keeps of its macro, netlists and process.
//
// Cells take rows x columns pitches of the process' pdk.toml. Everything else is counted in transistors and
// taken to be as dense as the cell: cell area / transistors of a cell each. Counted: mux, averaging switch
// and drivers of every column; drivers of row lines, switches and sum-line precharge, dummy line and sum line
// of both halves; one comparator; a register slice a conversion bit. Not counted: word and bit line
// periphery, scan path, controller, wiring beyond that density. Pure.
#pragma once

#include "macro/macro_spec.h"
#include "tables/library.h"

namespace mavis::report {

struct Area {
  double cells = 0, periphery = 0;  // m2, of one uArray
  double total() const { return cells + periphery; }
};

class AreaModel {
 public:
  // Throws InputError naming the text that a library lacks, or what a text lacks.
  explicit AreaModel(const tables::Library& library);
  // `columns` of a uArray, both halves.
  Area of(int rows, int columns, int adc_bits) const;

 private:
  double cell_ = 0;  // m2
  int per_cell_ = 0, per_line_ = 0, per_gate_ = 0, per_driver_ = 0, per_sum_line_ = 0, per_comparator_ = 0,
      per_slice_ = 0, dummy_rows_ = 0;  // transistors; rows
};

}  // namespace mavis::report
