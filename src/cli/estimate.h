// What a campaign would cost, found by measuring a little of it.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "plan/plan.h"
#include "run/pool.h"

namespace mavis::cli {

struct Estimate {
  std::string bench;
  std::size_t points = 0;          // PVT points x conditions
  std::size_t circuits = 0;        // round 1
  std::size_t samples = 0;         // round 2: nominal circuits and mismatch samples
  std::size_t responses = 0;       // round 2, at the reference PVT point
  std::size_t most_responses = 0;  // round 3: if every device turns out to matter
  double sample_cpu_s = 0;         // measured, the circuit being loaded
  double cpu_s = 0;                // of rounds 1 and 2
  double most_cpu_s = 0;           // of all three
};

// One a bench, in the plan's order; `plan` must be new. Measures each bench's circuit once as it is and once
// with mismatch, at its first point, by one worker; keeps nothing. Empty when `stop` turned true. Throws
// InputError for a deck that ngspice refuses, MachineError when no worker can be started.
std::vector<Estimate> estimate(plan::Plan& plan, run::PoolOptions options, const std::atomic<bool>& stop);

}  // namespace mavis::cli
