// Sobol's low-discrepancy sequence in base 2 with Owen's nested uniform scrambling. Every coordinate is
// addressed, not streamed: it depends on its arguments alone, whatever was asked before. Thread-safe.
//
// Sequence: Sobol, USSR Comput. Math. Math. Phys. 7(4), 86 (1967) in binary order of the index, with the
// direction numbers of Joe and Kuo, SIAM J. Sci. Comput. 30, 2635 (2008), as Boost.Random tabulates them.
// Scrambling: Owen, "Monte Carlo variance of scrambled net quadrature", SIAM J. Numer. Anal. 34, 1884 (1997):
// digit k of a coordinate is flipped by a bit that belongs to its first k-1 digits. That bit is a hash of
// those digits (the idea of Burley, "Practical hash-based Owen scrambling", JCGT 9(4), 2020; but hashed digit
// by digit, so that the flips are independent), so nothing is stored and points can be added at any time.
#pragma once

#include <cstdint>

namespace mavis::stats {

// Dimensions are 0 <= dimension < kSobolDimensions.
inline constexpr std::uint32_t kSobolDimensions = 3667;

// The unscrambled coordinate times 2^32. Throws std::invalid_argument for a dimension out of range.
std::uint32_t sobol_digits(std::uint32_t index, std::uint32_t dimension);

// Uniform in (0, 1). Replicates (and seeds) are scrambled independently of each other; within one, the first
// 2^m points have one in each interval of length 2^-m of every dimension. Throws std::invalid_argument for a
// dimension out of range.
double sobol_uniform(std::uint64_t seed, std::uint32_t replicate, std::uint32_t index,
                     std::uint32_t dimension);

// The same as a standard normal.
double sobol_normal(std::uint64_t seed, std::uint32_t replicate, std::uint32_t index,
                    std::uint32_t dimension);

}  // namespace mavis::stats
