#include "macro/crossover.h"

#include <gtest/gtest.h>

#include <cmath>

#include "macro/sample_macro.h"

namespace mavis::macro {
namespace {

// Lines spread by 5 % unless asked otherwise, by the draw of their wire alone.
struct Bench {
  tables::Library library;
  PointTables tables;
  MacroModel model;

  explicit Bench(const Sample& sample = {.adc_bits = 4, .charge_response = 0.05 * kLineFarad})
      : library(sample_library(sample)), tables(library, kTypical), model(tables, read_spec(library)) {}
  Crossover ask(const CrossoverQuery& query, int columns = 0) const {
    const ChargeSharing sharing(tables, model.spec, model.levels,
                                columns == 0 ? model.spec.columns_per_half : columns, 0.6);
    return mav_crossover(model, sharing, query);
  }
};

TEST(MavCrossover, WithoutSpreadNothingCrosses) {
  const Bench bench;
  const Crossover found = bench.ask({.chips = 2, .vectors = 2, .spread = 0});
  EXPECT_EQ(found.trials, 2u * 16 * 2);
  EXPECT_EQ(found.fixed.crossed + found.own.crossed, 0u);
  EXPECT_EQ(found.fixed.gaussian, 0);
  EXPECT_NEAR(found.fixed.sigma, 0, 1e-9);
  EXPECT_NEAR(found.step, kSwing / 15, 1e-9);
  EXPECT_EQ(found.sigma_capacitance, 0);
}

TEST(MavCrossover, SpreadOfLevelsIsThatOfARandomSumOfLines) {
  // A line moves the level L of k products by -L dC / C as a product and by (1 - L) dC / C as a zero, C all
  // capacitance, V at a supply of 1 V.
  const Bench bench;
  const Crossover found = bench.ask({.chips = 150, .vectors = 6});
  EXPECT_NEAR(found.sigma_capacitance, 0.05, 0.004);
  double mean_variance = 0;
  const double all = 15 * 1.25;
  for (int k = 0; k <= 15; ++k) {
    const double level = 1 - kSwing * k / 15;
    mean_variance +=
        (k * level * level + (15 - k) * (1 - level) * (1 - level)) * std::pow(0.05 / all, 2) / 16;
  }
  EXPECT_NEAR(found.fixed.sigma, std::sqrt(mean_variance), 0.1 * std::sqrt(mean_variance));
}

TEST(MavCrossover, CountsAndGaussiansAgreeWhereLevelsCross) {
  const Bench bench;
  const Crossover found = bench.ask({.chips = 150, .vectors = 4, .spread = 5});
  EXPECT_GT(found.fixed.crossed, 200u);
  EXPECT_NEAR(found.fixed.gaussian, found.fixed.probability, 0.15 * found.fixed.probability);
  EXPECT_GE(found.fixed.worst, found.fixed.gaussian);
  EXPECT_GT(found.fixed.worst_products, 0);
  EXPECT_NEAR(found.fixed.probability * static_cast<double>(found.trials),
              static_cast<double>(found.fixed.crossed), 1e-6);
}

TEST(MavCrossover, GrowsWithSpreadAndColumns) {
  const Bench bench;
  const auto probability = [&](double spread, int columns) {
    return bench.ask({.chips = 60, .vectors = 4, .spread = spread}, columns).fixed.gaussian;
  };
  EXPECT_LT(probability(2, 15), probability(4, 15));
  EXPECT_LT(probability(2, 15), probability(2, 31));
  EXPECT_LT(probability(2, 7), probability(2, 15));
}

TEST(MavCrossover, DiscardTakesFromWhatDataDoNotFromTheChipsShift) {
  const Bench bench;
  const Crossover all = bench.ask({.chips = 80, .vectors = 6, .spread = 4}),
                  less = bench.ask({.chips = 80, .vectors = 6, .spread = 4, .discard = 2});
  EXPECT_EQ(all.discarded, 0);
  EXPECT_NEAR(less.discarded, 2.0 / 15, 1e-9);
  EXPECT_EQ(less.trials, 80u * 6 * 14);
  EXPECT_LT(less.own.gaussian, all.own.gaussian / 2);
  EXPECT_LT(less.own.sigma, all.own.sigma);
  EXPECT_GT(less.fixed.sigma, all.fixed.sigma);
  EXPECT_LE(all.own.sigma, all.fixed.sigma) << "a chip's own shift taken off";
}

TEST(MavCrossover, ColumnsBeyondALimitDifferFromChipToChip) {
  const Bench bench;
  const Crossover none = bench.ask({.chips = 20, .vectors = 1, .beyond = 50}),
                  some = bench.ask({.chips = 20, .vectors = 1, .beyond = 2});
  EXPECT_EQ(none.discarded, 0);
  EXPECT_GT(some.discarded, 0);
  EXPECT_LT(some.discarded, 0.2);
}

TEST(MavCrossover, EqualQuestionsHaveEqualAnswers) {
  const Bench bench;
  const CrossoverQuery query = {.chips = 5, .vectors = 2, .spread = 5, .discard = 1};
  EXPECT_EQ(bench.ask(query).fixed.sigma, bench.ask(query).fixed.sigma);
  CrossoverQuery other = query;
  other.seed = 2;
  EXPECT_NE(bench.ask(query).fixed.sigma, bench.ask(other).fixed.sigma);
}

TEST(CodeCrossover, CountsWrongCodesOfTheWholeConverter) {
  const Sample calm = {.adc_bits = 4},
               poor = {.adc_bits = 4, .offset_response = 0.06, .comparator_noise = 0.01};
  for (const bool is_poor : {false, true}) {
    const Bench bench(is_poor ? poor : calm);
    const ChargeSharing sharing(bench.tables, bench.model.spec, bench.model.levels);
    const CodeCrossover found = code_crossover(bench.model, sharing, {.chips = 6, .vectors = 2});
    EXPECT_EQ(found.trials, 6u * 2 * 16);
    if (is_poor) {
      EXPECT_GT(found.probability(), 0.02);
      EXPECT_GT(found.static_only, 0);
      EXPECT_NE(found.static_only, found.probability());
    } else {
      EXPECT_EQ(found.probability(), 0);
      EXPECT_EQ(found.static_only, 0);
    }
    const CodeCrossover fewer =
        code_crossover(bench.model, sharing, {.chips = 6, .vectors = 2, .discard = 1});
    EXPECT_EQ(fewer.trials, 6u * 2 * 15);
    EXPECT_EQ(fewer.probability() > 0, is_poor) << "a discarded column adds one to code and count alike";
  }
}

TEST(SelfTest, FindsTheExtremeColumns) {
  const Bench bench({.adc_bits = 5, .charge_response = 0.02 * kLineFarad, .comparator_noise = 2e-3});
  const ChargeSharing sharing(bench.tables, bench.model.spec, bench.model.levels);
  const auto ask = [&](double spread, int repeats) {
    return self_test(bench.model, sharing,
                     {.chips = 10, .spread = spread, .discard = 2, .test = {.repeats = repeats}});
  };
  const SelfTest once = ask(1, 1), often = ask(1, 8), large = ask(4, 8);
  EXPECT_LT(once.correlation, -0.5);
  EXPECT_LT(often.correlation, once.correlation);
  EXPECT_LT(large.correlation, -0.98);
  EXPECT_GT(large.found, 0.5) << "counts go as 1 / C: they prefer small lines to equally extreme large ones";
  EXPECT_NEAR(once.clocks, once.cycles * 31 * 2, 1e-6 * once.clocks);
  EXPECT_NEAR(often.cycles, 8 * once.cycles, 0.02 * often.cycles);
}

}  // namespace
}  // namespace mavis::macro
