// Cells that compute, side by side: figures of each from its library, at equal rows and PVT, ranked by one of
// them. Pure, thread-safe.
//
// Every figure comes from tables of the benches compute, compute_drive and noise_margin. `step` is the mean
// step of a cell's own transfer curve from no product to all.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "report/sheet.h"
#include "tables/library.h"
#include "tables/table.h"

namespace mavis::report {

struct PvtNode {
  std::string corner;
  double vdd = 0;     // V
  double temp_c = 0;  // Celsius
};

// A figure of merit that cells are compared by.
struct CompareFigure {
  std::string_view name;
  std::string_view unit;   // SI
  std::string_view text;   // a line for people
  std::string_view rests;  // on which table
  tables::Worse worse = tables::Worse::none;
};
const std::vector<CompareFigure>& compare_figures();

// One figure of one cell at one point.
struct ComparedValue {
  double value = 0;           // NaN: there is none
  double standard_error = 0;  // in the figure's unit; NaN: unknown, or the value rests on several tables
  std::int64_t n = 0;         // samples behind it; 1: the circuit without mismatch
  tables::Status status = tables::Status::ok;
};

struct ComparedCell {
  std::string name;
  std::vector<ComparedValue> figures;  // as compare_figures()
  std::vector<double> levels, sigmas;  // V, by products from 0: mean and spread between samples
  std::vector<int> turns;              // products after a step that goes the wrong way, nominal
  bool lost = false;                   // a bit, in some sample
};

// Of a library with the bench compute at this node. Throws InputError naming the library and what it lacks.
ComparedCell compared_cell(const tables::Library& library, const PvtNode& pvt);
// The last number of products of its transfer curves. Throws as above.
int rows_of(const tables::Library& library);

// Positions of the cells, the best first by the figure (a position in compare_figures()); those without it
// last, equals in the order given.
std::vector<std::size_t> ranked(const std::vector<ComparedCell>& cells, std::size_t figure);
// Position of a figure; throws InputError with the nearest name and all of them.
std::size_t figure_named(std::string_view name);

// Two sheets for people: how well the cells compute, and what that costs.
std::vector<Sheet> compare_sheets(const std::vector<ComparedCell>& cells, const PvtNode& pvt, int rows,
                                  std::size_t rank_by);
// One row a cell, point and figure, with what it rests on.
Sheet compare_csv_sheet();
void add_csv_rows(const std::vector<ComparedCell>& cells, const PvtNode& pvt, int rows, Sheet& sheet);

// Transfer curves with their spread, and their distance from straight lines, as one SVG picture.
std::string compare_plot(const std::vector<ComparedCell>& cells, const PvtNode& pvt);

}  // namespace mavis::report
