// Many designs of a macro side by side, and the paper's figures (MF-Net: Nasrin et al.) from measured tables.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "macro/design.h"
#include "report/area.h"
#include "report/sheet.h"

namespace mavis::report {

struct ExploreQuery {
  // Each ascending, each value once, none empty. Columns of a uArray; bits with their sign.
  std::vector<int> columns, weight_bits, adc_bits;
  std::vector<double> hold_voltages, vdds;  // V
  std::string corner = "tt";
  double temp_c = 27;
  int input_bits = 0;  // 0: as the weight bits
  std::uint32_t chips = 50;
  std::optional<double> mismatch;  // three sigma of a line's capacitance, relative, instead of the library's
  double discard = 0.03;           // fraction of columns; at least one is discarded
  macro::ComparatorProcedure comparator = {};
};

struct Explored {
  macro::Design design;
  macro::Pvt pvt;
  macro::DesignFigures figures;  // with its reason where there are none
  std::optional<macro::Crossover> crossover, with_discard;
  std::optional<Area> area;
};

struct Exploration {
  std::vector<Explored>
      designs;          // columns, then hold voltage, vdd, weight bits, conversion bits; the last fastest
  std::string no_area;  // why there is none
};

// Called with halves done and in all.
using ExploreWatch = std::function<void(std::size_t done, std::size_t total)>;

// Throws InputError for a library that is not of a macro, and for a corner, supply or temperature outside of
// it.
Exploration explore(const tables::Library& library, const ExploreQuery& query,
                    const ExploreWatch& watch = {});

// All designs; with `for_people` those without figures are folded into notes.
Sheet design_sheet(const Exploration& exploration, const ExploreQuery& query, bool for_people);

// By name: "6a" discharge and leakage against hold voltage; "6b" energy by part; "7" latency and energy
// against weight and conversion bits (7b, 7c), Eq. 4 beside them; "8d" crossover against mismatch and
// columns; "8d_discard" against discarded columns; "8e" comparator thresholds before and after calibration.
// At the library's own columns and hold voltage, unless they are what varies, and the first of its nominal
// supply and the query's. Throws as explore does.
std::vector<std::pair<std::string, Sheet>> figure_sheets(const tables::Library& library,
                                                         const ExploreQuery& query);

// One library of tables on the axes columns, weight_bits, adc_bits, hold_voltage and vdd; a cell without a
// figure is not_applicable. `facts` are put before its own.
tables::Library exploration_library(const tables::Library& library, const Exploration& exploration,
                                    const ExploreQuery& query,
                                    std::vector<std::pair<std::string, std::string>> facts);

}  // namespace mavis::report
