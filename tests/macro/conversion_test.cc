#include "macro/conversion.h"

#include <gtest/gtest.h>

#include <cmath>

#include "macro/sample_macro.h"

namespace mavis::macro {
namespace {

// A macro with one chip's rows of ones on both sides.
class Bench {
 public:
  explicit Bench(const Sample& sample = {}, std::optional<std::uint64_t> seed = {}, const Pvt& pvt = kTypical,
                 int sa_cycles = 0)
      : library_(sample_library(sample)),
        model_(PointTables(library_, pvt), operated(library_, sa_cycles)),
        comparator_(model_.comparator, chip_, 0),
        noise_(seed, 0, 0),
        columns_(static_cast<std::size_t>(model_.spec.columns_per_half)),
        left_(model_.responses, model_.levels, chip_, 0, Half::left, 0, Bits(columns_, 1)),
        right_(model_.responses, model_.levels, chip_, 0, Half::right, 0, Bits(columns_, 1)) {}

  // k products.
  Conversion run(int k, std::uint64_t operation = 0) {
    Bits input(columns_, 0);
    std::fill_n(input.begin(), k, 1);
    return convert(model_, left_, right_, input, comparator_, noise_, operation, ledger_);
  }

  const MacroModel& model() const { return model_; }
  const Ledger& ledger() const { return ledger_; }

 private:
  static Spec operated(const tables::Library& library, int sa_cycles) {
    Spec spec = read_spec(library);
    spec.sa_cycles = sa_cycles;
    return spec;
  }

