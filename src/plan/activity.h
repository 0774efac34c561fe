// Which device parameters matter: judged by the responses at the reference PVT point. Pure, thread-safe.
#pragma once

#include <span>
#include <vector>

#include "plan/bench.h"

namespace mavis::plan {

// What is measured of one point to tell how much each parameter matters; nullptr: no result.
struct Screening {
  const Measurement* centre = nullptr;
  std::vector<std::pair<const Measurement*, const Measurement*>> moved;  // +1 and -1 sigma, by parameter
};

// Positions of the parameters that have more than stats::kActiveShare of the squared gradient of some cell of
// some responding quantity at some point, the largest share first (ties: by position).
std::vector<std::size_t> active_parameters(const std::vector<Quantity>& quantities,
                                           std::span<const Screening> points, std::size_t parameters);

}  // namespace mavis::plan
