#include "macro/fast_row.h"

#include <gtest/gtest.h>

#include <cmath>

#include "macro/random_row.h"
#include "util/home.h"

namespace mavis::macro {
namespace {

std::vector<std::uint16_t> codes_of(const FastRow& row, const InputPlanes& inputs, const NoiseSource& noise,
                                    std::uint64_t first = 0) {
  std::vector<std::uint16_t> codes(inputs.operations());
  row.convert(inputs, noise, first, codes);
  return codes;
}

TEST(FastRow, DrawsFromTheRatesOfItsProducts) {
  RandomRow row(sample_library(imperfect()), 1);
  const FastRow fast(row.model, row.computing, row.decisions, 0.5);
  for (int products : {0, 3, 9}) {
    const CodeRates rates = code_rates(level_spread(row.model, row.computing, products, 0.5), row.decisions);
    const std::vector<double> drawn = fast.rates(products);
    for (std::size_t code = 0; code < 32; ++code) EXPECT_NEAR(drawn[code], rates.p[code], 1e-8) << code;
  }
}

TEST(FastRow, ResultsDependOnNothingButTheirAddress) {
  RandomRow row(sample_library(imperfect()), 6);
  const FastRow fast(row.model, row.computing, row.decisions, 0.5);
  const NoiseSource noise{1, 6, hash64("test")};
  const std::vector<Bits> inputs = row.many_inputs(1500);
  const std::vector<std::uint16_t> whole = codes_of(fast, row.planes(inputs), noise);
  std::vector<std::uint16_t> parts;
  for (std::size_t begin = 0, size = 1; begin < inputs.size(); begin += size, size = size * 2 + 1) {
    const std::size_t end = std::min(begin + size, inputs.size());
    const std::vector<Bits> part(inputs.begin() + static_cast<std::ptrdiff_t>(begin),
                                 inputs.begin() + static_cast<std::ptrdiff_t>(end));
    for (std::uint16_t code : codes_of(fast, row.planes(part), noise, begin)) parts.push_back(code);
  }
  EXPECT_EQ(parts, whole);
  for (const std::string& set : instruction_sets()) {
    choose_instruction_set(set);
    EXPECT_EQ(codes_of(fast, row.planes(inputs), noise), whole) << set;
  }
  choose_instruction_set("");
}

// Returns how many rates were compared. Per number of products: two-sample chi-square over codes, those with
// few counts taken together, and Kolmogorov and Smirnov's distance (conservative for codes).
double expect_same_distribution(RandomRow& row, std::size_t n) {
  const DetailedRow detailed(row.model, row.computing, row.decisions);
  const FastRow fast(row.model, row.computing, row.decisions, 0.5);
  const NoiseSource noise{9, row.chip.index(), hash64("detailed")},
      other{9, row.chip.index(), hash64("fast")};
  const std::vector<Bits> inputs = row.many_inputs(n);
  const InputPlanes planes = row.planes(inputs);
  std::vector<std::uint16_t> codes(n);
  detailed.convert(planes, &noise, 0, codes);
  const std::vector<std::uint16_t> drawn = codes_of(fast, planes, other);
  std::map<int, std::array<std::vector<double>, 2>> counts;
  for (std::size_t i = 0; i < n; ++i) {
    auto& [a, b] = counts[row.products(inputs[i])];
    a.resize(32), b.resize(32);
    ++a[codes[i]], ++b[drawn[i]];
  }
  double square = 0, freedom = 0;
  for (const auto& [products, both] : counts) {
    double total = 0, distance = 0, gap = 0, few[2] = {0, 0};
    int bins = 0;
    const auto add = [&](double a, double b) { square += (a - b) * (a - b) / (a + b), ++bins; };
    for (std::size_t code = 0; code < 32; ++code) {
      const double a = both[0][code], b = both[1][code];
      total += a;
      gap += a - b;
      distance = std::max(distance, std::fabs(gap));
      if (a + b >= 20)
        add(a, b);
      else
        few[0] += a, few[1] += b;
    }
    if (few[0] + few[1] >= 20) add(few[0], few[1]);
    freedom += std::max(0, bins - 1);
    // Passed by chance once in 1e6 numbers of products: sqrt(-ln(1e-6 / 2) / 2) sqrt(2 / n).
    EXPECT_LT(distance / total, 2.7 * std::sqrt(2 / total))
        << "chip " << row.chip.index() << ", " << products;
  }
  EXPECT_LT(square, freedom + 5 * std::sqrt(2 * freedom) + 5) << "chip " << row.chip.index();
  return freedom;
}

TEST(FastRow, EqualsDetailedInDistributionOnEveryChip) {
  for (std::uint32_t chip = 0; chip < 8; ++chip) {
    RandomRow row(sample_library(imperfect()), chip);
    EXPECT_GT(expect_same_distribution(row, 30000), 0);
  }
}

TEST(FastRow, EqualsDetailedInDistributionOnTheDefaultLibraryWhereItsMarginsAreLeast) {
  const tables::Library library = tables::read_library(home() / "tables/ptm45hp/mf_8x62.h5");
  double compared = 0;
  for (std::uint32_t chip = 0; chip < 6; ++chip) {
    RandomRow row(library, chip, 0.5, {"ff", 1.1, 120});
    compared += expect_same_distribution(row, 100000);
  }
  EXPECT_GT(compared, 0);
}

}  // namespace
}  // namespace mavis::macro
