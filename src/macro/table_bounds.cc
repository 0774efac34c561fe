#include "macro/table_bounds.h"

#include <algorithm>
#include <cmath>

namespace mavis::macro {
namespace {

bool is_node(const tables::Axis* axis, double value) {
  return !axis || std::find(axis->values.begin(), axis->values.end(), value) != axis->values.end();
}

// Of one number of the table, in its unit.
double bound_of(const PointTables& tables, std::string_view name) {
  if (!tables.has(name)) return 0;
  const tables::Table& table = tables.find(name);
  const bool between = !is_node(table.find_axis("vdd"), tables.pvt().vdd) ||
                       !is_node(table.find_axis("temp_c"), tables.pvt().temp_c);
  double bound = between && table.interpolation_error ? table.interpolation_error->value : 0;
  if (table.noise_floor && std::isfinite(table.noise_floor->value)) bound += table.noise_floor->value;
  return bound;
}

}  // namespace

TableBounds table_bounds(const PointTables& tables, int cycles) {
  TableBounds bounds;
  for (const char* name : {"sum_line/level", "cdac/level", "comparator/offset"})
    bounds.level += bound_of(tables, name);

  constexpr const char* kNoise = "comparator_noise/input_noise";
  if (tables.find(kNoise).planes.contains("sigma_stderr"))
    for (double common_mode : tables.axis(kNoise, "common_mode").values) {
      const tables::Point place{{"common_mode", common_mode}};
      const double sigma = tables.plane(kNoise, "sigma", place);
      if (sigma > 0)
        bounds.noise = std::max(bounds.noise, tables.plane(kNoise, "sigma_stderr", place) / sigma);
    }

  const auto drivers = [&](const char* name) {
    return static_cast<double>(tables.axis(name, "driver").labels.size());
  };
  bounds.energy = drivers("sum_line/energy") * bound_of(tables, "sum_line/energy") +
                  cycles * (drivers("cdac/energy") * bound_of(tables, "cdac/energy") +
                            bound_of(tables, "comparator/energy") + bound_of(tables, "sar_logic/energy"));
  return bounds;
}

}  // namespace mavis::macro
