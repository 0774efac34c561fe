#include "macro/charge_sharing.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "expect_error.h"
#include "macro/sample_macro.h"

namespace mavis::macro {
namespace {

struct Bench {
  tables::Library library;
  PointTables tables;
  Spec spec;
  Levels levels;

  explicit Bench(const Sample& sample = {}, const Pvt& pvt = kTypical)
      : library(sample_library(sample)),
        tables(library, pvt),
        spec(read_spec(library)),
        levels(tables, spec) {}
  ChargeSharing of(int columns, double hold = 0.6) const { return {tables, spec, levels, columns, hold}; }
};

// The first k columns hold a product, the others store 1 and get 0.
double level(const SharedHalf& half, int k) {
  const auto n = static_cast<std::size_t>(half.sharing().columns());
  Bits input(n, 0);
  std::fill_n(input.begin(), k, 1);
  return half.level(Bits(n, 1), input);
}

TEST(ChargeSharing, SumLineHoldsWhatTheLinesDoNot) {
  const Bench bench;
  const ChargeSharing sharing(bench.tables, bench.spec, bench.levels);
  EXPECT_EQ(sharing.columns(), 31);
  EXPECT_NEAR(sharing.line_capacitance(), kLineFarad, 1e-20);
  // 31 lines move the sum line by 0.8 V a volt: a quarter of their capacitance is not theirs.
  EXPECT_NEAR(sharing.sum_line_capacitance(), 0.25 * 31 * kLineFarad, 1e-19);
  EXPECT_NEAR(bench.of(15).sum_line_capacitance(), 0.25 * 15 * kLineFarad, 1e-19);
  EXPECT_NEAR(bench.of(15).total_capacitance(), 1.25 * 15 * kLineFarad, 1e-19);
  EXPECT_EQ(sharing.after_product(), 0);
}

TEST(ChargeSharing, LevelsOfTheLibrarysHalfAreItsOwn) {
  for (const Pvt& pvt : {kTypical, Pvt{"ss", 0.93, 100}}) {
    const Bench bench({}, pvt);
    const ChargeSharing sharing(bench.tables, bench.spec, bench.levels);
    const SharedHalf half(sharing, Chip::without_mismatch(), 0, Half::left);
    for (int k : {0, 1, 7, 30, 31})
      EXPECT_NEAR(level(half, k), bench.levels.mav({.products = k, .zeros = {0, 31 - k, 0}}), 1e-9) << k;
  }
}

TEST(ChargeSharing, OtherColumnsDivideTheSameSwing) {
  const Bench bench;
  for (int n : {1, 15, 63}) {
    const ChargeSharing sharing = bench.of(n);
    const SharedHalf half(sharing, Chip::without_mismatch(), 0, Half::left);
    for (int k : {0, n / 2, n}) EXPECT_NEAR(level(half, k), 1 - kSwing * k / n, 1e-9);
    for (int code : {0, n / 2, n}) EXPECT_NEAR(half.reference(code), 1 - kSwing * code / n, 1e-9);
  }
}

TEST(ChargeSharing, ALargeLineCountsForMore) {
  // 10 % of a line, on both sides of the average: exact, where HalfRow is of first order.
  const Bench bench({.charge_response = 0.1 * kLineFarad});
  const ChargeSharing sharing = bench.of(31);
  Chip chip = Chip::without_mismatch();
  chip.set("u0.left.c3", "cwire:c", 2);
  const SharedHalf half(sharing, chip, 0, Half::left), twice(sharing, chip, 0, Half::left, 2);
  EXPECT_NEAR(half.capacitance(3), 1.2 * kLineFarad, 1e-20);
  EXPECT_NEAR(twice.capacitance(3), 1.4 * kLineFarad, 1e-20);
  EXPECT_NEAR(half.capacitance(4), kLineFarad, 1e-20);
  const double all = 31 * 1.25 + 0.2;
  EXPECT_NEAR(level(half, 10), 1 - 10.2 / all, 1e-9) << "among the products";
  EXPECT_NEAR(level(half, 3), 1 - 3 / all, 1e-9) << "among the zeros";
}

TEST(ChargeSharing, ExpectedLevelIsTheMeanOverData) {
  const Bench bench({.charge_response = 0.1 * kLineFarad});
  const ChargeSharing sharing = bench.of(4);
  Chip chip = Chip::without_mismatch();
  chip.set("u0.left.c1", "cwire:c", 2);
  const SharedHalf half(sharing, chip, 0, Half::left);
  // The large line is among two products of four in half of all data.
  EXPECT_NEAR(half.expected_level(2),
              (half.level({1, 1, 1, 1}, {1, 1, 0, 0}) + half.level({1, 1, 1, 1}, {1, 0, 0, 1})) / 2, 1e-9);
  EXPECT_NEAR(half.expected_level(1, {1}), half.level({1, 1, 1, 1}, {1, 1, 0, 0}), 1e-9)
      << "always a product";
  EXPECT_NEAR(half.expected_level(4), level(half, 4), 1e-9);
}

TEST(ChargeSharing, CellsLeaveTheirOwnLevels) {
  const Bench bench({.level_response = 0.01});
  const ChargeSharing sharing = bench.of(31);
  Chip chip = Chip::without_mismatch();
  chip.set("u0.left.c0.r2", "xcell.mrl:vth", 3);
  const SharedHalf row(sharing, chip, 0, Half::left, 1, 2), other_row(sharing, chip, 0, Half::left, 1, 1);
  EXPECT_NEAR(level(row, 31), 1 - kSwing + 0.03 / (31 * 1.25), 1e-9);
  EXPECT_NEAR(level(other_row, 31), 1 - kSwing, 1e-9);
}

TEST(ChargeSharing, HoldVoltagesOutsideOfTheTablesAreRefused) {
  const Bench bench;
  EXPECT_NO_THROW(bench.of(31, 0.5));
  expect_input_error([&] { bench.of(31, 0.3); }, {"hold_voltage", "0.3"});
}

}  // namespace
}  // namespace mavis::macro
