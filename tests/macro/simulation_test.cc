#include "macro/simulation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <numeric>

#include "expect_error.h"
#include "macro/sample_macro.h"

namespace mavis::macro {
namespace {

const std::vector<Chip> kIdeal = {Chip::without_mismatch()};
// Mismatch, offsets and noise of a bad macro.
const Sample kBad = {
    .level_response = 0.03, .charge_response = 0.3e-15, .offset_response = 0.02, .comparator_noise = 0.005};

Workload random_workload(std::size_t outputs, std::size_t batch, std::size_t length) {
  return {random_matrix(4, "weights", outputs, length), random_matrix(4, "inputs", batch, length)};
}

Simulation run(const Sample& sample, const Workload& workload, const std::vector<Chip>& chips = kIdeal,
               std::optional<std::uint64_t> noise = {}, const Operating& operating = {}) {
  return simulate(sample_library(sample), kTypical, workload, chips, noise, operating);
}

TEST(Simulate, AnIdealChipIsExactForEveryLength) {
  for (int bits : {4, 5}) {
    const std::size_t n = (std::size_t{1} << bits) - 1;
    for (std::size_t length : {std::size_t{1}, n, 2 * n, 2 * n + 1, std::size_t{200}}) {
      const Simulation found = run({.adc_bits = bits}, random_workload(3, 2, length));
      EXPECT_EQ(found.results, found.exact) << length;
      EXPECT_EQ(found.codes, found.counts) << length;
      EXPECT_EQ(found.ones_codes, found.ones_counts) << length;
      EXPECT_EQ(found.tiles, static_cast<int>((length + 2 * n - 1) / (2 * n)));
      EXPECT_EQ(code_errors(found).rms, 0);
      EXPECT_EQ(relative_result_error(found), 0);
    }
  }
}

TEST(Simulate, ExactResultsAreTheOperators) {
  const Workload workload = random_workload(2, 3, 75);
  const Simulation found = run({}, workload);
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t o = 0; o < 2; ++o) {
      double sum = 0;
      for (std::size_t k = 0; k < 75; ++k) {
        const int w = workload.weights[o][k], x = workload.inputs[i][k];
        sum += (x > 0 ? 1 : -1) * std::abs(w) + (w > 0 ? 1 : -1) * std::abs(x);
      }
      EXPECT_EQ(static_cast<double>(found.exact[i * 2 + o]), sum);
      EXPECT_EQ(found.results[i * 2 + o], found.exact[i * 2 + o]);
    }
}

TEST(Simulate, SquareOfPositiveNumbersIsTwiceTheirSum) {
  Vector x = random_matrix(9, "x", 1, 130)[0];
  std::int64_t norm = 0;
  for (int& value : x) norm += value = std::abs(value);
  EXPECT_EQ(run({}, {{x}, {x}}).results, std::vector<std::int64_t>{2 * norm});
}

TEST(Simulate, ExtremesFillTheCodes) {
  const Vector most(62, 127), least(62, -127);
  const Simulation found = run({}, {{most, least}, {most, least}});
  EXPECT_EQ(found.results, found.exact);
  EXPECT_EQ(*std::max_element(found.codes.begin(), found.codes.end()), 31);
  EXPECT_EQ(found.results, (std::vector<std::int64_t>{62 * 254, 0, 0, -62 * 254}));
}

TEST(Simulate, MismatchAndNoiseMakeErrorsThatChipsDoNotShare) {
  const Workload workload = random_workload(2, 3, 80);
  const Simulation found = run(kBad, workload, {Chip(1, 0), Chip(1, 1)}, 1);
  EXPECT_GT(code_errors(found).rms, 0.05);
  EXPECT_GT(relative_result_error(found), 0);
  const auto half = static_cast<std::ptrdiff_t>(found.counts.size());
  EXPECT_NE(std::vector(found.codes.begin(), found.codes.begin() + half),
            std::vector(found.codes.begin() + half, found.codes.end()));
  // Each chip alone gives what it gives in company, and an output does not depend on the other ones' number.
  const Simulation second = run(kBad, workload, {Chip(1, 1)}, 1);
  EXPECT_EQ(std::vector(found.codes.begin() + half, found.codes.end()), second.codes);
  EXPECT_EQ(found.energy[1], second.energy[0]);
  Workload first_output = workload;
  first_output.weights.pop_back();
  const Simulation alone = run(kBad, first_output, {Chip(1, 0)}, 1);
  for (std::size_t input = 0; input < 3; ++input)
    for (std::size_t k = 0; k < 2 * 2 * kPlanes; ++k)
      EXPECT_EQ(alone.codes[input * 56 + k], found.codes[input * 2 * 56 + k]);
}

TEST(Simulate, ResultsAreTheWeightedCodes) {
  const Workload workload = random_workload(1, 1, 20);
  const Simulation found = run(kBad, workload, {Chip(2, 0)}, 1);
  std::int64_t sum = 0, magnitudes = 0;
  for (std::size_t i = 0; i < found.codes.size(); ++i) sum += 2 * (1 << (i % 7)) * found.codes[i];
  for (std::size_t i = 0; i < found.ones_codes.size(); ++i) sum -= (1 << (i % 7)) * found.ones_codes[i];
  for (int w : workload.weights[0]) magnitudes += std::abs(w);
  EXPECT_EQ(found.results[0], sum - magnitudes);
}

TEST(Simulate, PrecisionIsChosenAtRunTime) {
  const Workload workload = random_workload(2, 3, 75);
  const Simulation all = run({}, workload);
  EXPECT_EQ(all.quantized, all.exact);
  const Simulation less = run({}, workload, kIdeal, {}, {.precision = {.weight_bits = 4, .input_bits = 6}});
  EXPECT_EQ(less.planes, (std::vector{4, 5, 6, 9, 10, 11, 12, 13}));
  EXPECT_EQ(less.results, less.quantized);
  EXPECT_EQ(less.exact, all.exact);
  const auto cut = [](int value, int unit) { return value / unit * unit; };
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t o = 0; o < 2; ++o) {
      std::int64_t sum = 0;  // signs are those of the numbers as given
      for (std::size_t k = 0; k < 75; ++k) {
        const int w = workload.weights[o][k], x = workload.inputs[i][k];
        sum += (x > 0 ? 1 : -1) * std::abs(cut(w, 16)) + (w > 0 ? 1 : -1) * std::abs(cut(x, 4));
      }
      EXPECT_EQ(less.results[i * 2 + o], sum);
    }
  EXPECT_GT(quantization_error(less), 0);
  EXPECT_EQ(quantization_error(all), 0);
}

