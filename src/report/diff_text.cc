#include "report/diff_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "report/csv.h"
#include "report/grid.h"
#include "report/reading.h"
#include "util/units.h"

namespace mavis::report {
namespace {

using tables::Scale;
using tables::Table;

constexpr std::size_t kMostLines = 40;

std::string place_text(const Table& table, std::size_t cell) {
  const std::vector<std::size_t> index = table.index(cell);
  std::vector<std::string> parts;
  for (std::size_t k = 0; k < index.size(); ++k) {
    const tables::Axis& axis = table.axes[k];
    const bool is_pvt = axis.name == "corner" || axis.name == "vdd" || axis.name == "temp_c";
    parts.push_back((is_pvt ? "" : axis.name + " ") + node_text(axis, index[k]));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

bool is_relative(const FigureChange& change) {
  return change.table->scale == Scale::log;
}

// A value of the figure: spreads on a log scale in percent.
std::string figure_text(const FigureChange& change, double value) {
  if (change.figure != "sigma") return format_quantity(value, change.table->unit);
  return is_relative(change) ? fmt::format("{:.4g} %", 100 * value)
                             : format_quantity(value, change.table->spread_unit());
}

std::string difference_text(const FigureChange& change) {
  if (!is_relative(change))
    return fmt::format("{}{}", change.difference > 0 ? "+" : "",
                       format_quantity(change.difference, change.table->unit, 3));
  const double percent = 100 * (change.figure == "sigma" ? change.difference : std::expm1(change.difference));
  return fmt::format("{:+.3g} %", percent);
}

// One line for all cells of a table and figure.
struct Line {
  const FigureChange* first;
  std::size_t significant = 0, differing = 0;
};

void add_list(std::string& text, const char* title, const std::vector<std::string>& items) {
  if (items.empty()) return;
  text += fmt::format("{}\n", title);
  for (const std::string& item : items) text += "  " + item + '\n';
}

}  // namespace

std::string diff_text(const LibraryDiff& found) {
  std::vector<Line> lines;
  std::map<std::pair<const Table*, std::string>, std::size_t> places;
  for (const FigureChange& change : found.figures) {
    const auto [place, is_new] = places.try_emplace({change.table, change.figure}, lines.size());
    if (is_new) lines.push_back({&change});
    Line& line = lines[place->second];
    ++line.differing;
    line.significant += change.significant ? 1 : 0;
  }
  std::string text;
  std::vector<std::vector<std::string>> rows = {
      {"table", "figure", "first", "second", "difference", "in sigma", "cells", "at"}};
  std::size_t small = 0, left_out = 0;
  for (const Line& line : lines) {
    if (line.significant == 0) {
      ++small;
    } else if (rows.size() > kMostLines) {
      ++left_out;
    } else {
      const FigureChange& change = *line.first;
      rows.push_back({change.table->name, change.figure, figure_text(change, change.a),
                      figure_text(change, change.b), difference_text(change),
                      fmt::format("{:+.3g}", change.sigmas()), fmt::format("{}", line.significant),
                      place_text(*change.table, change.cell)});
    }
  }
  if (rows.size() > 1) text += grid(rows, "llrrrrrl");
  if (left_out > 0) text += fmt::format("and {} more lines; --csv has all\n", left_out);
  if (!found.status.empty()) text += "status\n";
  for (const StatusChange& change : found.status)
    text += fmt::format("  {}: {} cells, first {} -> {} at {}\n", change.table->name, change.cells,
                        name_of(change.a), name_of(change.b), place_text(*change.table, change.cell));
  if (small > 0)
    text += fmt::format("{} tables' figures differ by no more than their error bars allow\n", small);
  add_list(text, "only in the first library", found.only_a);
  add_list(text, "only in the second library", found.only_b);
  add_list(text, "not compared", found.not_compared);
  add_list(text, "inputs that differ", found.inputs);
  if (!found.figures.empty() && found.same_seed)
    text +=
        "one seed: both have the same draws, so error bars of mean and sigma overstate; look at nominal\n";
  return text;
}

std::string diff_csv(const LibraryDiff& found) {
  std::string text =
      "table,figure,at,first,second,unit,difference,error,difference_unit,sigma,p,significant\r\n";
  for (const FigureChange& change : found.figures) {
    const Table& table = *change.table;
    const std::string unit = change.figure == "sigma" ? table.spread_unit() : table.unit;
    text += fmt::format("{},{},{},{},{},{},{},{},{},{},{},{}\r\n", csv_field(table.name), change.figure,
                        csv_field(place_text(table, change.cell)), csv_number(change.a), csv_number(change.b),
                        csv_field(unit), csv_number(change.difference), csv_number(change.error),
                        csv_field(is_relative(change) ? "ln" : unit), csv_number(change.sigmas()),
                        csv_number(change.p), change.significant ? "yes" : "no");
  }
  return text;
}

}  // namespace mavis::report
