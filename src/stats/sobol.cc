#include "stats/sobol.h"

#include <array>
#include <bit>
#include <boost/random/sobol.hpp>
#include <stdexcept>
#include <vector>

#include "util/draws.h"

namespace mavis::stats {
namespace {

constexpr int kDigits = 32;
using Table = boost::random::default_sobol_table;
static_assert(kSobolDimensions == Table::max_dimension);
using Directions = std::array<std::uint32_t, kDigits>;  // by digit of the index, lowest first

// Recurrence of the direction integers m: Bratley and Fox, ACM TOMS 14, 88 (1988), section 2.
Directions directions(std::uint32_t dimension) {
  std::array<std::uint32_t, kDigits> m;
  if (dimension == 0) {
    m.fill(1);
  } else {
    const std::uint32_t polynomial = Table::polynomial(dimension - 1);
    const int degree = std::bit_width(polynomial) - 1;
    for (int k = 0; k < degree; ++k)
      m[static_cast<std::size_t>(k)] = Table::minit(dimension - 1, static_cast<std::size_t>(k));
    for (std::size_t k = static_cast<std::size_t>(degree); k < kDigits; ++k) {
      m[k] = m[k - static_cast<std::size_t>(degree)];
      for (int back = 1; back <= degree; ++back)
        if ((polynomial >> (degree - back)) & 1U) m[k] ^= m[k - static_cast<std::size_t>(back)] << back;
    }
  }
  for (std::size_t k = 0; k < kDigits; ++k) m[k] <<= kDigits - 1 - k;
  return m;
}

const Directions& directions_of(std::uint32_t dimension) {
  static const std::vector<Directions> table = [] {
    std::vector<Directions> all;
    for (std::uint32_t d = 0; d < kSobolDimensions; ++d) all.push_back(directions(d));
    return all;
  }();
  if (dimension >= kSobolDimensions) throw std::invalid_argument("Sobol points have at most 3667 dimensions");
  return table[dimension];
}

// Finalizer of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014; Stafford's variant 13).
std::uint64_t mixed(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31);
}

// Random bits that belong to a node of the tree of digits: the stream of SplitMix64 that starts at `key`.
std::uint64_t node_bits(std::uint64_t key, std::uint64_t node) {
  return mixed(key + node * 0x9E3779B97F4A7C15U);
}

}  // namespace

std::uint32_t sobol_digits(std::uint32_t index, std::uint32_t dimension) {
  const Directions& direction = directions_of(dimension);
  std::uint32_t digits = 0;
  for (std::size_t k = 0; index != 0; ++k, index >>= 1)
    if (index & 1U) digits ^= direction[k];
  return digits;
}

double sobol_uniform(std::uint64_t seed, std::uint32_t replicate, std::uint32_t index,
                     std::uint32_t dimension) {
  const std::uint64_t plain = sobol_digits(index, dimension);
  const std::uint64_t key = bit_draw(seed, Stream::scramble, replicate, dimension);
  std::uint64_t flips = 0;
  for (int k = 0; k < kDigits; ++k) {
    // A leading one tells a node's depth: no two nodes share a number.
    const std::uint64_t node = (std::uint64_t{1} << k) | (plain >> (kDigits - k));
    flips = (flips << 1) | (node_bits(key, node) >> 63);
  }
  // No two points share 32 digits, so the digits after them are independent: 21 more fill a double's 53.
  const std::uint64_t rest = node_bits(key, (std::uint64_t{1} << kDigits) | plain) >> 43;
  return (static_cast<double>(((plain ^ flips) << 21) | rest) + 0.5) * 0x1.0p-53;
}

double sobol_normal(std::uint64_t seed, std::uint32_t replicate, std::uint32_t index,
                    std::uint32_t dimension) {
  return normal_quantile(sobol_uniform(seed, replicate, index, dimension));
}

}  // namespace mavis::stats
