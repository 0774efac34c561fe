#include "macro/counted_codes.h"

#include <fmt/format.h>

#include <bit>
#include <cmath>

#include "util/draws.h"
#include "util/hash.h"

namespace mavis::macro {
namespace {

constexpr unsigned kDensities = 256;

// 64 bits, each 1 with probability density / 256: bit by bit of the density, lowest first, one word of even
// odds is joined by or (1) or and (0).
std::uint64_t word(std::uint64_t seed, std::uint32_t which, std::uint64_t address, unsigned density) {
  if (density >= kDensities) return ~std::uint64_t{0};
  std::uint64_t bits = 0;
  for (std::uint32_t level = 0; level < 8; ++level) {
    const bool one = (density >> level) & 1;
    if (!one && bits == 0) continue;
    const std::uint64_t even = bit_draw(seed, Stream::data, 8 * which + level, address);
    bits = one ? bits | even : bits & even;
  }
  return bits;
}

}  // namespace

std::vector<Bits> random_rows(std::uint64_t seed, const Spec& spec, double density) {
  std::vector<Bits> rows;
  for (int row = 0; row < spec.rows; ++row) {
    Bits& bits = rows.emplace_back(static_cast<std::size_t>(2 * spec.columns_per_half), 1);
    if (row + 1 == spec.rows) break;
    for (std::size_t j = 0; j < bits.size(); ++j)
      bits[j] = uniform_draw(seed, Stream::data, static_cast<std::uint32_t>(row),
                             hash64(fmt::format("row {}", j))) < density;
  }
  return rows;
}

CountedCodes::CountedCodes(const MacroModel& model, const Chip& chip, const ComparatorProcedure& procedure,
                           const std::vector<Bits>& rows, double density, Fidelity fidelity)
    : columns_(model.spec.columns_per_half),
      bits_(model.spec.adc_bits),
      density_(static_cast<unsigned>(std::lround(density * kDensities))),
      chip_(chip.index()) {
  const Comparator comparator = calibrate(model.comparator, chip, 0, procedure).comparator;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const auto of = [&](Half half) { return half_row(model, chip, 0, half, static_cast<int>(r), rows[r]); };
    const std::array halves = {of(Half::left), of(Half::right)};
    Row& row = rows_.emplace_back();
    for (std::size_t half : {0, 1}) {
      const Decisions decisions(model, halves[1 - half], comparator);
      row.stored[half] = packed(halves[half].stored());
      if (fidelity == Fidelity::detailed)
        row.detailed.emplace_back(model, halves[half], decisions);
      else
        row.fast.emplace_back(model, halves[half], decisions, density_ / static_cast<double>(kDensities));
    }
  }
}

std::array<InputPlanes, 2> CountedCodes::inputs(std::uint64_t seed, std::uint64_t number) const {
  std::array planes = {InputPlanes(columns_, kBlock), InputPlanes(columns_, kBlock)};
  for (std::uint32_t half : {0U, 1U})
    for (int v = 0; v < planes[half].words(); ++v) {
      const int used = std::min(64, columns_ - 64 * v);
      const std::uint64_t mask = used == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << used) - 1;
      for (std::size_t i = 0; i < kBlock; ++i)
        planes[half].word(v)[i] =
            mask & word(seed, 2 * static_cast<std::uint32_t>(v) + half + 2, number * kBlock + i, density_);
    }
  return planes;
}

void CountedCodes::count(std::uint64_t seed, std::uint64_t number, std::span<std::int64_t> counts) const {
  const std::array<InputPlanes, 2> given = inputs(seed, number);
  std::vector<std::uint16_t> codes(kBlock);
  for (std::size_t r = 0; r < rows_.size(); ++r)
    for (std::size_t half : {0, 1}) {
      const Row& row = rows_[r];
      const NoiseSource noise{seed, chip_, hash64(fmt::format("u0.{}.r{}", half, r))};
      if (row.fast.empty())
        row.detailed[half].convert(given[half], &noise, number * kBlock, codes);
      else
        row.fast[half].convert(given[half], noise, number * kBlock, codes);
      const std::uint64_t* bits = given[half].data();
      for (std::size_t i = 0; i < kBlock; ++i) {
        std::size_t products = 0;
        for (std::size_t v = 0; v < row.stored[half].size(); ++v)
          products += static_cast<std::size_t>(std::popcount(bits[v * kBlock + i] & row.stored[half][v]));
        ++counts[(products << bits_) + codes[i]];
      }
    }
}

double wrong(std::span<const std::int64_t> counts, std::size_t codes) {
  std::int64_t all = 0, right = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    all += counts[i];
    if (i / codes == i % codes) right += counts[i];
  }
  return all > 0 ? 1 - static_cast<double>(right) / static_cast<double>(all) : 0;
}

}  // namespace mavis::macro
