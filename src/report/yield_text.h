// The answer of a yield estimate, for people. Pure, thread-safe.
#pragma once

#include <string>
#include <vector>

#include "stats/failure_probability.h"

namespace mavis::report {

// A line each: the probability with its interval and verdict, runs by stage with the factor against plain
// Monte Carlo, the cross-check, the most probable failure points with the parameters that make them, notes.
// `parameters` are the names of a failure point's z.
std::string yield_text(const stats::FailureResult& result, const std::vector<std::string>& parameters);

// "ok", "inconsistent", "bounded", "not reached"
std::string verdict_text(stats::FailureResult::Verdict verdict);

}  // namespace mavis::report
