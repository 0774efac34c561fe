#include "stats/screening.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <stdexcept>

#include "stats/sobol.h"
#include "util/draws.h"

namespace mavis::stats {

std::vector<Shift> screening_step_1(std::size_t parameters) {
  std::vector<Shift> shifts = {{}};
  for (std::size_t i = 0; i < parameters; ++i) shifts.push_back({{i, 1.0}});
  return shifts;
}

std::vector<std::size_t> active_parameters(std::size_t parameters, std::span<const ShiftedRun> runs) {
  std::map<Shift, double> values;
  for (const ShiftedRun& run : runs) values[run.shift] = run.value;
  const auto centre = values.find({});
  if (centre == values.end()) throw std::invalid_argument("screening needs the centre");
  std::vector<double> squared(parameters, std::numeric_limits<double>::quiet_NaN());
  double all = 0;
  for (std::size_t i = 0; i < parameters; ++i)
    if (const auto moved = values.find({{i, 1.0}}); moved != values.end()) {
      squared[i] = std::pow(moved->second - centre->second, 2);
      all += squared[i];
    }
  std::vector<std::size_t> active, unknown;
  for (std::size_t i = 0; i < parameters; ++i) {
    if (std::isnan(squared[i]))
      unknown.push_back(i);
    else if (squared[i] > kActiveShare * all)
      active.push_back(i);
  }
  std::stable_sort(active.begin(), active.end(),
                   [&](std::size_t a, std::size_t b) { return squared[a] > squared[b]; });
  active.insert(active.end(), unknown.begin(), unknown.end());
  return active;
}

std::vector<Shift> screening_step_2(std::span<const std::size_t> active, std::size_t most) {
  std::vector<Shift> shifts;
  for (const std::size_t i : active) shifts.push_back({{i, -1.0}});
  std::size_t paired = 0;
  while (paired * (paired + 1) / 2 <= active.size() && paired < active.size()) ++paired;
  for (std::size_t j = 1; j < paired; ++j)
    for (std::size_t i = 0; i < j; ++i)
      shifts.push_back({{std::min(active[i], active[j]), 1.0}, {std::max(active[i], active[j]), 1.0}});
  if (shifts.size() > most) shifts.resize(most);
  return shifts;
}

std::vector<double> sample_draws(std::uint64_t seed, std::uint32_t replicate, std::uint32_t index,
                                 std::size_t parameters, std::span<const std::size_t> active) {
  std::vector<double> z(parameters);
  const std::uint64_t place = (std::uint64_t{replicate} << 32) | index;
  for (std::size_t i = 0; i < parameters; ++i)
    z[i] = normal_draw(seed, Stream::scramble, static_cast<std::uint32_t>(i), place, 1);
  for (std::uint32_t k = 0; k < active.size(); ++k) z.at(active[k]) = sobol_normal(seed, replicate, index, k);
  return z;
}

}  // namespace mavis::stats
