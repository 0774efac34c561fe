#include "macro/operation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "util/hash.h"

namespace mavis::macro {
std::int64_t multiplication_free(const Vector& w, const Vector& x) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < w.size(); ++i)
    sum += (x[i] > 0 ? 1 : -1) * std::abs(w[i]) + (w[i] > 0 ? 1 : -1) * std::abs(x[i]);
  return sum;
}

std::vector<int> planes_of(const Precision& precision) {
  std::vector<int> planes;
  for (int plane = 0; plane < kPlanes; ++plane) {
    const int bits = is_input_plane(plane) ? precision.input_bits : precision.weight_bits;
    if (plane % kMagnitudeBits >= kMagnitudeBits + 1 - bits) planes.push_back(plane);
  }
  return planes;
}

int kept_magnitude(int value, int bits) {
  const int dropped = kMagnitudeBits + 1 - bits;
  return std::abs(value) >> dropped << dropped;
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
  const auto columns = static_cast<std::size_t>(spec.data_columns());
  return static_cast<int>((length + columns - 1) / columns);
}

Vector tile_of(const Vector& v, int tile, const Spec& spec) {
  const auto columns = static_cast<std::size_t>(spec.data_columns());
  const std::size_t begin = static_cast<std::size_t>(tile) * columns,
                    end = std::min(v.size(), begin + columns);
  return {v.begin() + static_cast<std::ptrdiff_t>(begin), v.begin() + static_cast<std::ptrdiff_t>(end)};
}

std::vector<Bits> weight_rows(const Vector& w, const Spec& spec) {
  std::vector<Bits> rows(static_cast<std::size_t>(spec.rows),
                         Bits(static_cast<std::size_t>(spec.data_columns()), 0));
  for (std::size_t j = 0; j < w.size(); ++j) {
    for (int r = 0; r < kMagnitudeBits; ++r) rows[static_cast<std::size_t>(r)][j] = (std::abs(w[j]) >> r) & 1;
    rows[kStepRow][j] = w[j] > 0;
  }
  return rows;
}

std::vector<Bits> ones_rows(std::size_t length, const Spec& spec) {
  std::vector<Bits> rows(static_cast<std::size_t>(spec.rows),
                         Bits(static_cast<std::size_t>(spec.data_columns()), 0));
  std::fill_n(rows[kStepRow].begin(), length, 1);
  return rows;
}

UArray::UArray(const MacroModel& model, const Chip& chip, int index, const std::vector<Bits>& rows,
               std::optional<std::uint64_t> noise_seed, const ArraySetup& setup)
    : model_(&model),
      comparator_(calibrate(model.comparator, chip, index, setup.comparator).comparator),
      noise_seed_(noise_seed),
      chip_(chip.index()),
      index_(index),
      has_data_(static_cast<std::size_t>(2 * model.spec.columns_per_half), 1) {
  for (int column : setup.discarded) has_data_[static_cast<std::size_t>(column)] = 0;
  for (int row = 0; row < kRowsNeeded; ++row) {
    const Bits stored = placed(rows[static_cast<std::size_t>(row)]);
    const auto& [left, right] =
        rows_.emplace_back(std::array{half_row(model, chip, index, Half::left, row, stored),
                                      half_row(model, chip, index, Half::right, row, stored)});
    compiled_.push_back({DetailedRow(model, left, Decisions(model, right, comparator_)),
                         DetailedRow(model, right, Decisions(model, left, comparator_))});
  }
  for (const Bits& row : rows)
    for (char bit : placed(row)) ++(bit ? ones_ : zeros_);
}

Bits UArray::placed(const Bits& data) const {
  Bits all(has_data_.size());
  place(data, 0, all);
  return all;
}

void UArray::place(const Bits& data, std::size_t first, Bits& to) const {
  auto next =
      data.begin() + std::count(has_data_.begin(), has_data_.begin() + static_cast<std::ptrdiff_t>(first), 1);
  for (std::size_t column = 0; column < to.size(); ++column)
    to[column] = has_data_[first + column] ? *next++ : 1;
}

std::vector<Conversion> UArray::operate(int row, Half half, std::string_view name,
                                        const std::vector<Bits>& inputs, Ledger& ledger) const {
  const auto r = static_cast<std::size_t>(row), own = static_cast<std::size_t>(half);
  const HalfRow& computing = rows_[r][own];
  const std::size_t n = inputs.size();
  const int columns = model_->spec.columns_per_half;
  const std::size_t first = half == Half::left ? 0 : static_cast<std::size_t>(columns);
  InputPlanes planes(columns, n);
  std::vector<Conversion> found(n);
  std::vector<std::array<int, 3>> kinds(n);  // products, input ones, code
  Bits input(static_cast<std::size_t>(columns));
  for (std::size_t i = 0; i < n; ++i) {
    place(inputs[i], first, input);
    planes.set(i, input);
    const Counts counts = count(computing.stored(), input);
    found[i].products = counts.products;
    kinds[i] = {counts.products, counts.products + counts.zeros[0], 0};
  }
  std::vector<std::uint16_t> codes(n);
  std::vector<float> levels(n);
  const NoiseSource noise{noise_seed_.value_or(0), chip_,
                          hash64(fmt::format("u{}.{}.{}", index_, name_of(half), name))};
  compiled_[r][own].convert(planes, noise_seed_ ? &noise : nullptr, 0, codes, levels);
  for (std::size_t i = 0; i < n; ++i) {
    found[i].code = kinds[i][2] = codes[i];
    found[i].level = static_cast<double>(levels[i]);
  }

  // Energy: once for all operations of equal counts and code, at their nominal level.
  std::sort(kinds.begin(), kinds.end());
  const auto ones = static_cast<int>(std::count(computing.stored().begin(), computing.stored().end(), 1));
  for (auto kind = kinds.begin(); kind != kinds.end();) {
    const auto next = std::upper_bound(kind, kinds.end(), *kind);
    const auto [products, input_ones, code] = *kind;
    const int on = input_ones - products;
    const Counts counts{.products = products, .zeros = {on, ones - products, columns - ones - on}};
    Ledger once;
    model_->energies.add_mav(once, counts);
    add_conversion(*model_, rows_[r][1 - own], code, model_->levels.mav(counts), model_->levels.droop(counts),
                   once);
    ledger.add(once, static_cast<double>(next - kind));
    kind = next;
  }
  return found;
}

void UArray::add_leakage(double seconds, Ledger& ledger) const {
  model_->energies.add_leakage(ledger, zeros_, ones_, seconds);
}

}  // namespace mavis::macro
