// One row of one half against its converter, by its code rates: a code is drawn from P(code | products),
// which holds the chip's static errors, the spread over data and temporal noise. In distribution it is
// DetailedRow for independent input bits of the given density; which columns hold the products is not known
// to it, so the same input twice gives errors that don't belong together. Immutable, thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "macro/code_rates.h"
#include "macro/detailed_row.h"

namespace mavis::macro {

class FastRow {
 public:
  // `density` of ones among the inputs; REQUIRES at most 10 bits.
  FastRow(const MacroModel& model, const HalfRow& computing, const Decisions& decisions, double density);

  // P(code | products) as drawn, by code, to 2^-32; REQUIRES that the row can have so many products.
  std::vector<double> rates(int products) const;

  // As DetailedRow::convert.
  void convert(const InputPlanes& inputs, const NoiseSource& noise, std::uint64_t first,
               std::span<std::uint16_t> codes) const;

 private:
  int bits_;
  std::vector<std::uint64_t> stored_;
  std::vector<std::uint32_t> alias_;
};

}  // namespace mavis::macro
