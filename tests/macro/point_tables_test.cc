#include "macro/point_tables.h"

#include <gtest/gtest.h>

#include <cmath>

#include "expect_error.h"
#include "macro/sample_macro.h"

namespace mavis::macro {
namespace {

const tables::Point kProductPlace = {{"hold_voltage", 0.6},
                                     {"stored_bit", std::string("1")},
                                     {"timing", std::string("cl")},
                                     {"input_bit", std::string("0")}};

TEST(Curve, IsLinearBetweenNodesAndConstantBeyond) {
  const Curve curve{{0, 1, 3}, {10, 20, 0}};
  EXPECT_EQ(curve.at(-1), 10);
  EXPECT_EQ(curve.at(0.5), 15);
  EXPECT_EQ(curve.at(1), 20);
  EXPECT_EQ(curve.at(2), 10);
  EXPECT_EQ(curve.at(9), 0);
}

TEST(PointTables, PrefersTheCircuitWithoutMismatch) {
  tables::Library library = sample_library();
  tables::Table offset = library.find("comparator/offset");
  offset.values.assign(offset.cells(), 0.007);
  const PointTables means(library, kTypical);
  offset.planes["nominal"].assign(offset.cells(), 0.003);
  library.put(offset);
  const PointTables tables(library, kTypical);
  EXPECT_EQ(tables.nominal("comparator/offset", {{"common_mode", 0.5}}), 0.003);
  EXPECT_EQ(tables.value("comparator/offset", {{"common_mode", 0.5}}), 0.007);
}

TEST(PointTables, AResponseMayBend) {
  tables::Library library = sample_library({.offset_response = 0.002});
  const tables::Point place{{"common_mode", 0.5}};
  const Response straight = PointTables(library, kTypical).bent_response("comparator/offset", place);
  EXPECT_DOUBLE_EQ(straight.to({-3}), -0.006);
  tables::Table offset = library.find("comparator/offset");
  offset.bend.assign(offset.response.size(), 0.0005);
  library.put(offset);
  Response bent = PointTables(library, {"tt", 0.95, 60}).bent_response("comparator/offset", place);
  EXPECT_NEAR(bent.to({-3}), -0.006 + 0.0045, 1e-15);
  bent.scale(2);
  EXPECT_NEAR(bent.to({-3}), 2 * (-0.006 + 0.0045), 1e-15);
  // A point without a response of its own has bend and response of the same neighbour.
  for (std::size_t cell = 0; cell < offset.response.size(); ++cell)
    if (cell >= offset.response.size() / 2) offset.response[cell] = std::nan("");  // corner ss
  library.put(offset);
  EXPECT_NEAR(PointTables(library, {"ss", 1, 27}).bent_response("comparator/offset", place).to({-3}),
              -0.006 + 0.0045, 1e-15);
}

TEST(PointTables, InterpolatesBetweenPvtNodesAndRefusesOutside) {
  const tables::Library library = sample_library();
  EXPECT_DOUBLE_EQ(PointTables(library, {"tt", 0.95, 60}).nominal("product_line/level", kProductPlace), 0.95);
  expect_input_error(
      [&] {
        PointTables(library, {"tt", 1.2, 27}).nominal("product_line/level", kProductPlace);
      },
      {"product_line/level", "vdd", "1.2 V", "900 mV to 1.1 V"});
  expect_input_error(
      [&] {
        PointTables(library, {"fs", 1, 27}).nominal("product_line/level", kProductPlace);
      },
      {"corner", "'fs'", "tt, ss"});
}

TEST(PointTables, APointOutsideIsNamedWithTheRemedy) {
  const tables::Library library = sample_library();
  const auto require = [&](const Pvt& pvt) { PointTables(library, pvt).require_point("sum_line/level"); };
  require({"ss", 0.93, 119});
  require({"tt", 0.9, -40});
  expect_input_error([&] { require({"fs", 1, 27}); }, {"sample", "corner tt, ss", "'fs'", "--corners"});
  expect_input_error([&] { require({"tt", 0.8, 27}); }, {"vdd 900 mV to 1.1 V", "800 mV", "--vdd"});
  expect_input_error([&] { require({"tt", 1, 121}); }, {"temp_c", "121 C", "--temp"});
}

TEST(PointTables, NamesTheTableAndBenchThatAreMissing) {
  const tables::Library library = sample_library();
  const PointTables tables(library, kTypical);
  EXPECT_FALSE(tables.has("sum_line/nothing"));
  expect_input_error([&] { tables.find("sum_line/nothing"); },
                     {"sample", "'sum_line/nothing'", "--only sum_line"});
}

TEST(PointTables, RefusesCellsWithoutANumberAndTellsOfPartialOnes) {
  tables::Library library = sample_library();
  tables::Table table = library.find("comparator/energy");
  table.status.assign(table.cells(), tables::Status::failed);
  library.put(table);
  const PointTables partial(library, kTypical);
  EXPECT_EQ(partial.value("comparator/energy", {{"common_mode", 0.5}}), 10e-15);
  ASSERT_EQ(partial.notes().size(), 1u);
  EXPECT_NE(partial.notes()[0].find("comparator/energy: some samples are missing"), std::string::npos);

  table.status.assign(table.cells(), tables::Status::censored);
  library.put(table);
  const PointTables tables(library, kTypical);
  EXPECT_FALSE(tables.has_nominal("comparator/energy", {{"common_mode", 0.5}}));
  expect_input_error(
      [&] {
        tables.nominal("comparator/energy", {{"common_mode", 0.5}});
      },
      {"comparator/energy", "tt, 1 V, 27 C", "common_mode 0.5", "censored"});
}

TEST(PointTables, TakesResponsesFromTheNearestPointThatHasThem) {
  tables::Library library = sample_library({.offset_response = 0.002});
  tables::Table table = library.find("comparator/offset");
  // Points in table order: corners, 3 supplies, 3 temperatures; 5 common modes each. Keep two of tt.
  const std::size_t modes = 5, far = 2 * modes, near = 5 * modes;  // 0.9 V 120 C; 1 V 120 C
  for (std::size_t i = 0; i < table.response.size(); ++i) table.response[i] = std::nan("");
  for (std::size_t i = 0; i < modes; ++i) {
    table.response[far + i] = 0.003;
    table.response[near + i] = 0.001;
  }
  library.put(table);
  const PointTables tables(library, kTypical);
  EXPECT_EQ(tables.response("comparator/offset", {{"common_mode", 0.25}}), std::vector<double>{0.001});
  ASSERT_EQ(tables.notes().size(), 1u);
  EXPECT_NE(tables.notes()[0].find("tt, 1 V, 120 C"), std::string::npos) << tables.notes()[0];

  for (double& r : table.response) r = std::nan("");
  library.put(table);
  expect_input_error(
      [&] {
        PointTables(library, kTypical).response("comparator/offset", {{"common_mode", 0.25}});
      },
      {"comparator/offset", "mn_in_l:vth", "--responses all"});
}

TEST(PointTables, ATableWithoutResponsesIsNoted) {
  const tables::Library library = sample_library();
  const PointTables tables(library, kTypical);
  EXPECT_TRUE(tables.response("comparator/energy", {{"common_mode", 0.5}}).empty());
  ASSERT_EQ(tables.notes().size(), 1u);
  EXPECT_NE(tables.notes()[0].find("chips do not differ"), std::string::npos);
}

}  // namespace
}  // namespace mavis::macro
