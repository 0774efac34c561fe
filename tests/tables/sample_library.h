// A small library with everything that a library can hold, for the tests of this folder.
#pragma once

#include <cmath>
#include <string>

#include "tables/library.h"

namespace mavis::tables {

inline Axis corner_axis() {
  return {"corner", "", "process corner", {}, {"tt", "ss"}};
}
inline Axis vdd_axis() {
  return {"vdd", "V", "supply", {0.9, 1.0, 1.1}};
}

inline Table delay_table() {
  const double nan = std::nan("");
  Table t{"line/delay", "s", "delay to 10 %", Scale::log, {corner_axis(), vdd_axis()}};
  t.values = {3e-10, 2.1e-10, 1.7e-10, 5e-10, 0.1 + 0.2, nan};
  t.status = {Status::ok, Status::ok, Status::ok, Status::ok, Status::ok, Status::failed};
  t.n = {16, 16, 15, 16, 16, 0};
  t.method = {Method::plain, Method::sobol, Method::linear, Method::curved, Method::plain, Method::plain};
  t.planes["stderr"] = {0.01, 0.02, 0.03, 0.04, 5e-324, nan};
  t.planes["sigma"] = {0.1, 0.2, 0.3, 0.4, 0.5, nan};
  t.planes["nominal"] = {3e-10, 2e-10, 1e-10, 4e-10, 2e-10, 1e-10};
  t.parameters = {"line_parameter", "", "device parameter", {}, {"xcell.mpd:vth", "xcell.mpd:beta"}};
  t.response = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, nan, nan};
  t.bend = {0, 0, 0, 1, 0, 0, 0, -1, 0, 0, nan, nan};
  t.interpolation_error = InterpolationError{0.0125, "vdd"};
  t.noise_floor = NoiseFloor{0.003, 4};
  return t;
}

inline Library sample_library() {
  Library library("mf_8x62");
  library.put(delay_table());
  Table level{"line/level", "V", "level µ", Scale::linear, {vdd_axis()}, {0.5, -0.0, 0.7}};
  library.put(level);
  library.put({"leakage/total", "A", "one number", Scale::linear, {}, {2e-9}});
  library.provenance.facts = {{"mavis_version", "0.1.0"}, {"zeta", "first"}, {"alpha", ""}};
  for (int i = 0; i < 12; ++i) library.provenance.facts.emplace_back("option" + std::to_string(i), "x");
  library.provenance.files = {{"netlists/bitcells/8t.cir", "* 8T\n.subckt cell a b\n.ends\n"},
                              {"netlists/empty.cir", ""},
                              {"plan", std::string(100000, 'p')}};
  library.failures = {{"line", "ss 0.9 V", 3, "timestep too small", "line-3.cir"},
                      {"line", "tt 1 V", 1, "", ""}};
  library.sensitivities = {{"line/delay", 1, "xcell.mpd:beta", 0.8, -0.5, 4}};
  return library;
}

}  // namespace mavis::tables
