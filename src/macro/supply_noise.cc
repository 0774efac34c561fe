#include "macro/supply_noise.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "util/error.h"

namespace mavis::macro {
namespace {

constexpr double kStep = 0.02;  // of the supply, to either side: tables are smooth there

// Both ends of a step about `value` within the axis.
std::pair<double, double> around(const PointTables& tables, const char* table, const char* name,
                                 double value) {
  const std::vector<double>& nodes = tables.axis(table, name).values;
  if (nodes.size() < 2)
    throw InputError(
        fmt::format("{}: the library has one {} only; supply noise needs its slope: characterize two or more",
                    table, name));
  return {std::max(nodes.front(), value * (1 - kStep)), std::min(nodes.back(), value * (1 + kStep))};
}

double mean_level(const Levels& levels, int products) {
  double sum = 0;
  for (std::size_t zero = 0; zero < 3; ++zero) sum += levels.mav_by_counts().at(products, zero) / 3;
  return sum;
}

// A line's charge after a product, when the cell's supply was `hold` until then.
double charge_after(const PointTables& tables, Spec spec, int stored, int input, double hold) {
  const tables::Point charge = charge_place(spec, input, 0);
  spec.hold_voltage = hold;
  const double level = tables.nominal("product_line/level", product_place(spec, stored, input));
  tables::Point place = charge;
  place["level"] = std::clamp(level / tables.pvt().vdd, 0.0, 1.0);
  return tables.nominal("line_charge/charge", place);
}

}  // namespace

SampledSupply sampled_supply(const PointTables& tables, const Spec& spec, const Levels& levels,
                             const SupplyNoise& noise) {
  SampledSupply sampled;
  if (!noise.any()) return sampled;
  const int columns = levels.columns();
  sampled.level.resize(static_cast<std::size_t>(columns + 1));
  sampled.reference.resize(static_cast<std::size_t>(columns));
  if (noise.vdd > 0) {
    const auto [low, high] = around(tables, "sum_line/level", "vdd", tables.pvt().vdd);
    const auto at = [&](double vdd) {
      return Levels(PointTables(tables.library(), {tables.pvt().corner, vdd, tables.pvt().temp_c}), spec);
    };
    const Levels below = at(low), above = at(high);
    const double scale = noise.vdd / (high - low);
    for (int k = 0; k <= columns; ++k)
      sampled.level[static_cast<std::size_t>(k)] = scale * (mean_level(above, k) - mean_level(below, k));
    for (int m = 0; m < columns; ++m)
      sampled.reference[static_cast<std::size_t>(m)] =
          std::fabs(scale * (above.reference(m, 0.5) - below.reference(m, 0.5)));
  }
  if (noise.hold > 0) {
    const auto [low, high] = around(tables, "product_line/level", "hold_voltage", spec.hold_voltage);
    const auto slope = [&](int stored, int input) {
      return (charge_after(tables, spec, stored, input, high) -
              charge_after(tables, spec, stored, input, low)) /
             (high - low) / levels.mav_capacitance();
    };
    const double product = slope(1, 1), zero = (slope(0, 1) + slope(1, 0) + slope(0, 0)) / 3;
    for (int k = 0; k <= columns; ++k)
      sampled.level[static_cast<std::size_t>(k)] = std::hypot(
          sampled.level[static_cast<std::size_t>(k)], noise.hold * (k * product + (columns - k) * zero));
  }
  for (double& level : sampled.level) level = std::fabs(level);
  return sampled;
}

}  // namespace mavis::macro
