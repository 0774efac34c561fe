#include "macro/column_test.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "macro/sample_macro.h"

namespace mavis::macro {
namespace {

// A macro whose lines spread by `sigma` of their capacitance.
struct Bench {
  tables::Library library;
  PointTables tables;
  MacroModel model;
  ChargeSharing sharing;

  explicit Bench(double sigma = 0, double comparator_noise = 0, double offset = 0)
      : library(sample_library({.charge_response = sigma * kLineFarad,
                                .offset = offset,
                                .comparator_noise = comparator_noise,
                                .calibration = 0})),
        tables(library, kTypical),
        model(tables, read_spec(library)),
        sharing(tables, model.spec, model.levels) {}

  ColumnCounts count(const Chip& chip, const ColumnTest& test = {}) const {
    return count_cycles(model, SharedHalf(sharing, chip, 0, Half::left),
                        test_references(model, chip, 0, Half::right), Comparator(model.comparator, chip, 0),
                        chip, 0, Half::left, test);
  }
};

// Cycles until a line of c farad has charged a linear sum line of s farad beyond v, from ground, at 1 V.
int cycles_to(double c, double s, double v) {
  return static_cast<int>(std::floor(std::log(1 - v) / std::log(s / (s + c)))) + 1;
}

double correlation(const std::vector<double>& a, const std::vector<std::int64_t>& b) {
  const auto n = static_cast<double>(a.size());
  const double mean_a = std::accumulate(a.begin(), a.end(), 0.0) / n,
               mean_b = std::accumulate(b.begin(), b.end(), 0.0) / n;
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double x = a[i] - mean_a, y = static_cast<double>(b[i]) - mean_b;
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return ab / std::sqrt(aa * bb);
}

TEST(CountCycles, CountsAreThoseOfExponentialCharging) {
  const Bench bench;
  const double sum_line = bench.sharing.sum_line_capacitance();
  std::int64_t expected = 0;
  for (int code = 0; code <= 31; ++code)
    expected += cycles_to(kLineFarad, sum_line, bench.model.levels.reference(code, 0));
  const ColumnCounts counts = bench.count(Chip::without_mismatch());
  ASSERT_EQ(counts.cycles.size(), 31u);
  // kT/C noise of 0.2 to 0.5 mV moves a count now and then.
  for (std::int64_t cycles : counts.cycles)
    EXPECT_NEAR(static_cast<double>(cycles), static_cast<double>(expected), 6);
  const std::int64_t all = std::accumulate(counts.cycles.begin(), counts.cycles.end(), std::int64_t{0});
  EXPECT_EQ(counts.clocks, 2 * all);
  EXPECT_EQ(bench.count(Chip::without_mismatch(), {.repeats = 3}).cycles.size(), 31u);
}

TEST(CountCycles, ASmallCapacitanceTakesMoreCycles) {
  const Bench bench(0.01);
  Chip chip = Chip::without_mismatch();
  chip.set("u0.left.c4", "cwire:c", 5);
  chip.set("u0.left.c9", "cwire:c", -5);
  chip.set("u0.right.c7", "cwire:c", 50);  // the other half's
  const ColumnCounts counts = bench.count(chip);
  EXPECT_NEAR(counts.capacitance[4], 1.05 * kLineFarad, 1e-20);
  EXPECT_NEAR(counts.capacitance[9], 0.95 * kLineFarad, 1e-20);
  EXPECT_EQ(std::min_element(counts.cycles.begin(), counts.cycles.end()) - counts.cycles.begin(), 4);
  EXPECT_EQ(std::max_element(counts.cycles.begin(), counts.cycles.end()) - counts.cycles.begin(), 9);
  EXPECT_EQ(extreme_columns(counts, 2), (std::vector{4, 9}));
  EXPECT_EQ(columns_beyond(counts, 2), (std::vector{4, 9}));
  EXPECT_TRUE(columns_beyond(counts, 10).empty());
  EXPECT_TRUE(extreme_columns(counts, 0).empty());
}

TEST(CountCycles, CountsFollowCapacitanceThroughNoise) {
  const Bench quiet(0.02), noisy(0.02, 3e-3);
  const ColumnCounts clean = quiet.count(Chip(1, 0)), once = noisy.count(Chip(1, 0)),
                     often = noisy.count(Chip(1, 0), {.repeats = 8});
  EXPECT_LT(correlation(clean.capacitance, clean.cycles), -0.95);
  EXPECT_LT(correlation(often.capacitance, often.cycles), correlation(once.capacitance, once.cycles));
  EXPECT_LT(correlation(once.capacitance, once.cycles), -0.5);
  EXPECT_EQ(once.cycles, noisy.count(Chip(1, 0)).cycles) << "the same chip counts the same";
  EXPECT_NE(once.cycles, noisy.count(Chip(1, 1)).cycles);
}

TEST(CountCycles, AnOffsetMovesAllCountsTogether) {
  const Bench bench(0.02), shifted(0.02, 0, 0.02);
  const ColumnCounts plain = bench.count(Chip(1, 0)), moved = shifted.count(Chip(1, 0));
  for (std::size_t j = 0; j < 31; ++j) EXPECT_GT(moved.cycles[j], plain.cycles[j]);
  EXPECT_LT(correlation(moved.capacitance, moved.cycles), -0.95);
}

TEST(CountCycles, AnUnreachableReferenceEndsTheCounter) {
  const Bench bench(0, 0, 0.5);  // references above half the supply are never passed
  const ColumnCounts counts = bench.count(Chip::without_mismatch());
  EXPECT_GT(counts.cycles[0], 15 * 63);
  EXPECT_LT(counts.cycles[0], 32 * 63);
}

TEST(ExtremeColumns, AreFarthestFromTheMedianEitherWay) {
  const ColumnCounts counts = {.cycles = {100, 101, 99, 120, 100, 75, 101}, .capacitance = {}, .clocks = 0};
  EXPECT_EQ(extreme_columns(counts, 1), (std::vector{5}));
  EXPECT_EQ(extreme_columns(counts, 2), (std::vector{3, 5}));
  EXPECT_EQ(columns_beyond(counts, 1.8), (std::vector{5}));
}

TEST(ColumnsOfFraction, RoundsToWholeColumns) {
  const Spec spec = read_spec(sample_library());
  EXPECT_EQ(columns_of_fraction(0, spec), 0);
  EXPECT_EQ(columns_of_fraction(0.03, spec), 1);
  EXPECT_EQ(columns_of_fraction(0.06, spec), 2);
}

TEST(TestUArray, FindsAsManyColumnsInEachHalf) {
  Bench bench(0.02);
  bench.model.spec.discarded = 2;
  Chip chip = Chip::without_mismatch();
  chip.set("u1.left.c3", "cwire:c", 4);
  chip.set("u1.left.c30", "cwire:c", -4);
  chip.set("u1.right.c0", "cwire:c", 4);
  chip.set("u1.right.c8", "cwire:c", 3);
  const ArraySetup setup = test_uarray(bench.sharing, bench.model, chip, 1, {}, {});
  EXPECT_EQ(setup.discarded, (std::vector{3, 30, 31, 39}));
}

}  // namespace
}  // namespace mavis::macro