TEST(Simulate, FewerConversionBitsGiveTheMiddleOfTheirCounts) {
  // One element a half and plane; the whole vector is 1: every plane w0 counts 1, every x0 and its row of
  // ones too, others 0.
  const Workload workload = {{Vector(62, 1)}, {Vector(62, 1)}};
  const Simulation found = run({}, workload, kIdeal, {}, {.precision = {.adc_bits = 3}});
  EXPECT_EQ(found.precision.adc_bits, 3);
  EXPECT_EQ(found.clocks, 14 * 2 * (2 + 3 * 2));
  EXPECT_EQ(found.codes[0], 28) << "31 without its two low bits";
  // 31 reads as 28 + 1.5, 0 as 1.5: w planes 2 (29.5 + 126 * 1.5) a half, x planes as many, rows of ones
  // half.
  const double each = 29.5 + 126 * 1.5;
  EXPECT_EQ(static_cast<double>(found.results[0]), 2 * (2 * each + 2 * each - each) - 62);
  EXPECT_EQ(found.results, found.quantized);
  EXPECT_EQ(code_errors(found).rms, 0);
}

TEST(Simulate, NoiseOfAPlaneDoesNotDependOnWhichOthersAreRun) {
  const Workload workload = random_workload(1, 2, 40);
  const Simulation all = run(kBad, workload, {Chip(2, 0)}, 1),
                   less = run(kBad, workload, {Chip(2, 0)}, 1, {.precision = {.weight_bits = 3}});
  ASSERT_EQ(less.planes.size(), 9u);
  for (std::size_t i = 0; i < less.codes.size(); ++i)
    EXPECT_EQ(less.codes[i], all.codes[i / 9 * 14 + static_cast<std::size_t>(less.planes[i % 9])]);
}

