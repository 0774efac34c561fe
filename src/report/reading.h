// One number of a table as people read it: value, 95 % interval, spread, status. Pure, thread-safe.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "tables/interpolate.h"
#include "tables/table.h"

namespace mavis::report {

// Coordinates as typed, by axis name: {{"vdd", "0.9 V"}, {"corner", "ss"}}.
using At = std::map<std::string, std::string>;

// The coordinates that concern this table; numbers are read in their axis' unit. Throws InputError for text
// that is no such quantity.
tables::Point point_of(const tables::Table& table, const At& at);

struct Reading {
  double value = 0;             // in the table's unit; NaN where there is none
  double half_width = 0;        // of the 95 % interval of the value, in table.spread_unit(); NaN if unknown
  double sigma = 0;             // between samples, in table.spread_unit(); NaN if unknown
  double sigma_half_width = 0;  // half the length of its 95 % interval
  std::int64_t n = 0;           // samples
  tables::Status status = tables::Status::ok;
};

// At a node as stored, between nodes interpolated (n is then the smallest of the table). Throws InputError
// for a point outside the table.
Reading read(const tables::Table& table, const tables::Point& point);

// A cell as stored. REQUIRES cell < table.cells().
Reading read_cell(const tables::Table& table, std::size_t cell);

// The node of an axis that stands for all: the corner tt, else the first label; the middle of numbers.
std::size_t typical_index(const tables::Axis& axis);

// "260.3 ps +-3.1 %", "-1.2 mV +-3.5 mV", "1242 ps +-4 % (failed)", "censored".
std::string value_text(const tables::Table& table, const Reading& reading);
// "4.1 % +-1.6 %", "12.1 mV +-4.4 mV"; "-" where there is none.
std::string sigma_text(const tables::Table& table, const Reading& reading);

// A coordinate, the way it is typed: "0.9 V", "27 C", "250 ps".
std::string coordinate_text(const tables::Axis& axis, double value);
// The same of a node, or its label.
std::string node_text(const tables::Axis& axis, std::size_t index);

}  // namespace mavis::report
