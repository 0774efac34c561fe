#include "calibration_gates.h"

#include <fmt/format.h>

namespace mavis {

void set_calibration(spice::Session& session, double vdd, std::string_view side, int setting) {
  for (int bit : {0, 1}) {
    const bool on = (setting >> bit) & 1, active_low = side.front() == 'p';
    session.set_dc(fmt::format("vcal_{}{}", side, bit), on != active_low ? vdd : 0);
  }
}

void set_calibration(spice::Session& session, const plan::Probe& probe, double vdd) {
  for (const char* side : kCalibrationSides)
    set_calibration(session, vdd, side, static_cast<int>(probe.setting(fmt::format("calibration.{}", side))));
}

}  // namespace mavis
