#include "macro/counted_codes.h"

#include <gtest/gtest.h>

#include <numeric>

#include "macro/sample_macro.h"

namespace mavis::macro {
namespace {

TEST(RandomRows, HoldTheAskedDensityAndOnesLast) {
  const Spec spec = read_spec(sample_library());
  const std::vector<Bits> rows = random_rows(1, spec, 0.25), others = random_rows(2, spec, 0.25);
  ASSERT_EQ(rows.size(), 8u);
  double ones = 0;
  for (std::size_t row = 0; row < 7; ++row) ones += std::accumulate(rows[row].begin(), rows[row].end(), 0.0);
  EXPECT_NEAR(ones / (7 * 62), 0.25, 0.1);
  EXPECT_EQ(rows.back(), Bits(62, 1));
  EXPECT_NE(rows, others);
}

TEST(CountedCodes, CountWhatTheDensitySays) {
  const tables::Library library = sample_library();
  const Spec spec = read_spec(library);
  const MacroModel model(PointTables(library, kTypical), spec);
  for (double density : {1.0 / 256, 0.25, 0.5, 0.7}) {
    const CountedCodes counted(model, Chip::without_mismatch(), {}, {Bits(62, 1)}, density,
                               Fidelity::detailed);
    std::vector<std::int64_t> counts(32 * 32);
    counted.count(1, 0, counts);
    EXPECT_EQ(std::accumulate(counts.begin(), counts.end(), std::int64_t{0}), 2 * 4096);
    double products = 0;
    for (std::size_t i = 0; i < counts.size(); ++i)
      products += static_cast<double>(counts[i] * static_cast<std::int64_t>(i / 32));
    EXPECT_NEAR(products / (2 * 4096 * 31), density, 0.006);
    EXPECT_EQ(wrong(counts, 32), 0);  // ideal
  }
}

TEST(CountedCodes, BlocksAreTheSameInAnyOrder) {
  const tables::Library library = sample_library({.offset_response = 5e-3, .comparator_noise = 8e-3});
  const Spec spec = read_spec(library);
  const MacroModel model(PointTables(library, kTypical), spec);
  const std::vector<Bits> rows = random_rows(1, spec, 0.5);
  const CountedCodes counted(model, Chip(1, 2), {}, rows, 0.5, Fidelity::fast);
  std::vector<std::int64_t> up(32 * 32), down(32 * 32), other(32 * 32);
  for (std::uint64_t i : {0, 1, 2}) counted.count(1, i, up);
  for (std::uint64_t i : {2, 1, 0}) counted.count(1, i, down);
  for (std::uint64_t i : {3, 4, 5}) counted.count(1, i, other);
  EXPECT_EQ(up, down);
  EXPECT_NE(up, other);
}

}  // namespace
}  // namespace mavis::macro
