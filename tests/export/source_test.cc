#include "export/source.h"

#include "expect_error.h"
#include "export/sample_export.h"

namespace mavis::exports {
namespace {

MacroData data_of(const macro::Sample& sample, const DataOptions& options = {.chips = 3}) {
  return macro_data(macro::sample_library(sample), macro::kTypical, options);
}

TEST(MacroData, LevelsAndThresholdsOfAnIdealMacro) {
  const MacroData data = data_of({});
  ASSERT_EQ(data.products(), 32u);
  for (std::size_t k = 0; k < data.products(); ++k)
    EXPECT_NEAR(data.level[k], 1 - 0.8 * static_cast<double>(k) / 31, 1e-12);
  ASSERT_EQ(data.converters.size(), 3u);
  for (const Converter& converter : data.converters)
    for (std::size_t m = 0; m < 31; ++m) {
      // References lie half a step below the level of m products.
      EXPECT_NEAR(converter.products[m], static_cast<double>(m) + 0.5, 1e-9);
      EXPECT_NEAR(converter.reference[m], converter.threshold[m], 1e-12);
    }
  EXPECT_EQ(data.cell.stored_one, 0);
  for (const macro::ChipCodes& codes : data.codes)
    for (std::size_t k = 0; k < data.products(); ++k) EXPECT_NEAR(codes.rate[k * 32 + k], 1, 1e-6);
}

TEST(MacroData, OffsetsAndNoiseInProducts) {
  const double step = macro::sample_step();
  const MacroData data = data_of({.offset = step / 4, .comparator_noise = step / 10},
                                 {.chips = 2, .operating = {.comparator = {.enabled = false}}});
  EXPECT_EQ(data.calibration, "not calibrated");
  // A level must be a quarter of a step higher to read 0: that is where a quarter product fewer is.
  for (std::size_t m = 0; m < 31; ++m) {
    EXPECT_NEAR(data.converters[1].products[m], static_cast<double>(m) + 0.25, 1e-6);
    EXPECT_GT(data.converters[1].products_noise[m], 0.1);
    EXPECT_LT(data.converters[1].products_noise[m], 0.11);
  }
  for (double threshold : data.comparator_threshold[0]) EXPECT_DOUBLE_EQ(threshold, step / 4);
  EXPECT_NEAR(data.comparator_noise[10], step / 10, 1e-12);
}

TEST(MacroData, MismatchOfCellsInProducts) {
  // One standard deviation of a line's level after any product is 10 mV; a line with its charge after a
  // product of 1 V of swing is one product, of which the sum line's step is 0.8.
  const MacroData data = data_of({.charge_response = 0.05 * macro::kLineFarad}, {.chips = 64});
  EXPECT_GT(data.cell.stored_one, 0.01);
  EXPECT_LT(data.cell.stored_one, 0.1);
  // A stored 0 leaves its line high whatever the input: no change with it.
  EXPECT_NEAR(data.cell.stored_zero, 0, 1e-12);
}

TEST(MacroData, EnergiesAddUpAndDependOnNoThreads) {
  const MacroData data = data_of({.comparator_noise = 1e-3}, {.chips = 4});
  double mav = 0, conversion = 0;
  for (const auto& [name, joules] : data.mav_parts) mav += joules;
  for (const auto& [name, joules] : data.conversion_parts) conversion += joules;
  EXPECT_GT(data.mav_energy, 0);
  EXPECT_NEAR(mav, data.mav_energy, 1e-9 * mav);
  EXPECT_NEAR(conversion, data.conversion_energy, 1e-9 * conversion);
  EXPECT_NEAR(data.leakage, 1.5e-9 * 8 * 62, 1e-15);
  EXPECT_DOUBLE_EQ(data.mav_time, 2e-9);
  EXPECT_DOUBLE_EQ(data.conversion_time, 10e-9);
  const MacroData again = data_of({.comparator_noise = 1e-3}, {.chips = 4, .jobs = 3});
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(again.converters[i].threshold, data.converters[i].threshold);
}

TEST(MacroData, WhatTheLibraryLacksIsNamed) {
  expect_input_error(
      [] {
        macro_data(macro::sample_library(), {"tt", 2.0, 27}, {.chips = 2});
      },
      {"vdd", "2 V"});
  expect_input_error([] { macro_data(tables::Library("cell"), macro::kTypical, {.chips = 2}); }, {"cell"});
}

}  // namespace
}  // namespace mavis::exports
