#include "macro/supply_noise.h"

#include <gtest/gtest.h>

#include <cmath>

#include "expect_error.h"
#include "macro/conversion.h"
#include "macro/sample_macro.h"

namespace mavis::macro {
namespace {

TEST(SupplyNoise, IsSampledInProportionToTheSlopesOfTheTables) {
  const tables::Library library = sample_library();
  const Spec spec = read_spec(library);
  const PointTables tables(library, kTypical);
  const MacroModel quiet(tables, spec), noisy(tables, spec, {.vdd = 5e-3});
  EXPECT_EQ(quiet.level_noise(3), quiet.mav_noise);
  EXPECT_EQ(quiet.reference_noise(3), quiet.dac_noise);
  // level(k) = vdd (1 - 0.8 k / N); reference(m) half a step lower.
  for (int k : {0, 10, 30}) {
    EXPECT_NEAR(noisy.level_noise(k), std::hypot(5e-3 * (1 - kSwing * k / 31), quiet.mav_noise), 1e-9);
    EXPECT_NEAR(noisy.reference_noise(k), std::hypot(5e-3 * (1 - kSwing * (k + 0.5) / 31), quiet.dac_noise),
                1e-9);
  }
}

TEST(SupplyNoise, OfTheHoldSupplyActsThroughWhatProductsLeave) {
  tables::Library library = sample_library();
  tables::Table level = library.find("product_line/level");
  for (std::size_t cell = 0; cell < level.cells(); ++cell) {
    const std::vector<std::size_t> i = level.index(cell);  // corner, vdd, temp, hold, stored, timing, input
    if (i[4] == 1 && i[6] == 1) level.values[cell] = i[3] == 0 ? 0.05 : 0.01;  // from 0.4 to 0.6 V: -0.2 V/V
  }
  library.put(level);
  const Spec spec = read_spec(library);
  const MacroModel noisy(PointTables(library, kTypical), spec, {.hold = 10e-3});
  // k of N lines move by 2 mV, of a charge that moves the sum line by swing / vdd as much in all.
  for (int k : {0, 10, 31})
    EXPECT_NEAR(noisy.supply.level[static_cast<std::size_t>(k)], 2e-3 * k / 31 * kSwing / 0.99, 2e-6);
  EXPECT_EQ(noisy.supply.reference[5], 0);
}

TEST(SupplyNoise, NeedsTwoSupplies) {
  tables::Library library = sample_library();
  tables::Table level = library.find("sum_line/level");
  tables::Table one = level;
  one.axes[1].values = {1.0};
  one.values.clear();
  for (std::size_t cell = 0; cell < level.cells(); ++cell)
    if (level.index(cell)[1] == 1) one.values.push_back(level.values[cell]);
  library.put(one);
  const Spec spec = read_spec(library);
  const PointTables tables(library, kTypical);
  EXPECT_NO_THROW(MacroModel(tables, spec));
  expect_input_error([&] { MacroModel(tables, spec, {.vdd = 1e-3}); },
                     {"sum_line/level", "vdd", "two or more"});
}

}  // namespace
}  // namespace mavis::macro
