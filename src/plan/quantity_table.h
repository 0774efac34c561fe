// The table that a quantity of a bench fills, before any number is in it. Pure, thread-safe.
#pragma once

#include <string>
#include <vector>

#include "plan/bench.h"
#include "tables/table.h"

namespace mavis::plan {

// Corner, supply and temperature: the first axes of every table.
std::vector<tables::Axis> pvt_axes(const std::vector<std::string>& corners, const std::vector<double>& vdd,
                                   const std::vector<double>& temp_c);

// Name, unit, scale and axes: `pvt`, then the bench's conditions that the quantity varies with, then the
// quantity's inner ones.
tables::Table empty_table(const Bench& bench, const Quantity& quantity, const Subject& subject,
                          std::vector<tables::Axis> pvt);

// Is the quantity measured there?
bool exists_at(const Quantity& quantity, const Condition& condition);

}  // namespace mavis::plan