TEST(Simulate, DiscardedColumnsHoldNoData) {
  const Workload workload = random_workload(2, 2, 130);
  const Operating operating = {.discard = 0.1};  // 3 of 31
  const Simulation ideal = run({}, workload, kIdeal, {}, operating);
  EXPECT_EQ(ideal.spec.discarded, 3);
  EXPECT_EQ(ideal.tiles, 3) << "56 of 62 columns hold data";
  EXPECT_EQ(ideal.results, ideal.exact);
  EXPECT_EQ(code_errors(ideal).rms, 0);
  EXPECT_EQ(ideal.discarded.size(), 9u * 2 * 3);
  const Simulation chip = run(kBad, workload, {Chip(1, 0)}, 1, operating);
  for (std::size_t i = 0; i < chip.discarded.size(); ++i) {
    EXPECT_GE(chip.discarded[i], i / 3 % 2 * 31) << i;
    EXPECT_LT(chip.discarded[i], i / 3 % 2 * 31 + 31) << i;
  }
  EXPECT_NE(chip.discarded, ideal.discarded);
}

TEST(Simulate, CalibrationIsPartOfTheChip) {
  const Workload workload = random_workload(1, 1, 20);
  const Simulation off = run(kBad, workload, {Chip(1, 0)}, {}, {.comparator = {.enabled = false}});
  for (const auto& settings : off.calibration) EXPECT_EQ(settings[0], "none");
  const Simulation quiet = run(kBad, workload, {Chip(1, 0)}), noisy = run(kBad, workload, {Chip(1, 0)}, 5);
  EXPECT_EQ(quiet.calibration, noisy.calibration) << "whatever the noise of its operation";
  EXPECT_NE(quiet.calibration, off.calibration);
}

TEST(Simulate, TimeAndOperationsAreCounted) {
  const Simulation found = run({}, random_workload(3, 2, 100));
  EXPECT_EQ(found.clocks, 14 * 2 * (2 + 5 * 2));
  EXPECT_DOUBLE_EQ(found.latency, found.clocks * 1e-9);
  EXPECT_DOUBLE_EQ(found.total_time, 2 * found.latency);
  EXPECT_EQ(found.operations, 2 * 100 * 3 * 2);
  EXPECT_EQ(found.arrays(), (3 + 1) * 2);
  EXPECT_EQ(found.calibration.size(), 8u);
}

TEST(Simulate, EnergyIsThatOfItsOperations) {
  const Workload workload = random_workload(2, 2, 70);
  const Simulation found = run({}, workload);
  const Ledger& energy = found.energy[0];
  double sum = 0;
  for (std::size_t part = 0; part < kPartNames.size(); ++part) sum += energy.of(static_cast<Part>(part));
  EXPECT_NEAR(sum, energy.total(), 1e-12 * sum);
  const std::size_t conversions = found.codes.size() + found.ones_codes.size();
  EXPECT_EQ(conversions, 2u * 2 * 2 * 2 * 14 + 2u * 2 * 2 * 7);
  EXPECT_NEAR(energy.of(Part::comparator), static_cast<double>(conversions) * 5 * 10e-15, 1e-20);
  std::int64_t products =
      std::accumulate(found.counts.begin(), found.counts.end(), std::int64_t{0}) +
      std::accumulate(found.ones_counts.begin(), found.ones_counts.end(), std::int64_t{0});
  // Every driver but pl costs 1 fJ a product more than 1000 fJ times its number, all the same by kind of
  // zero.
  EXPECT_NEAR(energy.of(Phase::mav, Part::sl) - energy.of(Phase::mav, Part::pl),
              static_cast<double>(conversions) * 1000e-15, 1e-18);
  EXPECT_GT(energy.of(Phase::mav, Part::pl), static_cast<double>(products) * 1e-15);
  // 8 x 62 cells of 6 uArrays leak 1 or 2 nW each.
  const double cells = 6 * 8 * 62, time = found.total_time;
  EXPECT_GT(energy.of(Part::leakage), cells * 1e-9 * time);
  EXPECT_LT(energy.of(Part::leakage), cells * 2e-9 * time);
}

