#include "macro/comparator_calibration.h"

#include <gtest/gtest.h>

#include <cmath>

#include "expect_error.h"
#include "macro/sample_macro.h"

namespace mavis::macro {
namespace {

constexpr ComparatorProcedure kEndless = {.decisions = 0};

struct Calibrated {
  ComparatorModel model;
  CalibratedComparator found;
  Calibrated(const Sample& sample, const ComparatorProcedure& procedure,
             const Chip& chip = Chip::without_mismatch())
      : model(PointTables(sample_library(sample), kTypical)), found(calibrate(model, chip, 0, procedure)) {}
  const std::string& setting(Side side) const { return found.comparator.setting(side); }
};

TEST(Calibrate, EndlessCountingLeavesTheLeastThreshold) {
  struct Case {
    double offset;
    const char *n, *p;
    double left;
  };
  // Steps of 10, 20 and 30 mV: n_left and p_right lower the offset.
  for (const Case& c :
       {Case{0, "none", "none", 0}, Case{0.004, "none", "none", 0.004},
        Case{0.012, "n_left_1", "p_right_1", 0.002}, Case{0.027, "n_left_3", "p_right_3", -0.003},
        Case{0.050, "n_left_3", "p_right_3", 0.020}, Case{-0.018, "n_right_2", "p_left_2", 0.002},
        Case{-0.070, "n_right_3", "p_left_3", -0.040}}) {
    const Calibrated chip({.offset = c.offset}, kEndless);
    EXPECT_EQ(chip.setting(Side::n), c.n) << c.offset;
    EXPECT_EQ(chip.setting(Side::p), c.p) << c.offset;
    for (double cm : {0.05, 0.5, 0.95})
      EXPECT_NEAR(chip.found.comparator.threshold(cm), c.left, 1e-12)
          << "two sides add up to one step between";
    EXPECT_EQ(chip.found.decisions, 0);
    EXPECT_TRUE(std::isnan(chip.found.ones[0]));
  }
}

TEST(Calibrate, AMeasuredComparatorHasItsOwnThresholds) {
  Chip chip = Chip::without_mismatch();
  const Curve threshold{{0.1, 0.9}, {0.001, 0.003}};
  chip.set_measured(0, {kTypical.text(), {"n_left_1", "p_right_1"}, threshold});
  const Calibrated known({.offset = 0.012}, kEndless, chip);
  EXPECT_EQ(known.setting(Side::n), "n_left_1");
  EXPECT_NEAR(known.found.comparator.threshold(0.5), 0.002, 1e-12);
  chip.set_measured(0, {kTypical.text(), {"none", "p_right_1"}, threshold});
  expect_input_error([&] { Calibrated({.offset = 0.012}, kEndless, chip); },
                     {"uArray 0", "none, p_right_1", "n_left_1, p_right_1", "--calibration"});
  chip.set_measured(0, {"ss, 1 V, 27 C", {"n_left_1", "p_right_1"}, threshold});
  expect_input_error([&] { Calibrated({.offset = 0.012}, kEndless, chip); },
                     {"ss, 1 V, 27 C", "tt, 1 V, 27 C"});
}

TEST(Calibrate, CountsThatAreNoneOrAllTellASignOnly) {
  // 0.1 mV of noise, 6 mV from one setting and 4 from the next: no count is between none and all, and the
  // smaller step is taken, here the one that leaves more.
  const Calibrated chip({.offset = 0.006, .comparator_noise = 1e-4}, {.decisions = 500});
  EXPECT_EQ(chip.setting(Side::n), "none");
  EXPECT_NEAR(chip.found.comparator.threshold(0.95), 0.006, 1e-12);
  EXPECT_EQ(chip.found.ones[0], 0);
  const Calibrated other({.offset = 0.014, .comparator_noise = 1e-4}, {.decisions = 500});
  EXPECT_EQ(other.setting(Side::n), "n_left_1");
  EXPECT_EQ(other.setting(Side::p), "p_right_1");
}

TEST(Calibrate, NoiseLetsCountsTellTheNearerSetting) {
  // 3 mV of noise: 6 mV against 4 mV from half the ones is 2 against 9 of 100 counts.
  const Calibrated chip({.offset = 0.006, .comparator_noise = 3e-3}, {.decisions = 2000});
  EXPECT_EQ(chip.setting(Side::n), "n_left_1");
  EXPECT_NEAR(chip.found.ones[0], std::erfc(-4.0 / 3 / std::sqrt(2)) / 2, 0.02) << "threshold -4 mV";
  EXPECT_EQ(chip.setting(Side::p), "p_right_1");
}

TEST(Calibrate, TheSearchNeedsThreeOfSevenSettingsASide) {
  const Calibrated chip({.offset = 0.012, .comparator_noise = 1e-3}, {.decisions = 100});
  EXPECT_EQ(chip.found.tried, (std::array{3, 3}));
  EXPECT_EQ(chip.found.decisions, 600);
  EXPECT_EQ(chip.setting(Side::n), "n_left_1");
}

TEST(Calibrate, CanBeLeftOut) {
  const Calibrated chip({.offset = 0.012}, {.enabled = false});
  EXPECT_EQ(chip.setting(Side::n), "none");
  EXPECT_EQ(chip.found.tried, (std::array{0, 0}));
}

TEST(Calibrate, AChipCountsTheSameEveryTimeAndNotLikeAnother) {
  const Sample noisy = {.offset = 0.0001, .comparator_noise = 1e-3};
  const ComparatorProcedure procedure = {.decisions = 333};
  const Calibrated a(noisy, procedure, Chip(1, 0)), again(noisy, procedure, Chip(1, 0)),
      b(noisy, procedure, Chip(1, 1));
  EXPECT_EQ(a.found.ones, again.found.ones);
  EXPECT_NE(a.found.ones, b.found.ones);
  EXPECT_NE(a.found.ones[0], a.found.ones[1]) << "the two sides count different decisions";
}

TEST(ThresholdSpread, IsThatOfChipsBeforeAndAfter) {
  const tables::Library library = sample_library({.offset_response = 0.015, .comparator_noise = 1.5e-3});
  const ComparatorModel model(PointTables(library, kTypical));
  const auto of = [&](const ComparatorProcedure& procedure) {
    return threshold_spread(model, 1, 2000, procedure, {0.05, 0.95});
  };
  const auto before = of({.enabled = false}), counted = of({}), endless = of(kEndless);
  ASSERT_EQ(before.size(), 2u);
  EXPECT_EQ(before[1].common_mode, 0.95);
  EXPECT_EQ(before[1].n, 2000u);
  EXPECT_NEAR(before[1].sigma, 0.015, 4 * before[1].sigma_stderr);
  EXPECT_NEAR(before[1].sigma_stderr, 0.015 / std::sqrt(2 * 2000), 2e-5) << "of a Gaussian";
  EXPECT_NEAR(before[1].mean, 0, 4 * before[1].mean_stderr);
  EXPECT_NEAR(before[1].median, 0.6745 * 0.015, 1e-3);
  EXPECT_NEAR(before[1].q99, 2.576 * 0.015, 3e-3);
  for (std::size_t end : {0, 1}) {
    EXPECT_LT(endless[end].sigma, counted[end].sigma) << "counts can't always tell the nearer setting";
    EXPECT_LT(counted[end].sigma, before[end].sigma / 2);
    EXPECT_LT(counted[end].median, 0.0065);
  }
  // Evenly spread between settings 10 mV apart, but for chips beyond the largest one.
  EXPECT_NEAR(endless[1].median, 0.0025, 0.0003);
}

}  // namespace
}  // namespace mavis::macro
