#include "macro/code_rates.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "macro/random_row.h"

namespace mavis::macro {
namespace {

// Codes of 400 inputs with 8 products, 50 times each: rates, and what of their spread is static.
TEST(CodeRates, AreThoseOfConversionsStaticAndTemporalApart) {
  RandomRow row(sample_library(imperfect()), 5);
  std::vector<Bits> inputs;
  while (inputs.size() < 400) {
    Bits input = row.bits(0.5);
    if (row.products(input) == 8) inputs.push_back(input);
  }
  constexpr int kTimes = 50;
  const Noise noise(3, 0, 0);
  std::vector<double> p(32);
  double mean = 0, within = 0, squared_means = 0;
  std::uint64_t operation = 0;
  for (const Bits& input : inputs) {
    double own = 0, squares = 0;
    for (int i = 0; i < kTimes; ++i) {
      Ledger ledger;
      const int code =
          convert(row.model, row.computing, row.dac, input, row.comparator, noise, operation++, ledger).code;
      p[static_cast<std::size_t>(code)] += 1.0 / static_cast<double>(kTimes * inputs.size());
      own += static_cast<double>(code) / kTimes;
      squares += static_cast<double>(code) * code / kTimes;
    }
    const auto n = static_cast<double>(inputs.size());
    mean += own / n;
    const double variance = (squares - own * own) * kTimes / (kTimes - 1);
    within += variance / n;
    squared_means += (own * own - variance / kTimes) / n;
  }
  const CodeRates rates = code_rates(level_spread(row.model, row.computing, 8, 0.5), row.decisions);
  EXPECT_NEAR(std::accumulate(rates.p.begin(), rates.p.end(), 0.0), 1, 1e-9);
  for (std::size_t code = 0; code < 32; ++code) EXPECT_NEAR(p[code], rates.p[code], 0.03) << code;
  EXPECT_NEAR(mean, rates.mean, 0.03);
  EXPECT_NEAR(std::sqrt(within), rates.temporal_sigma, 0.02);
  EXPECT_NEAR(std::sqrt(squared_means - mean * mean), rates.data_sigma, 0.03);
  EXPECT_GT(rates.temporal_sigma, 0.05);
  EXPECT_GT(rates.data_sigma, 0.02);
}

TEST(CodeRates, MeanRatesAreTheSameAndAShiftOfTheLevelMovesThem) {
  RandomRow row(sample_library(imperfect()), 5);
  const LevelSpread level = level_spread(row.model, row.computing, 8, 0.5);
  const CodeRates rates = code_rates(level, row.decisions);
  const std::vector<double> p = mean_rates(level, row.decisions),
                            up = mean_rates(level, row.decisions, sample_step());
  double mean = 0;
  for (std::size_t code = 0; code < 32; ++code) {
    EXPECT_NEAR(p[code], rates.p[code], 1e-6);
    mean += static_cast<double>(code) * up[code];
  }
  EXPECT_NEAR(mean, rates.mean - 1, 0.1);
}

}  // namespace
}  // namespace mavis::macro
