// A cell's tables over PVT with numbers that are easy to check by hand.
#pragma once

#include "report/sample_tables.h"

namespace mavis::report {

// High is worse. Corners tt and ss, supplies 0.9 and 1.0 V, both stored bits; a response to three parameters
// everywhere but at ss 0.9 V.
inline tables::Table slow_table() {
  using tables::Status;
  tables::Table t{
      .name = "read/access_time", .unit = "s", .long_name = "to 0.1 V", .scale = tables::Scale::log};
  t.worse = tables::Worse::high;
  t.axes = {{.name = "corner", .labels = {"tt", "ss"}},
            {.name = "vdd", .unit = "V", .values = {0.9, 1.0}},
            {.name = "stored_bit", .labels = {"0", "1"}}};
  t.values = {30e-12, 31e-12, 20e-12, 21e-12, 60e-12, 50e-12, kNone, 41e-12};
  t.status.assign(8, Status::ok);
  t.status[6] = Status::censored;
  t.n = {4, 4, 4, 4, 4, 4, 3, 4};
  t.planes["sigma"] = {0.1, 0.1, 0.1, 0.1, 0.2, 0.1, kNone, 0.1};
  t.planes["sigma_stderr"] = {0.01, 0.01, 0.01, 0.01, 0.02, 0.01, kNone, 0.01};
  t.parameters = {.name = "read_parameter", .labels = {"mpdl:vth", "mpgl:vth", "mpul:vth"}};
  t.response.assign(24, kNone);
  for (std::size_t cell : {0, 1, 2, 3}) {
    t.response[3 * cell] = 0.03;  // squares 9, 16, 0 of 25
    t.response[3 * cell + 1] = -0.04;
    t.response[3 * cell + 2] = 0;
  }
  return t;
}

// Low is worse; a smaller sigma at the worst point than elsewhere.
inline tables::Table margin_table() {
  tables::Table t{.name = "snm/hold_snm", .unit = "V", .long_name = "margin"};
  t.worse = tables::Worse::low;
  t.axes = {{.name = "corner", .labels = {"tt", "ss"}}};
  t.values = {0.30, 0.25};
  t.planes["sigma"] = {0.02, 0.01};
  t.planes["sigma_stderr"] = {0.002, 0.001};
  t.parameters = {.name = "snm_parameter", .labels = {"a:vth", "b:vth", "c:vth"}};
  t.response = {1, 0, 0, 0.001, 0.002, 0.001};
  return t;
}

// No direction: what matters is the spread.
inline tables::Table offset_table() {
  tables::Table t{.name = "comparator/offset", .unit = "V", .long_name = "offset"};
  t.axes = {{.name = "corner", .labels = {"tt", "ss"}},
            {.name = "common_mode", .unit = "1", .values = {0.05, 0.5, 0.95}}};
  t.values = {-1e-3, 0, 1e-3, -2e-3, 0, 3e-3};
  t.planes["sigma"] = {9e-3, 5e-3, 8e-3, 10e-3, 6e-3, 7e-3};
  return t;
}

inline tables::Table failed_table() {
  tables::Table t{.name = "write/margin", .unit = "V", .long_name = "margin"};
  t.worse = tables::Worse::low;
  t.axes = {{.name = "corner", .labels = {"tt", "ss"}}};
  t.values = {kNone, kNone};
  t.status = {tables::Status::failed, tables::Status::censored};
  t.n = {0, 0};
  return t;
}

// The worse of two bits in each sample, and each bit; the first has no response of its own.
inline tables::Table either_table() {
  tables::Table t{.name = "hold/margin", .unit = "V", .long_name = "margin"};
  t.worse = tables::Worse::low;
  t.axes = {{.name = "corner", .labels = {"tt", "ss"}}};
  t.values = {0.2, 0.1};
  t.planes["sigma"] = {0.01, 0.01};
  return t;
}

inline tables::Table by_bit_table() {
  tables::Table t = either_table();
  t.name = "hold/margin_by_bit";
  t.axes.push_back({.name = "stored_bit", .labels = {"0", "1"}});
  t.values = {0.22, 0.21, 0.15, 0.12};
  t.planes["sigma"] = {0.02, 0.02, 0.02, 0.02};
  t.parameters = {.name = "hold_parameter", .labels = {"a:vth", "b:vth"}};
  t.response = {1, 0, 1, 0, 1, 0, 3, 4};
  return t;
}

inline tables::Library cell_library() {
  tables::Library library("my_cell");
  for (const tables::Table& table : {slow_table(), margin_table(), offset_table(), failed_table()})
    library.put(table);
  library.provenance.facts = {{"process", "ptm45hp"}, {"samples", "4"}};
  return library;
}

}  // namespace mavis::report
