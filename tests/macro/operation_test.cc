#include "macro/operation.h"

#include <gtest/gtest.h>

#include <numeric>

#include "macro/sample_macro.h"

namespace mavis::macro {
namespace {

TEST(MultiplicationFree, FollowsItsDefinition) {
  EXPECT_EQ(multiplication_free({3, -5}, {7, 2}), (3 + 7) + (5 - 2));
  EXPECT_EQ(multiplication_free({-4}, {-6}), -4 - 6);
  EXPECT_EQ(multiplication_free({0}, {9}), 0 - 9) << "step(0) is 0";
  const Vector x = {1, -2, 0, 127, -127};
  EXPECT_EQ(multiplication_free(x, x), 2 * -(1 - 1) + 2 * (1 + 127) - 2 * (2 + 127));
}

TEST(Operation, PlanesReadTheirRowsWithTheirInputs) {
  const Vector x = {5, -6, 0};
  EXPECT_EQ(row_of(0), 0);
  EXPECT_EQ(row_of(6), 6);
  EXPECT_EQ(row_of(7), kStepRow);
  EXPECT_EQ(weight_of(3), 8);
  EXPECT_EQ(weight_of(10), 8);
  EXPECT_EQ(input_bits(x, 2, 4), (Bits{1, 0, 0, 0})) << "step(x)";
  EXPECT_EQ(input_bits(x, 7, 4), (Bits{1, 0, 0, 0})) << "bit 0 of |x|";
  EXPECT_EQ(input_bits(x, 8, 4), (Bits{0, 1, 0, 0})) << "bit 1";
  EXPECT_EQ(input_bits(x, 9, 4), (Bits{1, 1, 0, 0})) << "bit 2";
}

TEST(Operation, LowPlanesAreLeftOutForFewerBits) {
  EXPECT_EQ(planes_of({}).size(), 14u);
  EXPECT_EQ(planes_of({.weight_bits = 4, .input_bits = 8}), (std::vector{4, 5, 6, 7, 8, 9, 10, 11, 12, 13}));
  EXPECT_EQ(planes_of({.weight_bits = 2, .input_bits = 3}), (std::vector{6, 12, 13}));
  EXPECT_EQ(kept_magnitude(-127, 8), 127);
  EXPECT_EQ(kept_magnitude(-127, 4), 112);
  EXPECT_EQ(kept_magnitude(15, 4), 0);
  EXPECT_EQ(kept_magnitude(64, 2), 64);
}

TEST(Operation, TilesCoverTheVector) {
  const Spec spec = read_spec(sample_library());
  EXPECT_EQ(tiles_of(1, spec), 1);
  EXPECT_EQ(tiles_of(62, spec), 1);
  EXPECT_EQ(tiles_of(63, spec), 2);
  Vector v(63);
  std::iota(v.begin(), v.end(), -20);
  EXPECT_EQ(tile_of(v, 0, spec), Vector(v.begin(), v.begin() + 62));
  EXPECT_EQ(tile_of(v, 1, spec), Vector{v.back()});
}

TEST(Operation, RowsHoldMagnitudeAndStep) {
  const Spec spec = read_spec(sample_library({.rows = 9}));
  const std::vector<Bits> rows = weight_rows({5, -3}, spec);
  ASSERT_EQ(rows.size(), 9u);
  ASSERT_EQ(rows[0].size(), 62u);
  EXPECT_EQ(std::vector<int>({rows[0][0], rows[1][0], rows[2][0], rows[3][0], rows[7][0]}),
            std::vector<int>({1, 0, 1, 0, 1}));
  EXPECT_EQ(std::vector<int>({rows[0][1], rows[1][1], rows[2][1], rows[7][1]}),
            std::vector<int>({1, 1, 0, 0}));
  EXPECT_EQ(rows[0][2], 0) << "padding";
  EXPECT_EQ(rows[8], Bits(62, 0)) << "an idle row";
  const Bits ones = ones_rows(40, spec)[kStepRow];
  EXPECT_EQ(std::accumulate(ones.begin(), ones.end(), 0), 40);
}

TEST(UArray, OperatesEitherHalf) {
  const tables::Library library = sample_library();
  const MacroModel model(PointTables(library, kTypical), read_spec(library));
  Vector w(62, 0);
  for (std::size_t j = 0; j < 5; ++j) w[j] = 1;
  for (std::size_t j = 31; j < 40; ++j) w[j] = 1;
  const UArray array(model, Chip::without_mismatch(), 0, weight_rows(w, model.spec), {});
  Ledger ledger;
  const Bits input(62, 1);
  EXPECT_EQ(array.operate(0, Half::left, "test", {input}, ledger)[0].code, 5);
  EXPECT_EQ(array.operate(0, Half::right, "test", {input}, ledger)[0].code, 9);
  EXPECT_EQ(array.operate(1, Half::right, "test", {input}, ledger)[0].code, 0);
  Ledger leaks;
  array.add_leakage(1, leaks);  // 14 ones in each of rows 0 and 7; 8 x 62 cells
  EXPECT_NEAR(leaks.total(), (8 * 62 - 28) * 1e-9 + 28 * 2e-9, 1e-18);
}

TEST(UArray, DiscardedColumnsAlwaysDischarge) {
  const tables::Library library = sample_library();
  Spec spec = read_spec(library);
  spec.discarded = 2;
  const MacroModel model(PointTables(library, kTypical), spec);
  Vector w(58, 0);
  w[0] = w[28] = w[29] = w[57] = 1;  // first and last element of either half
  const UArray array(model, Chip::without_mismatch(), 0, weight_rows(w, spec), {},
                     {.comparator = {}, .discarded = {0, 30, 31, 40}});
  Ledger ledger;
  for (Half half : {Half::left, Half::right}) {
    EXPECT_EQ(array.operate(0, half, "test", {Bits(58, 1)}, ledger)[0].code, 2 + 2);
    EXPECT_EQ(array.operate(0, half, "test", {Bits(58, 0)}, ledger)[0].code, 2) << "whatever the input";
    EXPECT_EQ(array.operate(6, half, "test", {Bits(58, 1)}, ledger)[0].products, 2) << "in every row";
  }
  Ledger leaks;
  array.add_leakage(1, leaks);  // ones: 4 in rows 0 and 7, 4 columns of 8 rows
  EXPECT_NEAR(leaks.total(), (8 * 62 - 40) * 1e-9 + 40 * 2e-9, 1e-18);
}

}  // namespace
}  // namespace mavis::macro
