// A library of a column of two rows, with numbers that are easy to check by hand.
#pragma once

#include "tables/library.h"

namespace mavis::report {

// Levels 0, 0.1 + bend and 0.2 V with this spread, at tt and ss (there with the double spread).
inline tables::Library column_library(const std::string& name, double bend = 0, double sigma = 0.01,
                                      double energy = 4e-15) {
  using tables::Status;
  tables::Library library(name);
  library.provenance.files["pdk/p/pdk.toml"] =
      "[geometry]\ncell_width = { value = \"1 um\" }\ncell_height = { value = \"0.8 um\" }\n";
  const auto add = [&](const std::string& quantity, const std::string& unit, std::vector<tables::Axis> inner,
                       std::vector<double> values, std::int64_t n) {
    tables::Table table{.name = quantity, .unit = unit, .long_name = quantity};
    table.axes = {{.name = "corner", .labels = {"tt", "ss"}},
                  {.name = "vdd", .unit = "V", .values = {1.0}},
                  {.name = "temp_c", .unit = "C", .values = {27}}};
    for (tables::Axis& axis : inner) table.axes.push_back(std::move(axis));
    const std::size_t cells = values.size();
    for (std::size_t i = 0; i < cells; ++i) table.values.push_back(values[i]);
    for (std::size_t i = 0; i < cells; ++i) table.values.push_back(values[i]);
    table.status.assign(2 * cells, Status::ok);
    table.n.assign(2 * cells, n);
    table.planes["nominal"] = table.values;
    table.planes["stderr"].assign(2 * cells, sigma / 4);
    table.planes["sigma"].assign(2 * cells, sigma);
    for (std::size_t i = cells; i < 2 * cells; ++i) table.planes["sigma"][i] = 2 * sigma;
    table.planes["sigma_stderr"].assign(2 * cells, sigma / 5);
    return &(library.put(table), library.find(quantity));
  };
  const tables::Axis products{.name = "products", .unit = "1", .values = {0, 1, 2}},
      steps{.name = "to_products", .unit = "1", .values = {1, 2}};
  add("compute/level", "V", {products}, {0, 0.1 + bend, 0.2}, 16);
  add("compute/swing", "V", {}, {0.2}, 16);
  add("compute/step", "1", {steps}, {1 + bend / 0.1, 1 - bend / 0.1}, 16);
  add("compute/inl", "1", {}, {std::abs(bend) / 0.1}, 16);
  add("compute/zeros_spread", "1", {}, {0.05}, 16);
  add("compute/energy", "J", {products}, {0, energy, 2 * energy}, 16);
  add("compute/static_current", "A", {products}, {0, 3e-6, 2e-6}, 16);
  add("compute/disturb", "V", {products}, {0.01, 0.03, 0.02}, 16);
  add("compute_drive/time_sensitivity", "1", {}, {-0.5}, 1);
  add("compute_drive/rest_power", "W", {}, {1e-9}, 1);
  add("compute_drive/transistors", "1", {}, {8}, 1);
  add("compute_drive/gate_area", "m2", {}, {0.2e-12}, 1);
  add("compute_drive/capacitance", "F", {}, {1e-15}, 1);
  return library;
}

}  // namespace mavis::report
