#include "report/figures.h"

#include <gtest/gtest.h>

#include "expect_error.h"
#include "macro/sample_macro.h"
#include "macro/simulation.h"

namespace mavis::report {
namespace {

using tables::Axis;
using tables::Library;
using tables::Table;

// A table of one number at every PVT point of the sample library.
Table table_of(const std::string& name, const std::string& unit, std::vector<Axis> axes, double value) {
  Table table{.name = name, .unit = unit, .long_name = name};
  table.axes = {{.name = "corner", .labels = {"tt", "ss"}},
                {.name = "vdd", .unit = "V", .values = {0.9, 1.0, 1.1}},
                {.name = "temp_c", .unit = "C", .values = {-40, 27, 120}}};
  table.axes.insert(table.axes.end(), axes.begin(), axes.end());
  table.values.assign(table.cells(), value);
  return table;
}

Library whole() {
  Library library = macro::sample_library();
  const Axis hold{.name = "hold_voltage", .values = {0.4, 0.6}};
  Table capacitance =
      table_of("line_charge/capacitance", "F", {hold, {.name = "input_bit", .labels = {"0", "1"}}}, 3e-15);
  capacitance.planes["sigma"].assign(capacitance.cells(), 0.03e-15);
  library.put(capacitance);
  library.put(table_of("product_line/discharge_time_10", "s",
                       {hold, {.name = "timing", .labels = {"rl", "cl"}}}, 2e-9));
  Table offset = library.find("comparator/offset");
  offset.planes["sigma"].assign(offset.cells(), 0.02);
  library.put(offset);
  return library;
}

const Figure& row(const Reproduction& reproduction, const std::string& part) {
  for (const Figure& figure : reproduction.figures)
    if (figure.what.find(part) != std::string::npos) return figure;
  throw std::out_of_range(part);
}

TEST(Reproduce, SetsMeasuredFiguresBesideThePapers) {
  const Reproduction result = reproduce(whole());
  EXPECT_DOUBLE_EQ(row(result, "discharge").measured.value(), 2e-9);
  EXPECT_DOUBLE_EQ(row(result, "discharge").stated.value(), 50e-12);
  // 1 nW a cell with a 0, 2 nW with a 1, 8 x 62 cells.
  EXPECT_NEAR(row(result, "leakage of a uArray").measured.value(), 1.5e-9 * 8 * 62, 1e-15);
  EXPECT_NEAR(row(result, "capacitor mismatch").measured.value(), 3.0, 1e-9);
  EXPECT_NEAR(row(result, "before calibration").measured.value(), 0.06, 1e-12);
  EXPECT_NEAR(row(result, "after 2-bit").measured.value(), 0,
              1e-12);  // this library's offsets have no spread
  // 8 planes of 2 + 2 x 2 clocks over 4 planes of 2 + 2 x 5.
  EXPECT_NEAR(row(result, "latency").measured.value(), 0, 1e-9);
  for (const Figure& figure : result.figures) EXPECT_FALSE(figure.why.empty()) << figure.what;
}

TEST(Reproduce, CountsEnergyAndOperationsOpenly) {
  const Reproduction result = reproduce(whole());
  ASSERT_TRUE(result.energy);
  EXPECT_EQ(result.operations, 2u * 62);
  double conversion = 0, decisions = 0;
  for (const auto& [part, joules] : result.energy->conversion) {
    conversion += joules;
    if (part == "comparator" || part == "sar") decisions += joules;
  }
  EXPECT_NEAR(result.energy->equation_mav, 31 * 3e-15, 1e-21);
  EXPECT_NEAR(result.energy->equation_conversion, decisions + 31 * 3e-15, 1e-21);
  EXPECT_GT(conversion, decisions);
  const double efficiency = row(result, "efficiency").measured.value();
  EXPECT_NEAR(efficiency * 1e12 * result.energy_per_operator, 124, 1e-6);
}

TEST(Reproduce, CaseAOverBCountsEveryDriver) {
  // Each plane: drivers of the MAV, and as many SA cycles as conversion bits.
  const Library library = whole();
  const auto plane = [&](int bits) {
    const macro::Workload workload = {macro::random_matrix(1, "weights", 8, 62),
                                      macro::random_matrix(1, "inputs", 8, 62)};
    const macro::Simulation found = macro::simulate(library, macro::kTypical, workload, {macro::Chip(1, 0)},
                                                    1, {.precision = {.adc_bits = bits}});
    return found.energy[0].total() / static_cast<double>(found.codes.size() + found.ones_codes.size());
  };
  EXPECT_NEAR(row(reproduce(library), "energy of every driver").measured.value(),
              100 * (2 * plane(2) / plane(5) - 1), 1e-9);
  const Library small = macro::sample_library({.adc_bits = 4});
  EXPECT_NE(row(reproduce(small), "energy of every driver").why.find("1 to 4"), std::string::npos);
}

TEST(Reproduce, CrossoverIsThatOfSimulatedChips) {
  Library library = macro::sample_library({.charge_response = 0.005 * macro::kLineFarad});
  Reproduction result = reproduce(library);
  EXPECT_EQ(row(result, "MAV crossover probability").text, "0 of 25600");
  EXPECT_NE(row(result, "MAV crossover probability").why.find("+-1.5 % (three sigma)"), std::string::npos)
      << row(result, "MAV crossover probability").why;
  EXPECT_EQ(row(result, "columns to discard").measured.value(), 0);
  EXPECT_NE(row(result, "crossover at +-12 %").what.find("1 of 31"), std::string::npos);
  EXPECT_NE(row(result, "crossover at +-12 %").why.find("8 times as much"), std::string::npos)
      << row(result, "crossover at +-12 %").why;
  library = macro::sample_library({.charge_response = 0.1 * macro::kLineFarad});
  result = reproduce(library);
  EXPECT_FALSE(row(result, "columns to discard").measured);
  EXPECT_EQ(row(result, "columns to discard").text, "not found");
  EXPECT_NE(row(result, "MAV crossover probability").text, "0 of 25600");
  result = reproduce(macro::sample_library());
  EXPECT_NE(row(result, "crossover at +-12 %").why.find("do not differ"), std::string::npos);
}

TEST(Reproduce, SaysWhatIsNotCharacterizedHere) {
  const Reproduction result = reproduce(macro::sample_library());  // no capacitance, no discharge time
  for (const char* part :
       {"discharge", "active power", "efficiency", "capacitor mismatch", "before calibration"}) {
    EXPECT_FALSE(row(result, part).measured) << part;
    EXPECT_EQ(row(result, part).text, "not characterized here") << part;
  }
  EXPECT_NE(row(result, "discharge").why.find("product_line"), std::string::npos);
  EXPECT_FALSE(result.energy);
  EXPECT_NE(reproduction_text(result).find("not characterized here"), std::string::npos);
}

TEST(Reproduce, NeedsAMacro) {
  Library library = whole();
  library.provenance.facts.clear();
  expect_input_error([&] { reproduce(library); }, {"sample", "macro."});
}

TEST(Reproduce, PrintsALineAFigureAndAReason) {
  const std::string text = reproduction_text(reproduce(whole()));
  EXPECT_TRUE(text.starts_with("figure ")) << text;
  EXPECT_NE(text.find("  2 ns        40\n    to 10 %, RL-timed"), std::string::npos) << text;
  EXPECT_NE(text.find("\nEq. 4 "), std::string::npos) << text;
  EXPECT_NE(text.find("one w (+) x of 62 pairs: 124 operations"), std::string::npos) << text;
}

}  // namespace
}  // namespace mavis::report
