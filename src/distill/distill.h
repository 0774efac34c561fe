// From run log to library: statistics of the samples, responses, error bounds, failures and provenance.
#pragma once

#include "plan/plan.h"
#include "run/execute.h"
#include "tables/library.h"

namespace mavis::distill {

// Tables of every quantity of every bench of the plan, on axes corner, vdd, temp_c, the bench's conditions
// and the quantity's inner axes. A cell with a sample that gave no number carries the status of that sample:
// failed and unfinished cells hold the statistics of the samples that did, with their n; a censored cell has
// no mean. Pure: the same plan and results give the same library. `program` is the version of this program.
tables::Library distill(const plan::Plan& plan, const run::LoggedResults& results,
                        const std::string& program);

// Lists a request that ngspice could not solve, with the deck that replays it; nothing for any other.
void add_failure(tables::Library& library, const plan::Rounds& plan, const run::LoggedResults& results,
                 const plan::Request& request);

}  // namespace mavis::distill
