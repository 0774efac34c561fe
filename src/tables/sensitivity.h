// Which device's mismatch causes the spread of which quantity: a ranked list. Pure, thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace mavis::tables {

class Library;
struct Table;

// One device parameter of one table, by rank.
struct Sensitivity {
  std::string table;      // "product_line/discharge_time_10"
  std::int64_t rank = 1;  // 1: the largest share
  std::string parameter;  // "xcell.mst:vth"
  double share = 0;       // of the squared response, 0 to 1: of the variance, to first order
  double response = 0;    // change by one standard deviation of it, in the table's spread_unit()
  std::int64_t cell = 0;  // of the table that this is of, row-major over its axes
  bool operator==(const Sensitivity&) const = default;
};

// Shares of a cell's squared response by position in table.parameters, the largest first (ties: by position).
// Empty where the table has no response or a part of it is not known there.
std::vector<std::pair<std::size_t, double>> response_shares(const Table& table, std::size_t cell);

// Of each table with a response, at the cell that responds most, the parameters with a share of kLeastShare
// and more; in the library's order, then by rank.
inline constexpr double kLeastShare = 1e-3;
std::vector<Sensitivity> sensitivities(const Library& library);

}  // namespace mavis::tables
