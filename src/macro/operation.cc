#include "macro/operation.h"

#include <algorithm>
#include <cstdlib>

namespace mavis::macro {
namespace {

HalfRow half_row(const MacroModel& model, const Chip& chip, int array, Half half, int row,
                 const Bits& stored) {
  const auto begin = stored.begin() + (half == Half::left ? 0 : model.spec.columns_per_half);
  return {model.responses,
          model.levels,
          chip,
          array,
          half,
          row,
          Bits(begin, begin + model.spec.columns_per_half)};
}

}  // namespace

std::int64_t multiplication_free(const Vector& w, const Vector& x) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < w.size(); ++i)
    sum += (x[i] > 0 ? 1 : -1) * std::abs(w[i]) + (w[i] > 0 ? 1 : -1) * std::abs(x[i]);
  return sum;
}

bool is_input_plane(int plane) {
  return plane >= kMagnitudeBits;
}

int row_of(int plane) {
  return is_input_plane(plane) ? kStepRow : plane;
}

int weight_of(int plane) {
  return 1 << (plane % kMagnitudeBits);
}

Bits input_bits(const Vector& tile, int plane, int columns) {
  Bits bits(static_cast<std::size_t>(columns), 0);
  for (std::size_t j = 0; j < tile.size(); ++j)
    bits[j] = is_input_plane(plane) ? (std::abs(tile[j]) & weight_of(plane)) != 0 : tile[j] > 0;
  return bits;
}

int tiles_of(std::size_t length, const Spec& spec) {
  const auto columns = static_cast<std::size_t>(2 * spec.columns_per_half);
  return static_cast<int>((length + columns - 1) / columns);
}

Vector tile_of(const Vector& v, int tile, const Spec& spec) {
  const auto columns = static_cast<std::size_t>(2 * spec.columns_per_half);
  const std::size_t begin = static_cast<std::size_t>(tile) * columns,
                    end = std::min(v.size(), begin + columns);
  return {v.begin() + static_cast<std::ptrdiff_t>(begin), v.begin() + static_cast<std::ptrdiff_t>(end)};
}

std::vector<Bits> weight_rows(const Vector& w, const Spec& spec) {
  std::vector<Bits> rows(static_cast<std::size_t>(spec.rows),
                         Bits(static_cast<std::size_t>(2 * spec.columns_per_half), 0));
  for (std::size_t j = 0; j < w.size(); ++j) {
    for (int r = 0; r < kMagnitudeBits; ++r) rows[static_cast<std::size_t>(r)][j] = (std::abs(w[j]) >> r) & 1;
    rows[kStepRow][j] = w[j] > 0;
  }
  return rows;
}

std::vector<Bits> ones_rows(std::size_t length, const Spec& spec) {
  std::vector<Bits> rows(static_cast<std::size_t>(spec.rows),
                         Bits(static_cast<std::size_t>(2 * spec.columns_per_half), 0));
  std::fill_n(rows[kStepRow].begin(), length, 1);
  return rows;
}

UArray::UArray(const MacroModel& model, const Chip& chip, int index, const std::vector<Bits>& rows,
               std::optional<std::uint64_t> noise_seed, const ComparatorProcedure& procedure)
    : model_(&model),
      comparator_(calibrate(model.comparator, chip, index, procedure).comparator),
      noise_(noise_seed, chip.index(), index) {
  for (int row = 0; row < kRowsNeeded; ++row) {
    const Bits& stored = rows[static_cast<std::size_t>(row)];
    rows_.push_back({half_row(model, chip, index, Half::left, row, stored),
                     half_row(model, chip, index, Half::right, row, stored)});
  }
  for (const Bits& row : rows)
    for (char bit : row) ++(bit ? ones_ : zeros_);
}

Conversion UArray::operate(int row, Half half, const Bits& input, std::uint64_t operation,
                           Ledger& ledger) const {
  const std::array<HalfRow, 2>& halves = rows_[static_cast<std::size_t>(row)];
  const auto begin = input.begin() + (half == Half::left ? 0 : model_->spec.columns_per_half);
  return convert(*model_, halves[static_cast<std::size_t>(half)],
                 halves[static_cast<std::size_t>(other(half))],
                 Bits(begin, begin + model_->spec.columns_per_half), comparator_, noise_, operation, ledger);
}

void UArray::add_leakage(double seconds, Ledger& ledger) const {
  model_->energies.add_leakage(ledger, zeros_, ones_, seconds);
}

}  // namespace mavis::macro
