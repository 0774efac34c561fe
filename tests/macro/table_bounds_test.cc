#include "macro/table_bounds.h"

#include <gtest/gtest.h>

#include "macro/sample_macro.h"

namespace mavis::macro {
namespace {

tables::Library with_bounds() {
  tables::Library library = sample_library({.comparator_noise = 1e-3});
  const auto change = [&](const char* name, const auto& edit) {
    tables::Table table = library.find(name);
    edit(table);
    library.put(table);
  };
  change("sum_line/level", [](tables::Table& t) { t.interpolation_error = {.value = 2e-3, .axis = "vdd"}; });
  change("comparator/offset", [](tables::Table& t) {
    t.interpolation_error = {.value = 3e-3, .axis = "vdd"};
    t.noise_floor = {.value = 1e-3, .n = 4};
  });
  change("comparator_noise/input_noise",
         [](tables::Table& t) { t.planes["sigma_stderr"].assign(t.cells(), 2e-4); });
  change("cdac/energy", [](tables::Table& t) { t.interpolation_error = {.value = 1e-15, .axis = "vdd"}; });
  return library;
}

TEST(TableBounds, AtANodeOnlyTheNoiseFloorCounts) {
  const tables::Library library = with_bounds();
  const TableBounds bounds = table_bounds(PointTables(library, kTypical), 5);
  EXPECT_DOUBLE_EQ(bounds.level, 1e-3);
  EXPECT_NEAR(bounds.noise, 0.2, 1e-12);
  EXPECT_EQ(bounds.energy, 0);
}

TEST(TableBounds, BetweenNodesErrorsOfInterpolationAddUp) {
  const tables::Library library = with_bounds();
  const TableBounds bounds = table_bounds(PointTables(library, {"tt", 0.95, 27}), 5);
  EXPECT_DOUBLE_EQ(bounds.level, 6e-3);
  EXPECT_NEAR(bounds.energy, 5 * 6 * 1e-15, 1e-20);  // cycles, drivers
}

}  // namespace
}  // namespace mavis::macro
