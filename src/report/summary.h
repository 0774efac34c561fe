// What a designer looks at first: of each table its value at the nominal PVT point, the worst PVT point, the
// spread between samples there and the device parameters that cause it. Pure, thread-safe.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "report/reading.h"
#include "tables/library.h"

namespace mavis::report {

// Positions of the lowest and the highest value among some cells; the first of equals.
struct Ends {
  std::size_t low = 0, high = 0;
};

// One table, folded: its nominal PVT point (typical_index of corner, vdd and temp_c) and all its points, each
// over all nodes of the other axes. Only cells with a number count, whatever their status.
struct TableSummary {
  const tables::Table* table = nullptr;  // of the library that was summarized
  std::optional<Ends> nominal, all;      // empty: no cell has a number
  // The cell that spread and shares are of: the worst value; for a table without a worse direction the one of
  // the largest sigma, empty if none has a sigma.
  std::optional<std::size_t> point;
  // Shares of the squared response at `point`, the largest first, two at most. Where the response was not
  // measured at that PVT point: that of the same cell at the nominal one.
  std::vector<std::pair<std::string, double>> shares;
  bool shares_at_nominal = false;
  // A table "bench/figure_by_part" is a detail of "bench/figure", if there is that: a figure without a
  // response takes the shares of its detail's worst cell at the same point.
  const tables::Table* shares_of = nullptr;  // that detail; nullptr: the shares are the table's own
  bool is_detail = false;
  std::map<tables::Status, std::size_t> not_ok;  // cells by status
  std::optional<std::size_t> first_not_ok;
};

// A line a table, in the library's order; `of` (a bench or a table) restricts them. REQUIRES that there is
// such a bench or table, or that `of` is empty.
std::vector<TableSummary> summarize(const tables::Library& library, std::string_view of = "");

// Of a table whose worse direction is known: the worst value's cell.
std::size_t worst_of(const tables::Table& table, const Ends& ends);
// The value `sigmas` standard deviations from the mean, NaN without a sigma: by the logarithm on a log scale.
double beyond(const tables::Table& table, std::size_t cell, double sigmas);
bool is_pvt(const tables::Axis& axis);
// "ss 0.9 V 120 C, stored_bit 1, hold_voltage 0.6 V"; axes of one node are left out, but for PVT.
std::string place_text(const tables::Table& table, std::size_t cell);

}  // namespace mavis::report
