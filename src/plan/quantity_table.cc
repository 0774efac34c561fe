#include "plan/quantity_table.h"

#include <algorithm>

namespace mavis::plan {

std::vector<tables::Axis> pvt_axes(const std::vector<std::string>& corners, const std::vector<double>& vdd,
                                   const std::vector<double>& temp_c) {
  return {{.name = "corner", .long_name = "process corner", .labels = corners},
          {.name = "vdd", .unit = "V", .long_name = "supply", .values = vdd},
          {.name = "temp_c", .unit = "C", .long_name = "temperature", .values = temp_c}};
}

tables::Table empty_table(const Bench& bench, const Quantity& quantity, const Subject& subject,
                          std::vector<tables::Axis> pvt) {
  tables::Table table{.name = bench.name() + "/" + quantity.name,
                      .unit = quantity.unit,
                      .long_name = quantity.long_name,
                      .scale = quantity.scale,
                      .axes = std::move(pvt)};
  table.worse = quantity.worse;
  for (const tables::Axis& axis : bench.conditions(subject))
    if (!quantity.only.contains(axis.name)) table.axes.push_back(axis);
  for (const tables::Axis& axis : quantity.inner) table.axes.push_back(axis);
  return table;
}

bool exists_at(const Quantity& quantity, const Condition& condition) {
  return std::none_of(condition.begin(), condition.end(), [&](const auto& c) {
    const auto found = quantity.only.find(c.first);
    return found != quantity.only.end() && found->second != c.second;
  });
}

}  // namespace mavis::plan
