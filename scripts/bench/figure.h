// The line that a bench ends with for each of its figures.
#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <string>

namespace mavis {

// "name value unit goal ok|short"; returns `ok`.
inline bool report(const std::string& name, double value, const std::string& unit, const std::string& goal,
                   bool ok) {
  fmt::print("{} {:.4g} {} {} {}\n", name, value, unit, goal, ok ? "ok" : "short");
  std::fflush(stdout);
  return ok;
}

}  // namespace mavis
