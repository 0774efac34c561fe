#include "macro/detailed_row.h"

#include <gtest/gtest.h>

#include <cmath>

#include "macro/code_rates.h"
#include "macro/random_row.h"

namespace mavis::macro {
namespace {

std::vector<std::uint16_t> codes_of(const DetailedRow& row, const InputPlanes& inputs,
                                    const NoiseSource* noise, std::uint64_t first = 0) {
  std::vector<std::uint16_t> codes(inputs.operations());
  row.convert(inputs, noise, first, codes);
  return codes;
}

TEST(DetailedRow, GivesLevelsAndCodesOfConvert) {
  for (int bits : {1, 4, 5, 7}) {  // 1 to 127 columns
    Sample sample = imperfect();
    sample.adc_bits = bits;
    RandomRow row(sample_library(sample), static_cast<std::uint32_t>(bits));
    const DetailedRow detailed(row.model, row.computing, row.decisions);
    const std::vector<Bits> inputs = row.many_inputs(700);
    std::vector<std::uint16_t> codes(inputs.size());
    std::vector<float> levels(inputs.size());
    detailed.convert(row.planes(inputs), nullptr, 0, codes, levels);
    const Noise none({}, 0, 0);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      Ledger ledger;
      const Conversion found =
          convert(row.model, row.computing, row.dac, inputs[i], row.comparator, none, 0, ledger);
      EXPECT_NEAR(levels[i], found.level, 1e-6);
      EXPECT_EQ(codes[i], found.code) << bits << " bits, input " << i;
    }
  }
}

TEST(DetailedRow, LeavesOutCyclesThatAreNotRun) {
  RandomRow row(sample_library(imperfect()), 2);
  row.model.spec.sa_cycles = 3;
  const Decisions decisions(row.model, row.dac, row.comparator);
  const std::vector<Bits> inputs = row.many_inputs(300);
  const Noise none({}, 0, 0);
  const std::vector<std::uint16_t> codes =
      codes_of(DetailedRow(row.model, row.computing, decisions), row.planes(inputs), nullptr);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    Ledger ledger;
    EXPECT_EQ(codes[i],
              convert(row.model, row.computing, row.dac, inputs[i], row.comparator, none, 0, ledger).code);
    EXPECT_EQ(codes[i] % 4, 0);
  }
}

TEST(DetailedRow, NoiseTurnsCodesAsOftenAsItShould) {
  RandomRow row(sample_library(imperfect()), 4);
  const DetailedRow detailed(row.model, row.computing, row.decisions);
  const NoiseSource noise{1, 4, hash64("test")};
  const Bits input = row.bits(0.6);
  constexpr std::size_t kTimes = 50000;
  const InputPlanes planes = row.planes(std::vector<Bits>(kTimes, input));
  std::vector<double> counted(32), p(32);
  for (std::uint16_t code : codes_of(detailed, planes, &noise)) counted[code] += 1.0 / kTimes;
  const Counts counts = count(row.computing.stored(), input);
  const double nominal = row.model.levels.mav(counts);
  const LevelSpread level{nominal + row.computing.mav_deviation(input, nominal), 0,
                          row.model.level_noise(counts.products), row.model.levels.droop(counts) / 5};
  const CodeRates rates = code_rates(level, row.decisions);
  EXPECT_GT(rates.temporal_sigma, 0.01);
  for (std::size_t code = 0; code < 32; ++code)
    EXPECT_NEAR(counted[code], rates.p[code],
                1e-4 + 5 * std::sqrt(rates.p[code] * (1 - rates.p[code]) / kTimes))
        << code;
}

TEST(DetailedRow, ResultsDependOnNothingButTheirAddress) {
  RandomRow row(sample_library(imperfect()), 6);
  const DetailedRow detailed(row.model, row.computing, row.decisions);
  const NoiseSource noise{1, 6, hash64("test")};
  const std::vector<Bits> inputs = row.many_inputs(1500);
  const std::vector<std::uint16_t> whole = codes_of(detailed, row.planes(inputs), &noise);
  std::vector<std::uint16_t> parts;
  for (std::size_t begin = 0, size = 1; begin < inputs.size(); begin += size, size = size * 2 + 1) {
    const std::size_t end = std::min(begin + size, inputs.size());
    const std::vector<Bits> part(inputs.begin() + static_cast<std::ptrdiff_t>(begin),
                                 inputs.begin() + static_cast<std::ptrdiff_t>(end));
    for (std::uint16_t code : codes_of(detailed, row.planes(part), &noise, begin)) parts.push_back(code);
  }
  EXPECT_EQ(parts, whole);
  EXPECT_NE(codes_of(detailed, row.planes(inputs), &noise, 1), whole);
  for (const std::string& set : instruction_sets()) {
    choose_instruction_set(set);
    EXPECT_EQ(codes_of(detailed, row.planes(inputs), &noise), whole) << set;
  }
  choose_instruction_set("");
}

}  // namespace
}  // namespace mavis::macro
