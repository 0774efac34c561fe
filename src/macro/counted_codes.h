// Conversions of random data on a chip, counted: what chip_codes.h computes, by simulation.
//
// Data: rows are given; inputs are independent bits, 1 with probability `density` (a multiple of 1/256),
// drawn by address (Stream::data). A block is kBlock inputs, given to both halves of every row. Counts of a
// block depend on nothing but its number. Immutable, thread-safe.
#pragma once

#include <span>
#include <vector>

#include "macro/chip_codes.h"
#include "macro/fast_row.h"

namespace mavis::macro {

enum class Fidelity { detailed, fast };

// `rows` of 2 N random bits, 1 with probability `density`, the same for every chip; the last one holds ones.
std::vector<Bits> random_rows(std::uint64_t seed, const Spec& spec, double density);

class CountedCodes {
 public:
  static constexpr std::size_t kBlock = 4096;

  CountedCodes(const MacroModel& model, const Chip& chip, const ComparatorProcedure& procedure,
               const std::vector<Bits>& rows, double density, Fidelity fidelity);

  std::size_t conversions() const { return 2 * rows_.size() * kBlock; }  // of a block
  // Adds those of block `number`, row-major products x code. REQUIRES (N + 1) 2^adc_bits numbers.
  void count(std::uint64_t seed, std::uint64_t number, std::span<std::int64_t> counts) const;

 private:
  struct Row {
    std::array<std::vector<std::uint64_t>, 2> stored;  // by half
    std::vector<DetailedRow> detailed;                 // by half; one of the two is empty
    std::vector<FastRow> fast;
  };
  std::array<InputPlanes, 2> inputs(std::uint64_t seed, std::uint64_t number) const;  // by half

  int columns_, bits_;
  unsigned density_;  // of 256
  std::uint32_t chip_;
  std::vector<Row> rows_;
};

// Fraction of counted codes that differ from the number of products.
double wrong(std::span<const std::int64_t> counts, std::size_t codes);

}  // namespace mavis::macro
