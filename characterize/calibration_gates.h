// The sources vcal_<side><bit> of bench netlists with a comparator; shared by benches, not a bench itself.
#pragma once

#include <array>
#include <string_view>

#include "plan/bench.h"

namespace mavis {

// Of the port roles cal_<side>0, cal_<side>1; gates of P devices are on when low.
inline constexpr std::array<const char*, 4> kCalibrationSides = {"n_left", "n_right", "p_left", "p_right"};

// Turns on the devices of a side whose bits are set in `setting`, 0 to 3.
void set_calibration(spice::Session& session, double vdd, std::string_view side, int setting);
// All sides as the job's settings "calibration.<side>" say.
void set_calibration(spice::Session& session, const plan::Probe& probe, double vdd);

}  // namespace mavis
