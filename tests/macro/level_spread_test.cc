#include "macro/level_spread.h"

#include <gtest/gtest.h>

#include <cmath>

#include "macro/random_row.h"

namespace mavis::macro {
namespace {

// Over data with a number of products, by drawing them.
TEST(LevelSpread, IsThatOfDrawnData) {
  const double density = 0.4;
  RandomRow row(sample_library(imperfect()), 2);
  std::map<int, std::vector<double>> levels;
  const Noise none({}, 0, 0);
  for (const Bits& input : row.many_inputs(60000, density)) {
    const Counts counts = count(row.computing.stored(), input);
    const double level = row.model.levels.mav(counts);
    levels[counts.products].push_back(level + row.computing.mav_deviation(input, level));
  }
  int compared = 0;
  for (const auto& [products, found] : levels) {
    if (found.size() < 3000) continue;
    double mean = 0, squares = 0;
    for (double level : found) mean += level / static_cast<double>(found.size());
    for (double level : found) squares += (level - mean) * (level - mean);
    const auto n = static_cast<double>(found.size());
    const LevelSpread spread = level_spread(row.model, row.computing, products, density);
    EXPECT_NEAR(spread.mean, mean, 5 * spread.sigma / std::sqrt(n)) << products;
    EXPECT_NEAR(spread.sigma, std::sqrt(squares / (n - 1)), 5 * spread.sigma / std::sqrt(2 * n)) << products;
    EXPECT_GT(spread.sigma, 1e-4);
    EXPECT_DOUBLE_EQ(spread.drift, 0.8e-3);
    ++compared;
  }
  EXPECT_GE(compared, 4);
}

TEST(LevelSpread, AllColumnsWithAProductLeaveNothingOpen) {
  RandomRow row(sample_library(imperfect()), 2, 1.0);
  EXPECT_EQ(level_spread(row.model, row.computing, row.columns, 0.5).sigma, 0);
}

}  // namespace
}  // namespace mavis::macro
