#include "report/compare.h"

#include <gtest/gtest.h>

#include <cmath>

#include "expect_error.h"
#include "report/sample_columns.h"
#include "util/draws.h"

namespace mavis::report {
namespace {

using tables::Status;

const PvtNode kTypical{"tt", 1.0, 27}, kSlow{"ss", 1.0, 27};

double figure(const ComparedCell& cell, std::string_view name) {
  for (std::size_t i = 0; i < compare_figures().size(); ++i)
    if (compare_figures()[i].name == name) return cell.figures[i].value;
  return std::nan("");
}

TEST(Compare, FiguresAreThoseOfTheTables) {
  const ComparedCell cell = compared_cell(column_library("own", 0.02), kTypical);
  EXPECT_EQ(cell.name, "own");
  EXPECT_EQ(rows_of(column_library("own")), 2);
  EXPECT_DOUBLE_EQ(figure(cell, "swing"), 0.2);
  EXPECT_DOUBLE_EQ(figure(cell, "inl"), 0.2);
  EXPECT_DOUBLE_EQ(figure(cell, "least_step"), 0.8);
  EXPECT_DOUBLE_EQ(figure(cell, "sigma_level"), 0.1);
  EXPECT_DOUBLE_EQ(figure(cell, "time_sensitivity"), 0.5);
  EXPECT_DOUBLE_EQ(figure(cell, "energy"), 4e-15 / 2);       // a row, mean of 0, 4 and 8 fJ of the column
  EXPECT_DOUBLE_EQ(figure(cell, "static_current"), 1.5e-6);  // a row, worst level
  EXPECT_DOUBLE_EQ(figure(cell, "disturb"), 0.03);
  EXPECT_DOUBLE_EQ(figure(cell, "area"), 0.8e-12 + 0.2e-12);  // eight transistors are one pitch
  EXPECT_DOUBLE_EQ(figure(cell, "pitch"), 1e-6);
  EXPECT_TRUE(std::isnan(figure(cell, "hold_margin")));
  EXPECT_TRUE(cell.turns.empty());
  EXPECT_FALSE(cell.lost);
}

TEST(Compare, OverlapIsThatOfNormalLevelsAndMiddleThresholds) {
  // The middle level has neighbours 0.12 V below and 0.08 V above, sigma 10 mV.
  const ComparedCell cell = compared_cell(column_library("own", 0.02), kTypical);
  EXPECT_NEAR(figure(cell, "overlap"), normal_tail(6) + normal_tail(4), 1e-12);
  const ComparedCell slow = compared_cell(column_library("own", 0.02), kSlow);
  EXPECT_NEAR(figure(slow, "overlap"), normal_tail(3) + normal_tail(2), 1e-12);
}

TEST(Compare, ResolvedBitsCountStaticErrors) {
  const ComparedCell exact = compared_cell(column_library("own", 0, 0), kTypical);
  EXPECT_DOUBLE_EQ(figure(exact, "resolved_bits"), std::log2(3.0));
  // INL 0, 0.2, 0 and spread 0.1 steps: e^2 = (0.04 + 3 x 0.01) / 3.
  const ComparedCell cell = compared_cell(column_library("own", 0.02), kTypical);
  EXPECT_NEAR(figure(cell, "resolved_bits"), std::log2(3.0) - std::log2(1 + 12 * 0.07 / 3) / 2, 1e-12);
  EXPECT_NEAR(figure(cell, "energy_a_level"), 4e-15 / std::exp2(figure(cell, "resolved_bits")), 1e-24);
}

TEST(Compare, RanksAndSaysWhatNumbersRestOn) {
  std::vector<ComparedCell> cells = {compared_cell(column_library("bent", 0.05), kTypical),
                                     compared_cell(column_library("straight", 0.0, 0.02), kTypical),
                                     compared_cell(column_library("turned", 0.15), kTypical)};
  EXPECT_EQ(ranked(cells, figure_named("inl")), (std::vector<std::size_t>{1, 0, 2}));
  EXPECT_EQ(ranked(cells, figure_named("sigma_level")), (std::vector<std::size_t>{0, 2, 1}));
  EXPECT_EQ(ranked(cells, figure_named("resolved_bits")).back(), 2u);
  EXPECT_EQ(ranked(cells, figure_named("hold_margin")), (std::vector<std::size_t>{0, 1, 2}));
  EXPECT_EQ(cells[2].turns, (std::vector<int>{2}));

  const std::vector<Sheet> sheets = compare_sheets(cells, kTypical, 2, figure_named("inl"));
  const std::string text = sheet_text(sheets[0]) + sheet_text(sheets[1]);
  for (const char* part : {"2 rows, 3 levels, tt 1 V 27 C; best inl first", "compute/level, n 16",
                           "compute_drive/time_sensitivity, n 1", "1 um2",
                           "turned is not monotone: the step to 2 products goes the wrong way",
                           "noise_margin/hold, of none of these cells"})
    EXPECT_NE(text.find(part), text.npos) << part << " in\n" << text;
  EXPECT_LT(text.find("\nstraight"), text.find("\nbent"));

  Sheet csv = compare_csv_sheet();
  add_csv_rows(cells, kTypical, 2, csv);
  EXPECT_EQ(csv.rows.size(), 3 * (compare_figures().size() + 2 * 3));
  EXPECT_NE(sheet_csv(csv).find("bent,tt,1,27,2,inl,0.5,1,0.0025,16,ok,compute/inl\r\n"), std::string::npos)
      << sheet_csv(csv);
}

TEST(Compare, ALostBitIsSaid) {
  tables::Library library = column_library("weak");
  tables::Table disturb = library.find("compute/disturb");
  disturb.status[1] = Status::censored;
  library.put(disturb);
  const std::vector<ComparedCell> cells = {compared_cell(library, kTypical)};
  EXPECT_TRUE(cells[0].lost);
  const std::string text = sheet_text(compare_sheets(cells, kTypical, 2, figure_named("inl"))[1]);
  EXPECT_NE(text.find("weak loses stored bits while it computes"), text.npos) << text;
  EXPECT_NE(text.find("(censored)"), text.npos) << text;
  EXPECT_FALSE(compared_cell(library, kSlow).lost);
}

TEST(Compare, RefusesWhatItCannotCompare) {
  expect_input_error([] { compared_cell(tables::Library("empty"), kTypical); }, {"empty", "compute/level"});
  expect_input_error([] { compared_cell(column_library("own"), {"ff", 1.0, 27}); }, {"corner", "ff"});
  expect_input_error([] { figure_named("overlapp"); }, {"'overlapp'", "did you mean 'overlap'?"});
  expect_input_error([] { figure_named("swing"); }, {"'swing'"});  // more is neither better nor worse
}

}  // namespace
}  // namespace mavis::report
