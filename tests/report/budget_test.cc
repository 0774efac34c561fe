#include "report/budget.h"

#include <gtest/gtest.h>

#include <cmath>

#include "expect_error.h"
#include "macro/sample_macro.h"
#include "report/design_equations.h"

namespace mavis::report {
namespace {

const BudgetRow& row_of(const std::vector<BudgetRow>& rows, const std::string& section,
                        const std::string& quantity) {
  for (const BudgetRow& row : rows)
    if (row.section.find(section) != row.section.npos && row.quantity.starts_with(quantity)) return row;
  throw std::out_of_range(quantity);
}

tables::Library library_with_capacitance(const macro::Sample& sample) {
  tables::Library library = macro::sample_library(sample);
  tables::Table table{.name = "line_charge/capacitance", .unit = "F", .long_name = "capacitance"};
  table.axes = {{.name = "corner", .labels = {"tt"}},
                {.name = "vdd", .unit = "V", .values = {1}},
                {.name = "temp_c", .unit = "C", .values = {27}},
                {.name = "hold_voltage", .unit = "V", .values = {0.6}},
                {.name = "input_bit", .labels = {"0", "1"}}};
  table.values = {3e-15, 4e-15};
  table.planes["sigma"] = {6e-17, 7e-17};
  library.put(table);
  return library;
}

MeasuredMacro example() {
  return {.name = "example",
          .pvt = {"tt", 0.9, 50},
          .n = 15,
          .adc_bits = 4,
          .adc_energy = 450e-15,
          .capacitor_energy = 2e-15,
          .logic_energy = 3e-15,
          .capacitance = 3e-15,
          .capacitance_sigma = 0.02,
          .swing = 0.6,
          .activity = 0.25,
          .enob = 3.5,
          .noise = 1e-3,
          .averaged_capacitance = 60e-15};
}

TEST(Budget, ThePapersWorkedFiguresComeOut) {
  const std::vector<BudgetRow> rows = budget({.bits = 4}, std::nullopt);
  EXPECT_NEAR(row_of(rows, "MAC", "E_MAC").worked, 3.8e-15, 0.05e-15);
  EXPECT_NEAR(row_of(rows, "Caselli", "LSB").worked, 0.7e-3, 0.05e-3);
  EXPECT_NEAR(row_of(rows, "Caselli", "FS, +-3 sigma").worked, 41e-3, 0.5e-3);
  EXPECT_EQ(std::floor(row_of(rows, "Caselli", "bits").worked), 5);
  EXPECT_NEAR(row_of(rows, "binary", "step").worked, 4e-3, 0.1e-3);
  EXPECT_NEAR(row_of(rows, "binary", "N at which").worked, 10000, 1e-6);
  EXPECT_NEAR(row_of(rows, "bits", "Murmann").worked, 9, 0.1);
  EXPECT_EQ(row_of(rows, "bits", "Krestinskaya").worked, 7);
  EXPECT_EQ(std::ceil(row_of(rows, "bits", "MF-Net, 1-bit").worked), 5);
  for (const BudgetRow& row : rows) {
    EXPECT_TRUE(std::isnan(row.measured)) << row.quantity;
    EXPECT_TRUE(std::isnan(row.with_measured)) << row.quantity;
  }
}

TEST(Budget, BitsAndRowsOfTheQuery) {
  const std::vector<BudgetRow> rows = budget({.bits = 2, .rows = 256}, std::nullopt);
  EXPECT_DOUBLE_EQ(row_of(rows, "MAC", "E_MAC").papers, mac_energy({}, 2, 256));
  EXPECT_EQ(row_of(rows, "bits", "Krestinskaya").papers, lossless_bits(2, 2, 256));
  EXPECT_DOUBLE_EQ(row_of(rows, "Caselli", "LSB").papers, quantization_sigma(2, 2, 256) / 2);
  EXPECT_DOUBLE_EQ(row_of(rows, "MAC", "E_MAC").worked, mac_energy({}, 4, 1152));
}

TEST(Budget, MeasuredConstantsAndMeasured) {
  const MeasuredMacro macro = example();
  const std::vector<BudgetRow> rows = budget({.bits = 1}, macro);
  EXPECT_DOUBLE_EQ(row_of(rows, "MAC", "E_MAC").measured, 450e-15 / 15 + 5e-15);
  EXPECT_DOUBLE_EQ(row_of(rows, "MAC", "E_CAP").with_measured, 0.25 * 3e-15 * 0.81);
  EXPECT_DOUBLE_EQ(row_of(rows, "MAC", "E_logic").with_measured, 3e-15);
  EXPECT_DOUBLE_EQ(row_of(rows, "MAC", "E_logic").papers, 0.1 * 0.3e-15 * 4);
  // The fitted converter is the macro's own at its own bits.
  const double needed = 1 + std::log2(2 * 0.6 / 0.9 * std::sqrt(15.0)), k2 = 1e-18;
  const double k1 = (450e-15 - k2 * std::pow(4, 3.5)) / 3.5;
  EXPECT_NEAR(row_of(rows, "MAC", "of a conversion").with_measured, k1 * needed + k2 * std::pow(4, needed),
              1e-20);
  EXPECT_DOUBLE_EQ(row_of(rows, "binary", "step").measured, 0.04);
  EXPECT_DOUBLE_EQ(row_of(rows, "binary", "N at which").with_measured, 2500);
  EXPECT_EQ(row_of(rows, "bits", "MF-Net, 1-bit").measured, 4);
  // Four planes of 2-bit numbers.
  EXPECT_DOUBLE_EQ(row_of(budget({.bits = 2}, macro), "MAC", "E_MAC").measured, 4 * 35e-15);
}

TEST(MeasuredMacro, OfALibrary) {
  const double step = macro::sample_step();
  const MeasuredMacro macro = measured_macro(library_with_capacitance({.comparator_noise = step / 10}),
                                             macro::kTypical, {.chips = 2});
  EXPECT_EQ(macro.n, 31);
  EXPECT_EQ(macro.adc_bits, 5);
  EXPECT_NEAR(macro.swing, 0.8, 1e-12);
  EXPECT_NEAR(macro.capacitance, 3e-15, 1e-24);
  EXPECT_NEAR(macro.capacitance_sigma, 0.02, 1e-12);
  EXPECT_GT(macro.noise, step / 10);
  EXPECT_LT(macro.noise, 1.1 * step / 10);
  EXPECT_GT(macro.enob, 4.5);
  EXPECT_LE(macro.enob, 5);
  EXPECT_GT(macro.adc_energy, 5 * 10e-15);  // five decisions of 10 fJ alone
  EXPECT_GT(macro.capacitor_energy, 0);
  EXPECT_GT(macro.logic_energy, 0);
  expect_input_error([] { measured_macro(macro::sample_library(), macro::kTypical, {}); },
                     {"line_charge/capacitance"});
}

TEST(BudgetText, ColumnsThatThereAre) {
  const std::string alone = budget_text(budget({.bits = 4}, std::nullopt), std::nullopt);
  EXPECT_NE(alone.find("E_MAC, (1)                    3.8 fJ  3.76 fJ            3.76 fJ\n"), alone.npos)
      << alone;
  EXPECT_EQ(alone.find("measured constants"), alone.npos);
  EXPECT_NE(alone.find("41 mV are 6 sigma"), alone.npos);
  const std::string both = budget_text(budget({}, example()), example());
  EXPECT_NE(both.find("measured constants  measured\n"), both.npos) << both;
  const std::string csv = budget_csv(budget({}, example()));
  EXPECT_TRUE(csv.starts_with("section,quantity,unit,stated,worked,papers,with_measured,measured,")) << csv;
  EXPECT_EQ(static_cast<std::size_t>(std::count(csv.begin(), csv.end(), '\n')),
            budget({}, example()).size() + 1);
}

}  // namespace
}  // namespace mavis::report
