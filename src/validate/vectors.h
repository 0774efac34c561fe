// What one conversion of a uArray works on: a weight bit plane against an input plane in the left half, and
// what the other half stores, whose lines make the reference. Pure, thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "macro/levels.h"

namespace mavis::validate {

struct Vector {
  macro::Bits stored, input;  // of the half that computes
  macro::Bits dac_stored;     // of the half that converts, same row
};

// `count` vectors of N = `columns` columns with random bits, addressed by (seed, Stream::noise, number of the
// vector). Vector i has products with a probability of (i + 1/2) / count a column, so that levels are met
// from the first to the last, stored and input bits as often as each other, and the other half ones with a
// probability of its own.
std::vector<Vector> random_vectors(std::uint64_t seed, int count, int columns);

}  // namespace mavis::validate
