// Which runs find out the parameters that matter, and the points that are then sampled. Pure, thread-safe.
//
//   step 1   the centre and +1 sigma of every parameter                          d + 1 runs
//   step 2   -1 sigma of the active ones, and pairs of the most active           2 a runs at most
//   samples  kReplicates x n scrambled Sobol points
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "stats/surrogate.h"

namespace mavis::stats {

// Eight scramblings leave seven degrees of freedom: a 95 % interval of +-2.4 standard errors. Sixteen of half
// the length were no more exact on anything tried, and gain less from being Sobol points.
inline constexpr std::uint32_t kReplicates = 8;
inline constexpr double kActiveShare = 1e-4;  // of the squared gradient

std::vector<Shift> screening_step_1(std::size_t parameters);

// Parameters with more than kActiveShare of the squared gradient, by falling share (ties: by position).
// `runs` is step 1; of a parameter without a run nothing is known: it counts as active, last.
std::vector<std::size_t> active_parameters(std::size_t parameters, std::span<const ShiftedRun> runs);

// -1 sigma of each, then (+1, +1) of every pair of the most active ones: as many of them as give no more
// pairs than there are active parameters. Of these the first `most`.
std::vector<Shift> screening_step_2(std::span<const std::size_t> active,
                                    std::size_t most = std::numeric_limits<std::size_t>::max());

// All draws of a sample: Sobol coordinates for the active parameters, the first for the most active; for the
// others ordinary draws addressed by (seed, replicate, index, parameter).
std::vector<double> sample_draws(std::uint64_t seed, std::uint32_t replicate, std::uint32_t index,
                                 std::size_t parameters, std::span<const std::size_t> active);

}  // namespace mavis::stats
