#include "macro/levels.h"

#include <gtest/gtest.h>

#include "expect_error.h"
#include "macro/sample_macro.h"

namespace mavis::macro {
namespace {

class SampleLevels {
 public:
  explicit SampleLevels(const Sample& sample = {}, const Pvt& pvt = kTypical)
      : library(sample_library(sample)), levels(PointTables(library, pvt), read_spec(library)) {}
  tables::Library library;
  Levels levels;
};

TEST(Count, TellsKindsOfZerosApart) {
  const Counts counts = count({1, 0, 1, 0, 1, 1}, {1, 1, 0, 0, 1, 0});
  EXPECT_EQ(counts, (Counts{2, {1, 2, 1}}));
  EXPECT_EQ(counts.columns(), 6);
}

TEST(Levels, WeightKindsOfZerosByTheirNumber) {
  const SampleLevels sample({.kind_step = 0.01});
  const double level = 1 - kSwing * 11 / 31;
  EXPECT_NEAR(sample.levels.mav({11, {20, 0, 0}}), level, 1e-12);
  EXPECT_NEAR(sample.levels.mav({11, {5, 10, 5}}), level + 0.01, 1e-12);
  EXPECT_NEAR(sample.levels.mav({11, {0, 10, 10}}), level + 0.015, 1e-12);
  EXPECT_NEAR(sample.levels.mav({31, {0, 0, 0}}), 1 - kSwing, 1e-12);
}

TEST(Levels, WeightPatternsByTheFractionOfOnes) {
  tables::Library library = sample_library();
  tables::Table table = library.find("cdac/level");
  for (std::size_t i = 1; i < table.values.size(); i += 2) table.values[i] += 0.004;  // pattern "ones"
  library.put(table);
  const Levels levels(PointTables(library, kTypical), read_spec(library));
  const double reference = 1 - kSwing * 3.5 / 31;
  EXPECT_NEAR(levels.reference(3, 0), reference, 1e-12);
  EXPECT_NEAR(levels.reference(3, 0.25), reference + 0.001, 1e-12);
  EXPECT_NEAR(levels.reference(3, 1), reference + 0.004, 1e-12);
}

TEST(Levels, CapacitanceIsChargeOverStep) {
  const SampleLevels sample({}, {"ss", 0.95, 50});
  EXPECT_NEAR(sample.levels.mav_capacitance(), kLineFarad * 31 / kSwing, 1e-20);
  EXPECT_NEAR(sample.levels.dac_capacitance(), kLineFarad * 31 / kSwing, 1e-20);
}

TEST(Levels, ThatDoNotFallAreRefused) {
  tables::Library library = sample_library();
  tables::Table table = library.find("sum_line/level");
  table.values.assign(table.cells(), 0.5);
  library.put(table);
  expect_input_error([&] { Levels(PointTables(library, kTypical), read_spec(library)); },
                     {"sum_line/level", "tt, 1 V, 27 C"});
}

}  // namespace
}  // namespace mavis::macro
