// Comparators of chips as ngspice measures them one by one, at the settings that their calibration found.
#pragma once

#include <vector>

#include "macro/chip.h"
#include "plan/bench.h"
#include "plan/rounds.h"
#include "validate/validation_plan.h"

namespace mavis::validate {

// Common modes over vdd, ascending: dense where the halves of a rail-to-rail comparator change over.
std::vector<double> threshold_common_modes();

// The comparator of a uArray of the plan's chip, its thresholds at all of the plan's common modes: linear
// between those that were found where one was not. Empty where none was found.
macro::Curve measured_thresholds(const ValidationPlan& plan, const plan::Results& results, std::size_t chip,
                                 int array);

}  // namespace mavis::validate
