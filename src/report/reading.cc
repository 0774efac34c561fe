#include "report/reading.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "stats/moments.h"
#include "util/error.h"
#include "util/units.h"

namespace mavis::report {
namespace {

using tables::Scale;
using tables::Status;
using tables::Table;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// The cell of a point that lies on nodes.
std::optional<std::size_t> cell_of(const Table& table, const tables::Point& point) {
  std::vector<std::size_t> index;
  for (const tables::Axis& axis : table.axes) {
    const auto found = point.find(axis.name);
    if (found == point.end()) {
      if (axis.size() != 1) return std::nullopt;
      index.push_back(0);
    } else if (axis.discrete()) {
      if (!std::holds_alternative<std::string>(found->second)) return std::nullopt;
      index.push_back(axis.index_of(std::get<std::string>(found->second)));
    } else {
      if (!std::holds_alternative<double>(found->second)) return std::nullopt;
      const auto position = axis.find(std::get<double>(found->second));
      if (!position) return std::nullopt;
      index.push_back(*position);
    }
  }
  return table.offset(index);
}

// A spread in the table's unit, or in percent where the table is logarithmic.
std::string spread_text(const Table& table, double spread) {
  return table.scale == Scale::log ? format_quantity(100 * spread, "%", 2)
                                   : format_quantity(spread, table.unit, 2);
}

// A reading, its planes looked up by `plane`.
template <class Plane>
Reading reading_of(Scale scale, double value, Status status, std::int64_t n, Plane plane) {
  Reading reading{.value = value, .n = n, .status = status};
  reading.sigma = plane("sigma");
  reading.half_width = reading.sigma_half_width = kNone;
  if (const double low = plane("low"), high = plane("high"); std::isfinite(low) && std::isfinite(high)) {
    reading.half_width = (scale == Scale::log ? std::log(high / low) : high - low) / 2;
    reading.sigma_half_width = (plane("sigma_high") - plane("sigma_low")) / 2;
  } else if (n >= 2) {
    const auto half_width = [&](double error) {
      const stats::Moments moments = {.n = static_cast<std::size_t>(n), .mean_stderr = error};
      return std::isfinite(error) ? stats::mean_interval(moments).high : kNone;
    };
    reading.half_width = half_width(plane("stderr"));
    // The interval is one on ln sigma, which few samples leave less skewed than sigma.
    const double relative = half_width(plane("sigma_stderr") / reading.sigma);
    reading.sigma_half_width = reading.sigma > 0 ? reading.sigma * std::sinh(relative) : kNone;
  }
  return reading;
}

}  // namespace

tables::Point point_of(const Table& table, const At& at) {
  tables::Point point;
  for (const auto& [name, text] : at)
    if (const tables::Axis* axis = table.find_axis(name)) {
      if (axis->discrete())
        point.emplace(name, text);
      else
        point.emplace(name, parse_quantity(text, axis->unit.empty() ? "1" : axis->unit));
    }
  return point;
}

Reading read_cell(const Table& table, std::size_t cell) {
  return reading_of(table.scale, table.values[cell], table.status_at(cell),
                    table.n.empty() ? 0 : table.n[cell], [&](std::string_view name) {
                      const auto plane = table.planes.find(name);
                      return plane == table.planes.end() ? kNone : plane->second[cell];
                    });
}

Reading read(const Table& table, const tables::Point& point) {
  if (const std::optional<std::size_t> cell = cell_of(table, point)) return read_cell(table, *cell);
  const tables::Evaluated evaluated = tables::evaluate(table, point);
  return reading_of(
      table.scale, evaluated.value, evaluated.status,
      table.n.empty() ? 0 : *std::min_element(table.n.begin(), table.n.end()), [&](std::string_view name) {
        return table.planes.contains(name) ? tables::evaluate_plane(table, name, point).value : kNone;
      });
}

std::size_t typical_index(const tables::Axis& axis) {
  if (!axis.discrete()) return axis.size() / 2;
  const auto tt = std::find(axis.labels.begin(), axis.labels.end(), "tt");
  return tt == axis.labels.end() ? 0 : static_cast<std::size_t>(tt - axis.labels.begin());
}

std::string value_text(const Table& table, const Reading& reading) {
  const std::string status(reading.status == Status::ok ? "" : tables::name_of(reading.status));
  if (!std::isfinite(reading.value)) return status.empty() ? "-" : status;
  std::string text = format_quantity(reading.value, table.unit);
  if (std::isfinite(reading.half_width)) text += " +-" + spread_text(table, reading.half_width);
  return status.empty() ? text : fmt::format("{} ({})", text, status);
}

std::string sigma_text(const Table& table, const Reading& reading) {
  if (!std::isfinite(reading.sigma)) return "-";
  std::string text = spread_text(table, reading.sigma);
  if (std::isfinite(reading.sigma_half_width)) text += " +-" + spread_text(table, reading.sigma_half_width);
  return text;
}

std::string coordinate_text(const tables::Axis& axis, double value) {
  const double size = std::fabs(value);
  const bool short_enough = size == 0 || (size >= 0.1 && size < 1000);
  return short_enough && axis.unit != "1" && !axis.unit.empty() ? fmt::format("{:g} {}", value, axis.unit)
                                                                : format_quantity(value, axis.unit);
}

std::string node_text(const tables::Axis& axis, std::size_t index) {
  return axis.discrete() ? axis.labels[index] : coordinate_text(axis, axis.values[index]);
}

}  // namespace mavis::report
