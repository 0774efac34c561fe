// One row of one half against its converter, compiled: what convert() (conversion.h) gives, every cell and
// every decision of its own, at some ten nanoseconds a conversion.
//
// Levels are those of levels.h and deviations.h, summed from tables of four columns each (single precision:
// below a microvolt); decisions are decisions.h's, each with a draw of its own, and one more for the level,
// kT/C, held for the operation. Noise that can turn no decision is not drawn.
// Immutable, thread-safe. Copies share nothing.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "macro/decisions.h"
#include "macro/kernels.h"

namespace mavis::macro {

// Input bits of many operations by word of 64 columns (kernels.h).
class InputPlanes {
 public:
  InputPlanes(int columns, std::size_t operations);
  int words() const { return words_; }
  std::size_t operations() const { return operations_; }
  void set(std::size_t operation, const Bits& bits);  // once; all bits are 0 before
  std::uint64_t* word(int v) { return bits_.data() + static_cast<std::size_t>(v) * operations_; }
  const std::uint64_t* data() const { return bits_.data(); }

 private:
  int words_;
  std::size_t operations_;
  std::vector<std::uint64_t> bits_;
};

// Bits by word of 64, lowest first.
std::vector<std::uint64_t> packed(const Bits& bits);

class DetailedRow {
 public:
  // REQUIRES at most 1024 columns and 10 bits.
  DetailedRow(const MacroModel& model, const HalfRow& computing, const Decisions& decisions);

  // Codes of all operations, the first of which has the number `first`; noise is none without a source.
  // `levels` is empty or gets each level without temporal noise, V. REQUIRES codes.size() ==
  // inputs.operations().
  void convert(const InputPlanes& inputs, const NoiseSource* noise, std::uint64_t first,
               std::span<std::uint16_t> codes, std::span<float> levels = {}) const;

 private:
  int quads() const;
  DetailedKernel kernel() const;

  int columns_, bits_, cycles_;
  float nodes_per_volt_, near_;
  std::vector<std::uint64_t> stored_;
  std::vector<float> level_, drift_, deviations_, threshold_, noise_, level_noise_;
};

}  // namespace mavis::macro
