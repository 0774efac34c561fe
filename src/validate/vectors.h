// What one conversion of a uArray works on: a weight bit plane against an input plane in one half, and what
// the other half stores, whose lines make the reference. Pure, thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "macro/operation.h"

namespace mavis::validate {

struct Vector {
  macro::Bits stored, input;  // of the half that computes
  macro::Bits dac_stored;     // of the half that converts, same row
  // Where: devices have the draws of that place of the chip.
  int array = 0, row = 0;
  macro::Half half = macro::Half::left;  // that computes
};

// `count` vectors of N = `columns` columns with random bits in row 0 of the left half, addressed by (seed,
// Stream::noise, number of the vector). Vector i has products with a probability of (i + 1/2) / count a
// column, so that levels are met from the first to the last, stored and input bits as often as each other,
// and the other half ones with a probability of its own.
std::vector<Vector> random_vectors(std::uint64_t seed, int count, int columns);

// One w (+) x of 8-bit numbers over one uArray, as operation.h evaluates it: weights in uArray `array`, the
// row of ones in the next one.
struct Word {
  macro::Vector w, x;
  int array = 0;
};

// Random numbers of -127..127; word i in uArrays 2 i and 2 i + 1.
std::vector<Word> random_words(std::uint64_t seed, int count, const macro::Spec& spec);
// The conversions of a word in a fixed order: 2 halves x (planes w0..x6, then ones with x0..x6).
std::vector<Vector> vectors_of(const Word& word, const macro::Spec& spec);
// Its result from their codes.
std::int64_t result_of(const Word& word, const std::vector<int>& codes);

}  // namespace mavis::validate
