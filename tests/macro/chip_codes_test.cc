#include "macro/chip_codes.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "macro/counted_codes.h"
#include "macro/sample_macro.h"

namespace mavis::macro {
namespace {

struct Case {
  tables::Library library;
  Spec spec = read_spec(library);
  MacroModel model{PointTables(library, kTypical), spec};
  std::vector<Bits> rows = random_rows(1, spec, 0.5);
  ChipCodes codes(std::uint32_t chip = 0, const TableBounds& bounds = {}) const {
    return chip_codes(model, Chip(7, chip), {}, rows, 0.5, bounds);
  }
};

Sample noisy() {
  return {.level_response = 4e-3,
          .offset_response = 5e-3,
          .comparator_noise = 5e-3,
          .calibration = 0.02,
          .kind_step = 1e-3};
}

TEST(ChipCodes, AnIdealChipHasItsProductsForCodes) {
  const Case ideal{sample_library()};
  const ChipCodes codes = ideal.codes();
  EXPECT_NEAR(std::accumulate(codes.weight.begin(), codes.weight.end(), 0.0), 1, 1e-12);
  for (std::size_t k = 0; k < 32; ++k) {
    EXPECT_GT(codes.weight[k], 0);  // the row of ones reaches them all
    EXPECT_NEAR(codes.rate[k * 32 + k], 1, 1e-9);
    EXPECT_NEAR(codes.mean[k], static_cast<double>(k), 1e-9);
  }
  EXPECT_NEAR(range_errors({codes}).total(), 0, 1e-4);
  // Seven rows of about 15.5 ones and one of 31: k is binomial, or the mixture of two.
  EXPECT_NEAR(products_variance(codes), 7.0 / 8 * 15.5 / 4 + 31.0 / 8 / 4 + 7.0 / 64 * 7.75 * 7.75, 1.5);
}

TEST(ChipCodes, AreWhatConversionsGiveInBothFidelities) {
  const Case macro{sample_library(noisy())};
  const ChipCodes codes = macro.codes(3);
  for (Fidelity fidelity : {Fidelity::detailed, Fidelity::fast}) {
    const CountedCodes counted(macro.model, Chip(7, 3), {}, macro.rows, 0.5, fidelity);
    std::vector<std::int64_t> counts(32 * 32);
    for (std::uint64_t block = 0; block < 8; ++block) counted.count(5, block, counts);
    const auto all = static_cast<double>(8 * counted.conversions());
    int compared = 0;
    for (std::size_t k = 0; k < 32; ++k) {
      const auto n =
          static_cast<double>(std::accumulate(&counts[k * 32], &counts[k * 32] + 32, std::int64_t{0}));
      EXPECT_NEAR(n / all, codes.weight[k], 5 * std::sqrt(codes.weight[k] / all) + 1e-5) << k;
      if (n < 1000) continue;
      for (std::size_t code = 0; code < 32; ++code, ++compared) {
        const double p = codes.rate[k * 32 + code];
        EXPECT_NEAR(static_cast<double>(counts[k * 32 + code]) / n, p, 5 * std::sqrt(p * (1 - p) / n) + 5e-3)
            << k << " " << code;
      }
    }
    EXPECT_GT(compared, 300);
    EXPECT_GT(wrong(counts, 32), 0.01);
  }
}

TEST(ChipCodes, TablesBoundsBecomeBoundsOfRates) {
  const Case macro{sample_library(noisy())};
  const ChipCodes none = macro.codes(), some = macro.codes(0, {.level = 1e-3, .noise = 0.1});
  EXPECT_EQ(none.rate[5 * 32 + 5], some.rate[5 * 32 + 5]);
  double most = 0;
  for (std::size_t cell = 0; cell < 32 * 32; ++cell) {
    EXPECT_NEAR(none.bound[cell], 0, 1e-6);
    most = std::max(most, some.bound[cell]);
  }
  // A millivolt at the steepest of 5 mV of noise: 0.08, and as much to the other side.
  EXPECT_GT(most, 0.02);
  EXPECT_LT(most, 0.25);
}

TEST(ChipCodes, RowsThatStoreFewOnesLeaveProductsOpen) {
  Case macro{sample_library()};
  macro.rows.pop_back();
  const ChipCodes codes = macro.codes();
  EXPECT_EQ(codes.weight[31], 0);
  EXPECT_TRUE(std::isnan(codes.rate[31 * 32]));
  EXPECT_FALSE(std::isnan(range_errors({codes}).total()));
}

TEST(EffectiveBits, FollowTheirDefinition) {
  EXPECT_DOUBLE_EQ(effective_bits(5, 0), 5);
  EXPECT_NEAR(effective_bits(5, std::sqrt(3.0 / 12)), 4, 1e-12);  // four times the power of quantization
  EXPECT_NEAR(sndr_db(5), 6.02 * 5 + 1.76, 0.01);
}

}  // namespace
}  // namespace mavis::macro