  tables::Library library_;
  MacroModel model_;
  Chip chip_ = Chip::without_mismatch();
  Comparator comparator_;
  Noise noise_;
  std::size_t columns_;
  HalfRow left_, right_;
  Ledger ledger_;
};

TEST(Convert, AnIdealChipGivesEveryCode) {
  for (int bits : {1, 2, 4, 5}) {
    for (const Pvt& pvt : {kTypical, Pvt{"ss", 0.93, 100}}) {
      Bench bench({.adc_bits = bits}, {}, pvt);
      for (int k = 0; k < 1 << bits; ++k) {
        const Conversion found = bench.run(k);
        EXPECT_EQ(found.code, k) << bits << " bits";
        EXPECT_EQ(found.products, k);
        EXPECT_NEAR(found.level, pvt.vdd * (1 - kSwing * k / ((1 << bits) - 1)), 1e-12);
      }
    }
  }
}

TEST(Convert, FewerCyclesLeaveTheLowBitsZero) {
  for (int cycles : {1, 2, 4}) {
    Bench whole, part({}, {}, kTypical, cycles);
    for (int k = 0; k <= 31; ++k) EXPECT_EQ(part.run(k).code, k - k % (1 << (5 - cycles))) << cycles;
    for (int k = 0; k <= 31; ++k) whole.run(k);
    EXPECT_NEAR(part.ledger().of(Part::comparator), whole.ledger().of(Part::comparator) * cycles / 5, 1e-20);
    EXPECT_EQ(part.ledger().of(Phase::mav), whole.ledger().of(Phase::mav));
  }
}

TEST(Convert, AnOffsetShiftsTheCode) {
  // A step is 25.8 mV, the reference half a step away: 1.2 steps of threshold move the code up by one.
  const double step = sample_step();
  Bench up({.offset = 1.2 * step, .calibration = 0}), down({.offset = -1.2 * step, .calibration = 0});
  for (int k = 0; k <= 31; ++k) {
    EXPECT_EQ(up.run(k).code, std::min(31, k + 1));
    EXPECT_EQ(down.run(k).code, std::max(0, k - 1));
  }
  Bench less({.offset = 0.4 * step, .calibration = 0});
  EXPECT_EQ(less.run(9).code, 9);
}

TEST(Convert, DroopReachesLateDecisionsOnly) {
  // One and a half steps at the last comparison, none at the first: k = 16 passes the first decision (above
  // 15) and then reads higher as the level falls.
  Bench bench({.droop = -1.4 * sample_step()});
  EXPECT_EQ(bench.run(15).code, 15) << "the first decision stands";
  EXPECT_GT(bench.run(16).code, 16);
}

TEST(Convert, NoiseIsAddressedByOperation) {
  Bench one({.comparator_noise = 0.03}, 1), two({.comparator_noise = 0.03}, 1),
      other({.comparator_noise = 0.03}, 2);
  std::vector<int> forward, backward(200), another;
  for (int i = 0; i < 200; ++i) forward.push_back(one.run(12, static_cast<std::uint64_t>(i)).code);
  for (int i = 199; i >= 0; --i)
    backward[static_cast<std::size_t>(i)] = two.run(12, static_cast<std::uint64_t>(i)).code;
  for (int i = 0; i < 200; ++i) another.push_back(other.run(12, static_cast<std::uint64_t>(i)).code);
  EXPECT_EQ(forward, backward);
  EXPECT_NE(forward, another);
}

TEST(Convert, KtcNoiseHasItsVariance) {
  Bench bench({}, 1, {"tt", 1.0, 100});
  const double expected = std::sqrt(1.380649e-23 * 373.15 / bench.model().levels.mav_capacitance());
  EXPECT_NEAR(expected, 0.21e-3, 0.02e-3) << "116 fF";
  double sum = 0;
  const int n = 2000;
  for (int i = 0; i < n; ++i) {
    const double miss = bench.run(4, static_cast<std::uint64_t>(i)).level - (1 - kSwing * 4 / 31);
    sum += miss * miss;
  }
  EXPECT_NEAR(std::sqrt(sum / n), expected, 0.07 * expected);  // its standard error is 1.6 %
}

TEST(Convert, NoiseGivesTheProbabilityOfAnError) {
  // 12 mV rms against a margin of half a step, 12.9 mV: P(error) about 2 Phi(-1.07).
  Bench bench({.comparator_noise = 0.012}, 3);
  int wrong = 0;
  for (int i = 0; i < 2000; ++i) wrong += bench.run(9, static_cast<std::uint64_t>(i)).code != 9;
  // k = 9 meets both neighbouring references once.
  const double p = 2 * 0.5 * std::erfc(sample_step() / 2 / 0.012 / std::sqrt(2.0));
  EXPECT_NEAR(wrong / 2000.0, p, 0.04);
}

TEST(Convert, EnergyIsThatOfTheTables) {
  Bench bench({.adc_bits = 2});
  bench.run(2);  // 2 products, 1 zero of kind w1x0
  const Ledger& ledger = bench.ledger();
  EXPECT_NEAR(ledger.of(Phase::mav, Part::pl), 1e-15 * (2 + 100), 1e-22);
  EXPECT_NEAR(ledger.of(Phase::mav, Part::hold), 1e-15 * (2 + 100 + 6000), 1e-22);
  // Trials 1 and 2; the second begins at reference(1) = 1 - 0.8 * 1.5 / 3 = 0.6: its table counts before in
  // halves.
  // The lines return to vdd from reference(2) = 1/3: as a step to code 0 from there less one from vdd.
  const double back = 2.0 / 3 - 2;
  EXPECT_NEAR(ledger.of(Phase::conversion, Part::pl), 1e-15 * ((2 + 10) + (1.2 + 20) + back), 1e-22);
  EXPECT_NEAR(ledger.of(Phase::conversion, Part::cl), 1e-15 * ((2 + 10) + (1.2 + 20) + 2 * 3000 + back),
              1e-22);
  EXPECT_NEAR(ledger.of(Phase::conversion, Part::comparator), 2 * 10e-15, 1e-22);
  // Bits 1, 0: one slice takes 2 fJ or 3 fJ, the other idles at 1 fJ.
  EXPECT_NEAR(ledger.of(Phase::conversion, Part::sar), 1e-15 * (2 + 3 + 2), 1e-22);
  EXPECT_EQ(ledger.of(Part::rl), ledger.of(Phase::mav, Part::rl));
  EXPECT_EQ(ledger.of(Phase::idle), 0);
}

}  // namespace
}  // namespace mavis::macro
