// One quantity's table from the results of a plan.
#pragma once

#include <map>

#include "plan/looks.h"
#include "plan/plan.h"
#include "run/execute.h"
#include "tables/table.h"

namespace mavis::distill {

// Of every point of a bench whose samples grow by look; empty for other benches.
using Spreads = std::map<std::size_t, plan::PointSpread>;
Spreads spreads_of(const plan::Plan& plan, const run::LoggedResults& results, const plan::Bench& bench);

tables::Table make_table(const plan::Plan& plan, const run::LoggedResults& results, const plan::Bench& bench,
                         const plan::Quantity& quantity, const Spreads& spreads);

}  // namespace mavis::distill
