#include "stats/sobol.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/random/sobol.hpp>
#include <cmath>
#include <set>
#include <vector>

namespace mavis::stats {
namespace {

TEST(Sobol, UnscrambledPointsAreTheKnownOnes) {
  // Index 0 ... 7 of the first three dimensions (Joe and Kuo's notes, in binary order of the index).
  const double expected[8][3] = {{0, 0, 0},
                                 {0.5, 0.5, 0.5},
                                 {0.25, 0.75, 0.75},
                                 {0.75, 0.25, 0.25},
                                 {0.125, 0.625, 0.375},
                                 {0.625, 0.125, 0.875},
                                 {0.375, 0.375, 0.625},
                                 {0.875, 0.875, 0.125}};
  for (std::uint32_t i = 0; i < 8; ++i)
    for (std::uint32_t d = 0; d < 3; ++d)
      EXPECT_EQ(sobol_digits(i, d) * 0x1p-32, expected[i][d]) << i << ' ' << d;
}

TEST(Sobol, AgreesWithBoostInEveryDimensionUpToTheLast) {
  // Boost's generator goes through the same points in Gray-code order, without the first.
  boost::random::sobol boost(kSobolDimensions);
  for (std::uint32_t i = 1; i < 40; ++i) {
    const std::uint32_t gray = i ^ (i >> 1);
    for (std::uint32_t d = 0; d < kSobolDimensions; ++d) {
      const std::uint64_t theirs = boost();
      if (d % 50 == 0 || d + 1 == kSobolDimensions) {
        ASSERT_EQ(sobol_digits(gray, d), theirs >> 32) << i << ' ' << d;
      }
    }
  }
}

TEST(Sobol, EveryPowerOfTwoBlockIsStratifiedInEveryDimension) {
  for (const std::uint32_t d : {0U, 1U, 2U, 7U, 31U, 63U, 200U, 1023U, kSobolDimensions - 1})
    for (int m = 0; m <= 7; ++m)
      for (const std::uint32_t block : {0U, 1U, 5U}) {
        std::set<int> cells;
        const std::uint32_t n = 1U << m;
        for (std::uint32_t i = 0; i < n; ++i)
          cells.insert(static_cast<int>(sobol_uniform(3, 2, block * n + i, d) * n));
        EXPECT_EQ(cells.size(), n) << "dimension " << d << " block " << block << " of " << n;
      }
}

TEST(Sobol, FirstTwoDimensionsAreANet) {
  // (0,m,2)-net: each of the 2^m boxes of volume 2^-m, whatever their shape, holds one of 2^m points.
  for (std::uint32_t replicate = 0; replicate < 4; ++replicate)
    for (int m = 1; m <= 6; ++m)
      for (int wide = 0; wide <= m; ++wide) {
        std::set<std::pair<int, int>> boxes;
        for (std::uint32_t i = 0; i < (1U << m); ++i)
          boxes.emplace(static_cast<int>(std::ldexp(sobol_uniform(9, replicate, i, 0), wide)),
                        static_cast<int>(std::ldexp(sobol_uniform(9, replicate, i, 1), m - wide)));
        EXPECT_EQ(boxes.size(), std::size_t{1} << m);
      }
}

TEST(Sobol, EachPointOfAReplicateIsUniform) {
  // Any point of any dimension: 32 equal cells over 6400 replicates, chi-square with 31 degrees of freedom.
  for (const std::uint32_t index : {0U, 5U, 1000U})
    for (const std::uint32_t d : {0U, 3U, 100U}) {
      std::vector<double> counts(32, 0.0);
      for (std::uint32_t r = 0; r < 6400; ++r)
        counts[static_cast<std::size_t>(sobol_uniform(1, r, index, d) * 32)] += 1;
      double chi2 = 0;
      for (const double c : counts) chi2 += (c - 200) * (c - 200) / 200;
      EXPECT_GT(chi2, 11) << index << ' ' << d;  // probability 0.0004
      EXPECT_LT(chi2, 65) << index << ' ' << d;  // 0.0003
    }
}

TEST(Sobol, FlipsOfDigitsAreIndependent) {
  // Given the first digits of two points that agree in k of them, the next differs by the sequence and all
  // later ones are independent: their product must have mean 0 over replicates.
  constexpr int kReplicates = 4000;
  for (const auto& [i, j, common] : {std::tuple{0U, 1U, 0}, {0U, 2U, 1}, {0U, 4U, 2}}) {
    std::vector<double> together(8, 0.0);
    for (std::uint32_t r = 0; r < kReplicates; ++r) {
      const double u = sobol_uniform(5, r, i, 0), v = sobol_uniform(5, r, j, 0);
      for (int k = 0; k < 8; ++k) {
        const bool a = std::fmod(std::ldexp(u, k), 1.0) >= 0.5, b = std::fmod(std::ldexp(v, k), 1.0) >= 0.5;
        together[static_cast<std::size_t>(k)] += a == b ? 1 : -1;
      }
    }
    for (int k = 0; k < 8; ++k) {
      const double mean = together[static_cast<std::size_t>(k)] / kReplicates;
      if (k < common)
        EXPECT_EQ(mean, 1);
      else if (k == common)
        EXPECT_EQ(mean, -1);
      else
        EXPECT_LT(std::abs(mean), 4 / std::sqrt(kReplicates))
            << "digit " << k << " of points " << i << ' ' << j;
    }
  }
}

// Mean over 64 points of x y + x^2, whose expectation is 1/4 + 1/3.
double integral(std::uint64_t seed, std::uint32_t replicate) {
  double sum = 0;
  for (std::uint32_t i = 0; i < 64; ++i) {
    const double x = sobol_uniform(seed, replicate, i, 4), y = sobol_uniform(seed, replicate, i, 5);
    sum += x * y + x * x;
  }
  return sum / 64;
}

TEST(Sobol, ReplicatesAreUnbiasedAndIndependent) {
  constexpr std::uint32_t kReplicates = 400;
  double mean = 0, squares = 0, neighbours = 0, before = 0;
  for (std::uint32_t r = 0; r < kReplicates; ++r) {
    const double error = integral(7, r) - (1.0 / 4 + 1.0 / 3);
    mean += error / kReplicates;
    squares += error * error / kReplicates;
    neighbours += error * before / kReplicates;
    before = error;
  }
  const double sigma = std::sqrt(squares);
  EXPECT_LT(std::abs(mean), 4 * sigma / std::sqrt(kReplicates));
  EXPECT_LT(std::abs(neighbours), 4 * squares / std::sqrt(kReplicates));
  // Independent points would give 0.047; the variance falls as n^-3 along each dimension.
  EXPECT_LT(sigma, 0.047 / 10);
}

TEST(Sobol, AddressedValuesStayTheSame) {
  const double first = sobol_uniform(1, 2, 3, 4);
  for (std::uint32_t i = 0; i < 100; ++i) sobol_uniform(i, i, i, i);
  EXPECT_EQ(sobol_uniform(1, 2, 3, 4), first);
  EXPECT_NE(sobol_uniform(2, 2, 3, 4), first);
  EXPECT_NE(sobol_uniform(1, 3, 3, 4), first);
  EXPECT_NE(sobol_uniform(1, 2, 4, 4), first);
  EXPECT_NE(sobol_uniform(1, 2, 3, 5), first);
  // The very bits: a stored campaign must find its samples again.
  EXPECT_DOUBLE_EQ(sobol_uniform(1, 0, 0, 0), 0.72232867926354261);
  EXPECT_DOUBLE_EQ(sobol_uniform(1, 7, 12345, 63), 0.0043570678591843826);
}

TEST(Sobol, RefusesDimensionsThatDoNotExist) {
  EXPECT_THROW(sobol_digits(0, kSobolDimensions), std::invalid_argument);
  EXPECT_THROW(sobol_uniform(1, 0, 0, kSobolDimensions), std::invalid_argument);
}

}  // namespace
}  // namespace mavis::stats
