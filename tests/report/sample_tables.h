// Tables with numbers that are easy to check by hand.
#pragma once

#include <limits>

#include "tables/library.h"

namespace mavis::report {

inline constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// On a log scale; the last cell was not reached within the window, the one before lost a sample.
inline tables::Table delay_table() {
  using tables::Status;
  tables::Table t{
      .name = "line/delay", .unit = "s", .long_name = "delay to 10 %", .scale = tables::Scale::log};
  t.axes = {{.name = "corner", .labels = {"ss", "tt"}},
            {.name = "vdd", .unit = "V", .values = {0.9, 1.0, 1.1}}};
  t.values = {500e-12, 400e-12, 300e-12, 300e-12, 200e-12, kNone};
  t.status = {Status::ok, Status::ok, Status::ok, Status::ok, Status::failed, Status::censored};
  t.n = {16, 16, 16, 16, 15, 2};
  t.planes["stderr"] = {0.01, 0.01, 0.01, 0.01, 0.02, kNone};
  t.planes["sigma"] = {0.04, 0.04, 0.04, 0.04, 0.08, kNone};
  t.planes["sigma_stderr"] = {0.008, 0.008, 0.008, 0.008, 0.016, kNone};
  t.interpolation_error = tables::InterpolationError{0.0125, "vdd"};
  t.noise_floor = tables::NoiseFloor{0.003, 4};
  return t;
}

inline tables::Table level_table() {
  tables::Table t{.name = "line/level", .unit = "V", .long_name = "level"};
  t.axes = {{.name = "vdd", .unit = "V", .values = {0.9, 1.0, 1.1}},
            {.name = "hold_voltage", .unit = "V", .values = {0.5, 0.6}}};
  t.values = {0.01, 0.02, 0.03, 0.04, 0.05, 0.06};
  return t;
}

inline tables::Library sample_library() {
  tables::Library library("mf_8x62");
  library.put(delay_table());
  library.put(level_table());
  tables::Table current{.name = "leakage/total", .unit = "A", .long_name = "one number"};
  current.values = {2e-9};
  current.n = {16};
  library.put(current);
  library.provenance.facts = {{"mavis_version", "0.1.0"}, {"campaign", "samples = 16\nseed = 1\n"}};
  library.provenance.files = {{"netlists/cell.cir", "* cell\n"}};
  library.failures = {{"line", "tt 1 V", 3, "timestep too small", "failed/x.cir"}};
  return library;
}

}  // namespace mavis::report
