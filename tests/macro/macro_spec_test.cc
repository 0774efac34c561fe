#include "macro/macro_spec.h"

#include <gtest/gtest.h>

#include "expect_error.h"
#include "macro/sample_macro.h"

namespace mavis::macro {
namespace {

TEST(MacroSpec, ReadsTheFacts) {
  const Spec spec = read_spec(sample_library());
  EXPECT_EQ(spec.name, "sample");
  EXPECT_EQ(spec.rows, 8);
  EXPECT_EQ(spec.columns_per_half, 31);
  EXPECT_EQ(spec.adc_bits, 5);
  EXPECT_EQ(spec.hold_voltage, 0.6);
  EXPECT_EQ(spec.product_time, 0.9e-9);
  EXPECT_EQ(spec.timing, "cl");
  EXPECT_EQ(spec.clock, 1e-9);
  EXPECT_EQ(spec.vdd, 1);
  EXPECT_EQ(spec.codes(), 32);
  EXPECT_EQ(spec.clocks_per_conversion(), 2 + 5 * 2);
  EXPECT_EQ(spec.code_step(), 1);
  EXPECT_EQ(spec.data_columns(), 62);
  Spec less = spec;
  less.sa_cycles = 3;
  less.discarded = 2;
  EXPECT_EQ(less.clocks_per_conversion(), 2 + 3 * 2);
  EXPECT_EQ(less.code_step(), 4);
  EXPECT_EQ(less.data_columns(), 58);
}

TEST(MacroSpec, NamesTheMissingFact) {
  tables::Library library = sample_library();
  const auto facts = library.provenance.facts;
  for (std::size_t i = 0; i < facts.size(); ++i) {
    library.provenance.facts = facts;
    library.provenance.facts.erase(library.provenance.facts.begin() + static_cast<std::ptrdiff_t>(i));
    expect_input_error([&] { read_spec(library); },
                       {"sample", facts[i].first.c_str(), "characterize the macro, not a single block"});
  }
}

TEST(MacroSpec, RefusesNonsense) {
  tables::Library library = sample_library();
  const auto facts = library.provenance.facts;
  const auto with = [&](const std::string& name, const std::string& value) -> const tables::Library& {
    library.provenance.facts = facts;
    for (auto& fact : library.provenance.facts)
      if (fact.first == name) fact.second = value;
    return library;
  };
  expect_input_error([&] { read_spec(with("macro.rows", "many")); }, {"macro.rows", "'many'", "number"});
  expect_input_error([&] { read_spec(with("macro.rows", "7.5")); }, {"macro.rows", "whole"});
  expect_input_error([&] { read_spec(with("macro.clock", "-1")); }, {"macro.clock", "above zero"});
  expect_input_error([&] { read_spec(with("macro.columns_per_half", "30")); },
                     {"macro.columns_per_half", "'30'", "31"});
}

TEST(MacroSpec, CalibrationIsOnUnlessTheMacroSaysOtherwise) {
  tables::Library library = sample_library();
  EXPECT_TRUE(read_spec(library).calibrated);
  library.provenance.facts.emplace_back("macro.calibration", "none");
  EXPECT_FALSE(read_spec(library).calibrated);
}

}  // namespace
}  // namespace mavis::macro
