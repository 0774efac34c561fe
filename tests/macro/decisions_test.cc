#include "macro/decisions.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "macro/random_row.h"

namespace mavis::macro {
namespace {

TEST(Decisions, GiveTheCodesOfConvert) {
  for (std::uint32_t chip = 0; chip < 8; ++chip) {
    RandomRow row(sample_library(imperfect()), chip);
    const Noise none({}, 0, 0);
    for (const Bits& input : row.many_inputs(200)) {
      Ledger ledger;
      const Conversion found =
          convert(row.model, row.computing, row.dac, input, row.comparator, none, 0, ledger);
      const double droop = row.model.levels.droop(count(row.computing.stored(), input));
      EXPECT_EQ(row.decisions.code(found.level, droop / 5), found.code);
    }
  }
}

TEST(Decisions, ProbabilitiesAreThoseOfNoisyConversions) {
  Sample sample = imperfect();
  sample.comparator_noise = 12e-3;  // half a step
  RandomRow row(sample_library(sample), 3);
  const Noise noise(11, 0, 0);
  const Bits input = row.bits(0.7);
  const double level = convert(row.model, row.computing, row.dac, input, row.comparator, Noise({}, 0, 0), 0,
                               *std::make_unique<Ledger>())
                           .level;
  const double drift = row.model.levels.droop(count(row.computing.stored(), input)) / 5;
  std::vector<double> p(32), counted(32);
  row.decisions.add_probabilities(level, drift, 1, p);
  EXPECT_NEAR(std::accumulate(p.begin(), p.end(), 0.0), 1, 1e-12);
  const int n = 20000;
  for (int i = 0; i < n; ++i) {
    Ledger ledger;
    ++counted[static_cast<std::size_t>(convert(row.model, row.computing, row.dac, input, row.comparator,
                                               noise, static_cast<std::uint64_t>(i), ledger)
                                           .code)];
  }
  // kT/C of the level is a hundredth of this noise's variance.
  for (std::size_t code = 0; code < 32; ++code)
    EXPECT_NEAR(counted[code] / n, p[code], 0.003 + 5 * std::sqrt(p[code] * (1 - p[code]) / n)) << code;
}

TEST(Decisions, WithoutNoiseOneCodeIsCertain) {
  RandomRow row(sample_library(), 0);
  std::vector<double> p(32);
  row.decisions.add_probabilities(0.5, 0, 1, p);
  EXPECT_GT(p[static_cast<std::size_t>(row.decisions.code(0.5, 0))], 1 - 1e-12);
}

}  // namespace
}  // namespace mavis::macro
