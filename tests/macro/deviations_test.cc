#include "macro/deviations.h"

#include <gtest/gtest.h>

#include "macro/sample_macro.h"

namespace mavis::macro {
namespace {

constexpr double kVolts = 0.01, kFarad = 0.1e-15;  // responses
constexpr int kColumns = 31;

class Deviations : public testing::Test {
 protected:
  HalfRow row(const Bits& stored, int at = 2) const {
    return {responses_, levels_, chip_, 4, Half::right, at, stored};
  }

  tables::Library library_ = sample_library({.level_response = kVolts, .charge_response = kFarad});
  Spec spec_ = read_spec(library_);
  PointTables tables_{library_, kTypical};
  Levels levels_{tables_, spec_};
  LineResponses responses_{tables_, spec_};
  Chip chip_ = Chip::without_mismatch();
  // Charge that one line brings, over this, is what the sum line moves.
  double total_ = kLineFarad * kColumns / kSwing;
  Bits none_ = Bits(kColumns, 0), all_ = Bits(kColumns, 1);
};

TEST_F(Deviations, NoDrawsNoDeviation) {
  EXPECT_EQ(row(all_).mav_deviation(all_, 0.3), 0);
  EXPECT_EQ(row(all_).reference_deviation(17, 0.3), 0);
}

TEST_F(Deviations, ACellsDrawMovesItsLineByItsShare) {
  chip_.set("u4.right.c5.r2", "xcell.mrl:vth", 1.5);
  EXPECT_NEAR(row(all_).mav_deviation(none_, 0.7), kLineFarad * 1.5 * kVolts / total_, 1e-15);
  EXPECT_EQ(row(all_, 3).mav_deviation(none_, 0.7), 0) << "another row's cell";
  EXPECT_EQ(row(all_).reference_deviation(7, 0.7), 0) << "a driven line has no error of the product";
}

TEST_F(Deviations, ACapacitancesDrawActsByTheVoltageThatItLoses) {
  chip_.set("u4.right.c5", "cwire:c", -2);
  Bits product = none_;
  product[5] = 1;
  const double level = 0.43;
  // A zero's line comes from vdd, a product's from 0 V; both end at the average.
  EXPECT_NEAR(row(all_).mav_deviation(none_, level), -2 * kFarad * (1 - level) / total_, 1e-15);
  EXPECT_NEAR(row(all_).mav_deviation(product, level), -2 * kFarad * (0 - level) / total_, 1e-15);
  // Column 5 belongs to bit 2 of the code: columns 3 to 6.
  EXPECT_NEAR(row(none_).reference_deviation(0b11011, level), -2 * kFarad * (1 - level) / total_, 1e-15);
  EXPECT_NEAR(row(none_).reference_deviation(0b00100, level), -2 * kFarad * (0 - level) / total_, 1e-15);
}

TEST_F(Deviations, LinesAddUp) {
  chip_.set("u4.right.c5.r2", "xcell.mrl:vth", 1);
  chip_.set("u4.right.c30", "cwire:c", 1);
  const double level = 0.6;
  EXPECT_NEAR(row(none_).mav_deviation(all_, level), (kLineFarad * kVolts + kFarad * (1 - level)) / total_,
              1e-15);
}

TEST_F(Deviations, DrawsAreThoseOfTheChip) {
  const Chip chip(3, 1);
  const HalfRow half(responses_, levels_, chip, 0, Half::left, 6, all_);
  double expected = 0;
  for (int j = 0; j < kColumns; ++j) {
    expected += kLineFarad * kVolts * chip.draw(cell_address(0, Half::left, j, 6), "xcell.mrl:vth");
    expected += kFarad * (0 - 0.25) * chip.draw(line_address(0, Half::left, j), "cwire:c");
  }
  EXPECT_NEAR(half.mav_deviation(all_, 0.25), expected / total_, 1e-15);
  EXPECT_GT(std::abs(expected / total_), 1e-6);
}

TEST(PullsLow, GroupsAreBinary) {
  for (int code = 0; code < 32; ++code) {
    int low = 0;
    for (int column = 0; column < kColumns; ++column) low += pulls_low(code, column);
    EXPECT_EQ(low, code);
  }
  EXPECT_TRUE(pulls_low(1, 0));
  EXPECT_FALSE(pulls_low(1, 1));
  EXPECT_TRUE(pulls_low(16, 15));
  EXPECT_TRUE(pulls_low(16, 30));
}

}  // namespace
}  // namespace mavis::macro
