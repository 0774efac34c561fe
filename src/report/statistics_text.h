// How well a library knows its spreads, and what that took, for people: of tables whose samples were taken
// until a spread was known. Pure, thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "tables/library.h"

namespace mavis::report {

// Has it such tables?
bool has_statistics(const tables::Library& library);

// Of each such table at its typical cell: mean, sigma, skew and quantiles with their intervals, samples,
// simulations, method and the factor against plain Monte Carlo; below, what was not reached or had no
// surrogate. `of` (a bench or a table) restricts them.
std::string statistics_text(const tables::Library& library, std::string_view of = "");

}  // namespace mavis::report
