#include "report/explore.h"

#include <gtest/gtest.h>

#include <cmath>

#include "expect_error.h"
#include "macro/sample_macro.h"

namespace mavis::report {
namespace {

using macro::Basis;

tables::Library sample() {
  tables::Library library = macro::sample_library(
      {.charge_response = 0.005 * macro::kLineFarad, .offset_response = 0.01, .comparator_noise = 1e-3});
  tables::Table capacitance{.name = "line_charge/capacitance", .unit = "F", .long_name = "capacitance"};
  capacitance.axes = {{.name = "corner", .labels = {"tt", "ss"}},
                      {.name = "vdd", .unit = "V", .values = {0.9, 1.0, 1.1}},
                      {.name = "temp_c", .unit = "C", .values = {-40, 27, 120}},
                      {.name = "hold_voltage", .unit = "V", .values = {0.4, 0.6}},
                      {.name = "input_bit", .labels = {"0", "1"}}};
  capacitance.values.assign(capacitance.cells(), macro::kLineFarad);
  library.put(capacitance);
  return library;
}

ExploreQuery small_query() {
  ExploreQuery query;
  query.columns = {30, 62};
  query.weight_bits = {4, 8};
  query.adc_bits = {2, 5};
  query.hold_voltages = {0.6};
  query.vdds = {0.9, 1.0};
  query.chips = 4;
  return query;
}

TEST(Explore, GoesThroughEveryCombination) {
  std::vector<std::size_t> seen;
  const Exploration found = explore(sample(), small_query(), [&](std::size_t done, std::size_t total) {
    EXPECT_EQ(total, 4u);
    seen.push_back(done);
  });
  EXPECT_EQ(seen, (std::vector<std::size_t>{1, 2, 3, 4}));
  ASSERT_EQ(found.designs.size(), 16u);
  const Explored& first = found.designs[0];
  EXPECT_EQ(first.design.columns, 30);
  EXPECT_EQ(first.design.precision, (macro::Precision{4, 4, 2})) << "inputs as wide as weights";
  EXPECT_EQ(first.pvt.vdd, 0.9);
  EXPECT_EQ(first.figures.basis, Basis::scaled);
  ASSERT_TRUE(first.crossover && first.with_discard);
  EXPECT_EQ(first.crossover->discarded, 0);
  EXPECT_NEAR(first.with_discard->discarded, 1.0 / 15, 1e-12);
  EXPECT_NE(found.designs[1].figures.reason, "") << "30 columns, 5 bits";
  EXPECT_FALSE(found.designs[1].crossover);
  const Explored& last = found.designs[15];
  EXPECT_EQ(last.figures.basis, Basis::measured);
  EXPECT_EQ(last.design.precision, (macro::Precision{8, 8, 5}));
  EXPECT_GT(last.figures.energy.total(), found.designs[14].figures.energy.total());
  EXPECT_NE(found.no_area, "") << "a library without texts";
}

TEST(Explore, MismatchIsAWhatIf) {
  ExploreQuery query = small_query();
  query.columns = {62};
  query.weight_bits = {8};
  query.vdds = {1.0};
  query.chips = 30;
  query.mismatch = 0.3;
  query.discard = 0;
  const Exploration found = explore(sample(), query);
  EXPECT_NEAR(found.designs[0].crossover->sigma_capacitance, 0.1, 0.01);
  EXPECT_GT(found.designs[0].crossover->fixed.crossed, 0u);
  EXPECT_FALSE(found.designs[0].with_discard);
  expect_input_error([&] { explore(macro::sample_library(), query); },
                     {"sample", "line_charge/charge", "--responses"});
}

TEST(Explore, PointsOutsideOfTheLibraryAreRefused) {
  ExploreQuery query = small_query();
  query.vdds = {1.3};
  expect_input_error([&] { explore(sample(), query); }, {"vdd", "1.3 V"});
  query = small_query();
  query.corner = "ff";
  expect_input_error([&] { explore(sample(), query); }, {"corner", "ff"});
}

TEST(DesignSheet, HasARowADesignAndFoldsTheRestForPeople) {
  const ExploreQuery query = small_query();
  const Exploration found = explore(sample(), query);
  const Sheet all = design_sheet(found, query, false), people = design_sheet(found, query, true);
  EXPECT_EQ(all.rows.size(), 16u);
  EXPECT_EQ(people.rows.size(), 12u);
  for (const Sheet* sheet : {&all, &people})
    for (const auto& row : sheet->rows) EXPECT_EQ(row.size(), sheet->columns.size());
  const std::string text = sheet_text(people), csv = sheet_csv(all);
  EXPECT_NE(text.find("4 designs left out: 30 columns convert to 4 bits"), std::string::npos) << text;
  EXPECT_NE(text.find("336 ns"), std::string::npos) << text;
  EXPECT_NE(csv.find("columns,hold (V),vdd (V),weight bits"), std::string::npos) << csv;
  EXPECT_NE(csv.find("62,0.6,1,8,5,measured,336,"), std::string::npos) << csv;
}

TEST(FigureSheets, AreThePapersWithAsManyColumnsAsTheySay) {
  ExploreQuery query = small_query();
  query.hold_voltages = {0.3, 0.4, 0.6};
  const auto sheets = figure_sheets(sample(), query);
  std::vector<std::string> names;
  for (const auto& [name, sheet] : sheets) {
    names.push_back(name);
    EXPECT_FALSE(sheet.rows.empty()) << name;
    for (const auto& row : sheet.rows) EXPECT_EQ(row.size(), sheet.columns.size()) << name;
  }
  EXPECT_EQ(names, (std::vector<std::string>{"6a", "6b", "7", "8c", "8d", "8d_discard", "8e"}));
  const auto number = [](const SheetCell& cell) { return std::get<double>(cell); };
  const Sheet& hold = sheets[0].second;
  EXPECT_TRUE(std::isnan(number(hold.rows[0][4]))) << "0.3 V is not in the tables";
  EXPECT_NE(std::get<std::string>(hold.rows[0][5]), "");
  EXPECT_NEAR(number(hold.rows[2][4]), 8 * 62 * 1.5e-9, 1e-15);
  const Sheet& parts = sheets[1].second;
  EXPECT_NEAR(number(parts.rows.back()[4]), 100, 1e-9);
  const Sheet& bits = sheets[2].second;
  ASSERT_EQ(bits.rows.size(), 4u);
  EXPECT_EQ(number(bits.rows[3][2]), 14 * 2 * 12);
  EXPECT_EQ(number(bits.rows[3][3]), 8 * 11) << "W_P (1 + 2 A_P)";
  // Eq. 4: comparator 10 fJ, register 2 or 3 fJ and 4 idle slices of 1 fJ a decision, lines of 3 fJ.
  EXPECT_GT(number(bits.rows[3][6]), 8 * (31 * 3e-15 + 5 * (10 + 4 + 2) * 1e-15 + 31 * 3e-15));
  EXPECT_LT(number(bits.rows[3][6]), 8 * (31 * 3e-15 + 5 * (10 + 4 + 3) * 1e-15 + 31 * 3e-15));
  const Sheet& tests = sheets[3].second;
  ASSERT_EQ(tests.rows.size(), 6u);
  EXPECT_NEAR(number(tests.rows[2][2]), 16 * number(tests.rows[0][2]), 0.01 * number(tests.rows[2][2]));
  EXPECT_LT(number(tests.rows[2][4]), number(tests.rows[0][4])) << "more counts follow the lines better";
  EXPECT_LT(number(tests.rows[5][4]), -0.9) << "and a larger mismatch";
  const Sheet& mismatch = sheets[4].second;
  EXPECT_EQ(mismatch.rows.size(), 2u * 6);
  EXPECT_NEAR(number(mismatch.rows[3][1]), 12, 2);
  EXPECT_LT(number(mismatch.rows[3][6]), number(mismatch.rows[9][6])) << "more columns cross more";
  const Sheet& offsets = sheets[6].second;
  EXPECT_EQ(offsets.rows.size(), 3u * 5);
  EXPECT_GT(number(offsets.rows[0][4]), 2 * number(offsets.rows[5][4])) << "sigma before and after";
}

TEST(ExplorationLibrary, IsALibraryOfTables) {
  const ExploreQuery query = small_query();
  const Exploration found = explore(sample(), query);
  const tables::Library library = exploration_library(sample(), found, query, {{"explored", "sample.h5"}});
  EXPECT_EQ(*library.provenance.fact("explored"), "sample.h5");
  EXPECT_EQ(*library.provenance.fact("chips"), "4");
  const tables::Table& energy = library.find("explore/energy");
  EXPECT_EQ(energy.values.size(), 16u);
  EXPECT_EQ(energy.values.back(), found.designs.back().figures.energy.total());
  EXPECT_EQ(energy.status_at(1), tables::Status::not_applicable);
  EXPECT_EQ(library.find("explore/area").status_at(0), tables::Status::not_applicable);
  EXPECT_NEAR(library.find("explore/crossover_own").values.back(),
              found.designs.back().crossover->own.gaussian, 0);
  EXPECT_EQ(library.find("explore/efficiency").unit, "1/J");
}

}  // namespace
}  // namespace mavis::report
