#include "macro/fast_row.h"

#include <cmath>
#include <numeric>
#include <stdexcept>

namespace mavis::macro {
namespace {

// Entries of Walker's tables for one distribution (kernels.h).
void add_alias(std::vector<double> p, int bits, std::vector<std::uint32_t>& to) {
  const std::size_t slots = p.size();
  const double whole = std::ldexp(1.0, 32 - bits);
  std::vector<std::size_t> small, large, other(slots);
  std::iota(other.begin(), other.end(), std::size_t{0});
  for (std::size_t i = 0; i < slots; ++i) {
    p[i] *= static_cast<double>(slots);
    (p[i] < 1 ? small : large).push_back(i);
  }
  while (!small.empty() && !large.empty()) {
    const std::size_t little = small.back(), much = large.back();
    small.pop_back();
    other[little] = much;
    p[much] -= 1 - p[little];
    if (p[much] < 1) large.pop_back(), small.push_back(much);
  }
  for (std::size_t i = 0; i < slots; ++i) {
    const double own = other[i] == i ? whole - 1 : std::min(whole - 1, std::round(p[i] * whole));
    to.push_back((static_cast<std::uint32_t>(own) << bits) | static_cast<std::uint32_t>(other[i]));
  }
}

}  // namespace

FastRow::FastRow(const MacroModel& model, const HalfRow& computing, const Decisions& decisions,
                 double density)
    : bits_(decisions.bits()), stored_(packed(computing.stored())) {
  if (bits_ > 10) throw std::invalid_argument("a converter has at most 10 bits");
  int ones = 0;
  for (char bit : computing.stored()) ones += bit;
  for (int k = 0; k <= ones; ++k)
    add_alias(mean_rates(level_spread(model, computing, k, density), decisions), bits_, alias_);
}

std::vector<double> FastRow::rates(int products) const {
  const std::size_t slots = std::size_t{1} << bits_;
  std::vector<double> p(slots);
  for (std::size_t i = 0; i < slots; ++i) {
    const std::uint32_t entry = alias_[static_cast<std::size_t>(products) * slots + i];
    const double own = std::ldexp(entry >> bits_, bits_ - 32);
    p[i] += own / static_cast<double>(slots);
    p[entry & (slots - 1)] += (1 - own) / static_cast<double>(slots);
  }
  return p;
}

void FastRow::convert(const InputPlanes& inputs, const NoiseSource& noise, std::uint64_t first,
                      std::span<std::uint16_t> codes) const {
  const FastKernel kernel{.words = static_cast<int>(stored_.size()),
                          .bits = bits_,
                          .stored = stored_.data(),
                          .alias = alias_.data()};
  convert_fast(kernel, inputs.data(), inputs.operations(), codes.size(), noise, first, codes.data());
}

}  // namespace mavis::macro