TEST(Simulate, MarginIsReportedWithItsStatus) {
  const Workload workload = random_workload(1, 1, 5);
  tables::Library library = sample_library();
  tables::Table margin = library.find("margin/margin");
  EXPECT_EQ(run({}, workload).margin->least, 0.5);
  EXPECT_EQ(run({}, workload).margin->without, 0u);
  margin.status.assign(margin.cells(), tables::Status::ok);
  for (std::size_t i = margin.cells() / 2; i < margin.cells(); ++i)
    margin.status[i] = tables::Status::censored;
  library.put(margin);  // the corner ss
  const Simulation found = simulate(library, {"ss", 1, 27}, workload, kIdeal, {});
  EXPECT_EQ(found.margin->without, 32u * 3);
  EXPECT_EQ(simulate(library, kTypical, workload, kIdeal, {}).margin->without, 0u);
}

TEST(Simulate, WatchSeesEveryUArray) {
  std::vector<std::size_t> seen;
  simulate(sample_library(), kTypical, random_workload(2, 1, 70), {Chip(1, 0), Chip(1, 1)}, {},
           {.watch = [&](std::size_t done, std::size_t total) {
             EXPECT_EQ(total, 12u);
             seen.push_back(done);
           }});
  EXPECT_EQ(seen.size(), 12u);
  EXPECT_EQ(seen.back(), 12u);
}

TEST(Simulate, BadInputIsRefused) {
  expect_input_error([] { run({.rows = 7}, random_workload(1, 1, 5)); }, {"sample", "7 rows", "8"});
  expect_input_error(
      [] {
        run({}, {random_matrix(1, "w", 1, 5), random_matrix(1, "x", 1, 6)});
      },
      {"5 numbers", "6"});
  expect_input_error(
      [] {
        simulate(sample_library(), {"tt", 1, 150}, random_workload(1, 1, 5), kIdeal, {});
      },
      {"sample", "temp_c", "-40 C to 120 C", "150 C", "--temp"});
}

TEST(Simulate, OperationsThatTheMacroCantDoAreRefused) {
  const auto refused = [](const Operating& operating, std::initializer_list<const char*> parts) {
    expect_input_error([&] { run({}, random_workload(1, 1, 5), kIdeal, {}, operating); }, parts);
  };
  refused({.precision = {.weight_bits = 1}}, {"sample", "1 weight bits", "2 to 8"});
  refused({.precision = {.input_bits = 9}}, {"9 input bits", "2 to 8"});
  refused({.precision = {.adc_bits = 6}}, {"6 conversion bits", "1 to 5"});
  refused({.discard = 0.999}, {"99.9 % of the columns discarded", "31"});
  refused({.discard = -1}, {"discarded"});
}

TEST(Simulate, MoreThanMemoryHoldsIsRefused) {
  const Workload workload = {Matrix(20000, Vector{1}), Matrix(2000, Vector{1})};
  expect_input_error([&] { run({}, workload); }, {"1.1e+09 conversions", "split the workload"});
}

TEST(Labels, AreThoseOfTheTables) {
  EXPECT_EQ(column_labels(sample_library()), (std::set<std::string>{"cwire:c", "xcell.mrl:vth"}));
  EXPECT_EQ(comparator_labels(sample_library()), (std::set<std::string>{"mn_in_l:vth"}));
}

}  // namespace
}  // namespace mavis::macro
