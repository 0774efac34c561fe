// Standard normals from 32 uniform bits by table: the normal quantile in cubic pieces.
//
// A word's lower 31 bits v stand for p = (v + 1/2) / 2^32, its highest bit for the half of the distribution.
// f = v + 1/2 in single precision falls into a piece by its exponent and its kSplit highest bits of mantissa;
// the rest of the mantissa, as a whole number t, is what the piece's polynomial takes. Numbers reach from
// -6.34 to 6.34; temporal noise of 4 billion decisions holds one such.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace mavis::macro {

inline constexpr double kMostNormal = 6.35;

struct NormalPieces {
  static constexpr int kSplit = 4, kShift = 23 - kSplit;
  static constexpr std::uint32_t kFirst = 126U << kSplit;     // bits of 0.5 >> kShift
  static constexpr std::size_t kCount = (33U << kSplit) + 1;  // up to 2^31, to which v may be rounded
  std::array<std::array<float, kCount>, 4> c;                 // by power of t
};

// Built at the first use. Thread-safe.
const NormalPieces& normal_pieces();

}  // namespace mavis::macro
