#include "macro/detailed_row.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include "macro/normal_pieces.h"

namespace mavis::macro {
namespace {

// Levels at which columns' deviations are tabulated, from 0 to vdd: the nodes of line_charge/charge, between
// which they are straight.
constexpr std::size_t kNodes = 11;
constexpr int kGroup = 4, kQuad = 16;  // columns

}  // namespace

InputPlanes::InputPlanes(int columns, std::size_t operations)
    : words_((columns + 63) / 64),
      operations_(operations),
      bits_(static_cast<std::size_t>(words_) * operations) {}

void InputPlanes::set(std::size_t operation, const Bits& bits) {
  for (std::size_t j = 0; j < bits.size(); ++j)
    word(static_cast<int>(j / 64))[operation] |= std::uint64_t{bits[j] != 0} << (j % 64);
}

std::vector<std::uint64_t> packed(const Bits& bits) {
  std::vector<std::uint64_t> words((bits.size() + 63) / 64);
  for (std::size_t j = 0; j < bits.size(); ++j)
    if (bits[j]) words[j / 64] |= std::uint64_t{1} << (j % 64);
  return words;
}

DetailedRow::DetailedRow(const MacroModel& model, const HalfRow& computing, const Decisions& decisions)
    : columns_(static_cast<int>(computing.stored().size())),
      bits_(decisions.bits()),
      cycles_(decisions.cycles()),
      nodes_per_volt_(static_cast<float>((kNodes - 1) / model.vdd)),
      stored_(packed(computing.stored())) {
  if (columns_ > 1024 || bits_ > 10)
    throw std::invalid_argument("a row has at most 1024 columns and 10 bits");
  int ones = 0;
  for (char bit : computing.stored()) ones += bit;
  // Counts that this row can't have stay 0.
  level_.resize(static_cast<std::size_t>((columns_ + 1) * (columns_ + 1)));
  drift_.resize(level_.size());
  for (int k = 0; k <= ones; ++k)
    for (int x = k; x <= columns_ - (ones - k); ++x) {
      const Counts counts{.products = k, .zeros = {x - k, ones - k, columns_ - ones - (x - k)}};
      const auto place = static_cast<std::size_t>(k * (columns_ + 1) + x);
      level_[place] = static_cast<float>(model.levels.mav(counts));
      drift_[place] = static_cast<float>(model.levels.droop(counts) / bits_);
    }
  deviations_.resize(static_cast<std::size_t>(quads()) * kQuad / kGroup * 16 * DetailedKernel::kNodes);
  for (int j = 0; j < columns_; ++j)
    for (std::size_t node = 0; node < kNodes; ++node) {
      const double level = model.vdd * static_cast<double>(node) / (kNodes - 1);
      const auto column = static_cast<std::size_t>(j);
      const std::array adds = {static_cast<float>(computing.column_deviation(column, false, level)),
                               static_cast<float>(computing.column_deviation(column, true, level))};
      for (unsigned inputs = 0; inputs < 1U << kGroup; ++inputs)
        deviations_[(column / kGroup * 16 + inputs) * DetailedKernel::kNodes + node] +=
            adds[(inputs >> (column % kGroup)) & 1];
    }
  double most = 0, most_of_level = 0;
  for (int k = 0; k <= columns_; ++k) {
    level_noise_.push_back(static_cast<float>(model.level_noise(k)));
    most_of_level = std::max(most_of_level, model.level_noise(k));
  }
  for (int cycle = 0; cycle < cycles_; ++cycle)
    for (int so_far = 0; so_far < 1 << cycle; ++so_far) {
      // The trial that asks for the next bit of it.
      const int trial = (2 * so_far + 1) * (1 << (bits_ - 1 - cycle)) - 1;
      threshold_.push_back(static_cast<float>(decisions.threshold(trial)));
      noise_.push_back(static_cast<float>(decisions.noise(trial)));
      most = std::max(most, decisions.noise(trial));
    }
  for (std::vector<float>* numbers : {&threshold_, &noise_})
    numbers->resize(numbers->size() + DetailedKernel::kRoom);
  near_ = static_cast<float>(kMostNormal * (most + most_of_level));
}

int DetailedRow::quads() const {
  return (columns_ + kQuad - 1) / kQuad;
}

DetailedKernel DetailedRow::kernel() const {
  return {.words = static_cast<int>(stored_.size()),
          .columns = columns_,
          .bits = bits_,
          .cycles = cycles_,
          .stored = stored_.data(),
          .level = level_.data(),
          .drift = drift_.data(),
          .deviations = deviations_.data(),
          .quads = quads(),
          .nodes = kNodes,
          .nodes_per_volt = nodes_per_volt_,
          .threshold = threshold_.data(),
          .noise = noise_.data(),
          .level_noise = level_noise_.data(),
          .near = near_};
}

void DetailedRow::convert(const InputPlanes& inputs, const NoiseSource* noise, std::uint64_t first,
                          std::span<std::uint16_t> codes, std::span<float> levels) const {
  convert_detailed(kernel(), inputs.data(), inputs.operations(), codes.size(), noise, first, codes.data(),
                   levels.empty() ? nullptr : levels.data());
}

}  // namespace mavis::macro
