#include "report/area.h"

#include <gtest/gtest.h>

#include "expect_error.h"
#include "util/home.h"

namespace mavis::report {
namespace {

constexpr const char* kMacro = R"(bitcell = "cell"
line = "line"
comparator = "comp"
gate = "gate"
sum_line = "sl"
driver = "drv"
logic = "slice"
dummy_rows = 4
)";

std::string netlist(int transistors) {
  std::string text = "* mosfets below\n.subckt x a b\n";
  for (int i = 0; i < transistors; ++i) text += "m" + std::to_string(i) + " a b 0 0 nch\n+ w=90n\n";
  return text + "c1 a b 1f\n.ends\n";
}

tables::Library sample() {
  tables::Library library("small");
  library.provenance.files = {
      {"netlists/macros/small.toml", kMacro},
      {"netlists/bitcells/cell.cir", netlist(8)},
      {"netlists/lines/line.cir", netlist(2)},
      {"netlists/comparators/comp.cir", netlist(40)},
      {"netlists/gates/gate.cir", netlist(2)},
      {"netlists/sum_lines/sl.cir", netlist(1)},
      {"netlists/drivers/drv.cir", netlist(2)},
      {"netlists/logics/slice.cir", netlist(30)},
      {"pdk/p/pdk.toml",
       "[geometry]\ncell_width = { value = \"2 um\" }\ncell_height = { value = \"0.5 um\" }\n"}};
  return library;
}

TEST(AreaModel, CountsCellsByPitchAndTheRestByTransistors) {
  const Area area = AreaModel(sample()).of(8, 62, 5);
  EXPECT_NEAR(area.cells, 8 * 62 * 1e-12, 1e-18);
  // A column: line 2, gate 2, three drivers of 2. A half: sum line 1, 8 + 3 drivers of 2, a dummy column with
  // 4 cells.
  const double others = 62 * 10 + 2 * (1 + 22 + 10 + 32) + 40 + 5 * 30;
  EXPECT_NEAR(area.periphery, others * 1e-12 / 8, 1e-18);
  EXPECT_NEAR(area.total(), area.cells + area.periphery, 1e-24);
}

TEST(AreaModel, WhatALibraryDoesNotKeepIsNamed) {
  tables::Library library = sample();
  library.provenance.files.erase("netlists/gates/gate.cir");
  expect_input_error([&] { AreaModel{library}; }, {"small", "netlists/gates/gate.cir"});
  library = sample();
  library.provenance.files.erase("pdk/p/pdk.toml");
  expect_input_error([&] { AreaModel{library}; }, {"small", "pdk.toml"});
  library = sample();
  library.provenance.files["netlists/lines/line.cir"] = "x1 a b other\n";
  expect_input_error([&] { AreaModel{library}; }, {"line.cir", "no transistor"});
  library = sample();
  library.provenance.files["pdk/p/pdk.toml"] = "[geometry]\ncell_width = { value = \"2 um\" }\n";
  expect_input_error([&] { AreaModel{library}; }, {"pdk.toml", "cell_height"});
}

TEST(AreaModel, KnowsTheLibrariesThatComeWithMavis) {
  const tables::Library library = tables::read_library(home() / "tables/ptm45hp/mf_8x62.h5");
  const Area area = AreaModel(library).of(8, 62, 5);
  EXPECT_NEAR(area.cells, 8 * 62 * 1.345e-6 * 0.705e-6, 1e-16);
  EXPECT_GT(area.periphery, area.cells / 10);
}

}  // namespace
}  // namespace mavis::report
