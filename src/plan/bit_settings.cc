#include "plan/bit_settings.h"

#include <fmt/format.h>

#include <cstdint>

namespace mavis::plan {
namespace {

constexpr std::size_t kBits = 32;

}  // namespace

void set_bits(std::map<std::string, double>& settings, const std::string& name,
              const std::vector<char>& bits) {
  for (std::size_t i = 0; i < bits.size(); i += kBits) {
    std::uint32_t word = 0;
    for (std::size_t k = 0; k < kBits && i + k < bits.size(); ++k)
      if (bits[i + k]) word |= std::uint32_t{1} << k;
    settings[fmt::format("{}.{}", name, i / kBits)] = word;
  }
}

std::vector<char> bits_of(const std::map<std::string, double>& settings, const std::string& name,
                          std::size_t count) {
  std::vector<char> bits;
  for (std::size_t i = 0; i < count; ++i) {
    const auto word = static_cast<std::uint32_t>(settings.at(fmt::format("{}.{}", name, i / kBits)));
    bits.push_back(static_cast<char>((word >> (i % kBits)) & 1));
  }
  return bits;
}

}  // namespace mavis::plan
