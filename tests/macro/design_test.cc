#include "macro/design.h"

#include <gtest/gtest.h>

#include <cmath>

#include "expect_error.h"
#include "macro/sample_macro.h"
#include "util/home.h"

namespace mavis::macro {
namespace {

TEST(DesignSpace, TheLibrarysOwnMacroIsSimulated) {
  const tables::Library library = sample_library();
  const DesignSpace space(library, kTypical);
  const DesignFigures found = space.figures({62, 0.6, {.weight_bits = 4, .input_bits = 6, .adc_bits = 3}});
  EXPECT_EQ(found.basis, Basis::measured);
  EXPECT_EQ(found.reason, "");
  EXPECT_EQ(found.clocks, 2 * (3 + 5) * (2 + 3 * 2));
  EXPECT_DOUBLE_EQ(found.latency, found.clocks * 1e-9);
  EXPECT_EQ(found.operations, 124);
  // Two halves, 3 + 5 planes and an eighth of the rows of ones' 5 planes.
  EXPECT_NEAR(found.conversions, 2 * (8 + 5.0 / 8), 1e-12);
  EXPECT_NEAR(found.energy.of(Part::comparator), found.conversions * 3 * 10e-15, 1e-22);
  EXPECT_NEAR(found.tops_per_watt(), 124 / found.energy.total() / 1e12, 1e-9);
}

TEST(DesignSpace, OtherColumnsScaleWhatColumnsLoad) {
  const tables::Library library = sample_library();
  const DesignSpace space(library, kTypical);
  const DesignFigures own = space.figures({62, 0.6, {}}), large = space.figures({126, 0.6, {}}),
                      small = space.figures({30, 0.6, {.adc_bits = 3}}),
                      same = space.figures({62, 0.6, {.adc_bits = 3}});
  EXPECT_EQ(large.basis, Basis::scaled);
  EXPECT_EQ(large.adc_bits, 6);
  EXPECT_EQ(large.clocks, 2 * 14 * (2 + 6 * 2));
  EXPECT_EQ(large.operations, 252);
  const double more = 63.0 / 31;
  EXPECT_NEAR(large.energy.of(Phase::mav, Part::cl), more * own.energy.of(Phase::mav, Part::cl), 1e-20);
  EXPECT_NEAR(large.energy.of(Phase::conversion, Part::pl),
              6.0 / 5 * more * own.energy.of(Phase::conversion, Part::pl), 1e-20);
  EXPECT_NEAR(large.energy.of(Part::comparator), 6.0 / 5 * own.energy.of(Part::comparator), 1e-20);
  // A slice more, idle (1 fJ) for every decision; one less with 30 columns.
  EXPECT_NEAR(large.energy.of(Part::sar), 6.0 / 5 * own.energy.of(Part::sar) + large.conversions * 6 * 1e-15,
              1e-20);
  EXPECT_NEAR(small.energy.of(Part::sar), same.energy.of(Part::sar) - same.conversions * 3 * 1e-15, 1e-20);
  EXPECT_NEAR(large.energy.of(Part::leakage), more * large.clocks / own.clocks * own.energy.of(Part::leakage),
              1e-20);
}

TEST(DesignSpace, HoldVoltageChangesLeakageAlone) {
  tables::Library library = sample_library();
  tables::Table leakage = library.find("leakage/power");
  for (std::size_t i = 0; i < leakage.values.size(); ++i)
    if (i % 2 == 0) leakage.values[i] /= 4;  // at 0.4 V
  library.put(leakage);
  const DesignSpace space(library, kTypical);
  const DesignFigures own = space.figures({62, 0.6, {}}), less = space.figures({62, 0.4, {}});
  EXPECT_EQ(less.basis, Basis::scaled);
  EXPECT_NEAR(less.energy.of(Part::leakage), own.energy.of(Part::leakage) / 4, 1e-20);
  EXPECT_NEAR(less.energy.of(Phase::mav), own.energy.of(Phase::mav), 1e-20);
  EXPECT_NEAR(space.leakage(62, 0.6), 8 * 62 * 1.5e-9, 1e-15);
}

TEST(DesignSpace, WhatTablesCantSayHasAReason) {
  tables::Library library = sample_library();
  tables::Table level = library.find("product_line/level");
  for (std::size_t i = 0; i < level.values.size(); ++i)
    if (level.values[i] == 0 && level.index(i)[3] == 0) level.values[i] = 0.3;  // at 0.4 V
  library.put(level);
  const DesignSpace space(library, kTypical);
  EXPECT_NE(space.figures({60, 0.6, {}}).reason.find("2^n - 1"), std::string::npos);
  EXPECT_NE(space.figures({62, 0.4, {}}).reason.find("a product leaves 300 mV"), std::string::npos);
  EXPECT_NE(space.figures({62, 0.3, {}}).reason.find("hold_voltage"), std::string::npos);
  EXPECT_NE(space.figures({30, 0.6, {.adc_bits = 5}}).reason.find("30 columns convert to 4 bits"),
            std::string::npos);
  for (int columns : {0, -62, 61, 4096}) EXPECT_NE(space.objection(columns, 0.6), "") << columns;
  EXPECT_EQ(space.objection(6, 0.6), "");
  EXPECT_EQ(space.figures({60, 0.6, {}}).energy.total(), 0);
  expect_input_error([&] { DesignSpace(library, {"tt", 1.3, 27}); }, {"vdd", "1.3 V"});
}

// Two macros were measured; each is foretold from the other.
TEST(DesignSpace, ScalingForetellsTheOtherMeasuredMacro) {
  const tables::Library large = tables::read_library(home() / "tables/ptm45hp/mf_8x62.h5"),
                        small = tables::read_library(home() / "tables/ptm45hp/mf_8x30.h5");
  for (const Pvt& pvt : {Pvt{"tt", 1.0, 27}, Pvt{"ss", 0.9, 120}}) {
    const DesignSpace from_large(large, pvt), from_small(small, pvt);
    for (int columns : {30, 62}) {
      const Design design = {columns, 0.6, {.adc_bits = 4}};
      const DesignFigures a = from_large.figures(design), b = from_small.figures(design);
      ASSERT_EQ(a.reason + b.reason, "");
      EXPECT_NEAR(a.energy.total() / b.energy.total(), 1, 0.07) << columns;
      for (std::size_t p = 0; p < kPartNames.size(); ++p)
        EXPECT_NEAR(a.energy.of(static_cast<Part>(p)) / b.energy.of(static_cast<Part>(p)), 1, 0.18)
            << kPartNames[p];
      EXPECT_EQ(a.clocks, b.clocks);
      const Levels& own = (columns == 62 ? from_large : from_small).model().levels;
      const DesignSpace& other = columns == 62 ? from_small : from_large;
      const int n = columns / 2;
      const double step =
          (own.mav({.products = 0, .zeros = {n, 0, 0}}) - own.mav({.products = n, .zeros = {}})) / n;
      EXPECT_NEAR(other.crossover(columns, 0.6, {.chips = 2, .vectors = 1}).step / step, 1, 0.06) << columns;
    }
  }
}

}  // namespace
}  // namespace mavis::macro
