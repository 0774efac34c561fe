// A macro's energy, resolution and noise by the papers' design equations (report/design_equations.h), with
// the papers' constants and with measured ones, beside what is measured. Nothing is tuned to agree. Pure.
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "macro/point_tables.h"
#include "tables/library.h"

namespace mavis::report {

// For what the equations are evaluated beside the papers' own examples.
struct BudgetQuery {
  int bits = 1;             // of weights and inputs, 1 to 16
  int rows = 0;             // numbers that are averaged; 0: the library's, else 1152
  std::uint32_t chips = 8;  // whose codes are asked
};

// What a library says of one bit plane's operation of a half: N columns averaged and converted.
struct MeasuredMacro {
  std::string name;
  macro::Pvt pvt;
  int n = 0, adc_bits = 0;
  double adc_energy = 0;                          // J a conversion
  double capacitor_energy = 0, logic_energy = 0;  // J a column: lines; drivers, switches and row
  double capacitance = 0;                         // F, of a line
  double capacitance_sigma = 0;                   // of it, over it; NaN where there is none
  double swing = 0;                               // V, of the sum line from no product to all
  double activity = 0;                            // share of columns with a product, random bits
  double enob = 0;                                // of its codes, every number of products as often
  double noise = 0;                               // V rms at the converter: temporal, mean over products
  double averaged_capacitance = 0;                // F, of the sum line while it averages
};

// Throws InputError as macro::PointTables does.
MeasuredMacro measured_macro(const tables::Library& library, const macro::Pvt& pvt, const BudgetQuery& query);

inline constexpr double kNoFigure = std::numeric_limits<double>::quiet_NaN();

struct BudgetRow {
  std::string section, quantity, unit;
  std::string stated;                // in the paper's own words, empty: nothing
  double worked = kNoFigure;         // the equation at the paper's own example
  double papers = kNoFigure;         // the equation with the paper's constants, for the query
  double with_measured = kNoFigure;  // the same with measured constants
  double measured = kNoFigure;       // no equation
  std::string note = {};
  std::string of_measured = {};  // on the last two
};

std::vector<BudgetRow> budget(const BudgetQuery& query, const std::optional<MeasuredMacro>& macro);

// For people, and by RFC 4180: numbers the shortest that read back the same, in SI.
std::string budget_text(const std::vector<BudgetRow>& rows, const std::optional<MeasuredMacro>& macro);
std::string budget_csv(const std::vector<BudgetRow>& rows);

}  // namespace mavis::report
