#include "tables/interpolate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <span>

#include "util/error.h"
#include "util/units.h"

namespace mavis::tables {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Where a coordinate lies on an axis: on a node, or in (or beyond) the interval from node `left` to the next.
struct Place {
  std::optional<std::size_t> node;
  std::size_t left = 0;
  double x = 0;
  bool beyond = false;
};

Place find_place(const Table& table, const Axis& axis, const Point& point, Outside outside) {
  const auto fail = [&](const std::string& reason) {
    throw InputError(fmt::format("{}: axis '{}': {}", table.name, axis.name, reason));
  };
  const auto given = point.find(axis.name);
  if (given == point.end()) {
    if (axis.size() != 1) fail(fmt::format("no coordinate given; it has {}", axis.range()));
    return {.node = std::size_t{0}};
  }
  if (const auto* label = std::get_if<std::string>(&given->second)) {
    const auto at = std::find(axis.labels.begin(), axis.labels.end(), *label);
    if (at == axis.labels.end())
      fail(axis.discrete() ? fmt::format("no '{}'; it has {}", *label, axis.range())
                           : fmt::format("takes a number ({}), not '{}'", axis.range(), *label));
    return {.node = static_cast<std::size_t>(at - axis.labels.begin())};
  }

  const double x = std::get<double>(given->second);
  if (axis.discrete()) fail(fmt::format("takes one of {}, not {}", axis.range(), x));
  if (const auto node = axis.find(x)) return {.node = node};
  const bool below = x<axis.values.front(), above = x> axis.values.back();
  const bool beyond = !(x > axis.values.front() && x < axis.values.back());  // also a NaN
  if (beyond && (outside == Outside::refuse || std::isnan(x)))
    fail(fmt::format("{} is outside {}; ask within it, or allow clamp or extrapolation",
                     format_quantity(x, axis.unit), axis.range()));
  if (beyond && outside == Outside::clamp) return {.node = below ? 0 : axis.size() - 1};
  if (axis.size() == 1)
    fail(fmt::format("{} can't be extrapolated from {} alone", format_quantity(x, axis.unit), axis.range()));
  const std::size_t left =
      below   ? 0
      : above ? axis.size() - 2
              : static_cast<std::size_t>(std::upper_bound(axis.values.begin(), axis.values.end(), x) -
                                         axis.values.begin()) -
                    1;
  return {.node = {}, .left = left, .x = x, .beyond = beyond};
}

// Slope at a node between two intervals of widths h and secants d.
double inner_slope(double h0, double d0, double h1, double d1) {
  if (d0 * d1 <= 0) return 0;
  const double w0 = h0 + 2 * h1, w1 = 2 * h0 + h1;
  return (w0 + w1) / (w0 / d0 + w1 / d1);
}

// Slope at the outer end of interval 0, whose inner neighbour is interval 1: three points, kept monotone.
double end_slope(double h0, double d0, double h1, double d1) {
  const double slope = ((2 * h0 + h1) * d0 - h0 * d1) / (h0 + h1);
  if (slope * d0 <= 0) return 0;
  if (d0 * d1 <= 0 && std::fabs(slope) > 3 * std::fabs(d0)) return 3 * d0;
  return slope;
}

// Interpolates at `x` in the interval from node `left` of `nodes`; `at(i)` gives node i. A node outside the
// interval that is not ok is left out of the slopes.
template <class At>
Evaluated between(std::span<const double> nodes, std::size_t left, double x, bool beyond, const At& at) {
  const Evaluated y0 = at(left), y1 = at(left + 1);
  const Status status = std::max(y0.status, y1.status);
  if (status != Status::ok) return {kNaN, status};
  const double h = nodes[left + 1] - nodes[left], secant = (y1.value - y0.value) / h;
  const double t = (x - nodes[left]) / h;
  if (beyond) return {y0.value + t * (y1.value - y0.value), Status::ok};

  const auto usable = [](const Evaluated& y) { return y.status == Status::ok && std::isfinite(y.value); };
  const Evaluated before = left > 0 ? at(left - 1) : Evaluated{kNaN};
  const Evaluated after = left + 2 < nodes.size() ? at(left + 2) : Evaluated{kNaN};
  const double h_before = left > 0 ? nodes[left] - nodes[left - 1] : 0;
  const double h_after = left + 2 < nodes.size() ? nodes[left + 2] - nodes[left + 1] : 0;
  const double d_before = (y0.value - before.value) / h_before;
  const double d_after = (after.value - y1.value) / h_after;
  const double slope0 = usable(before)  ? inner_slope(h_before, d_before, h, secant)
                        : usable(after) ? end_slope(h, secant, h_after, d_after)
                                        : secant;
  const double slope1 = usable(after)    ? inner_slope(h, secant, h_after, d_after)
                        : usable(before) ? end_slope(h, secant, h_before, d_before)
                                         : secant;
  // Hermite cubic as the chord plus what the slopes differ from it; the clamp only removes rounding.
  const double bend = t * (1 - t) * h * ((1 - t) * (slope0 - secant) - t * (slope1 - secant));
  const auto [low, high] = std::minmax(y0.value, y1.value);
  return {std::clamp((1 - t) * y0.value + t * y1.value + bend, low, high), Status::ok};
}

// One quantity over the table's axes: `width` numbers a cell, of which it is number `column`.
struct View {
  const Table& table;
  const std::vector<double>& values;
  bool log;
  std::size_t width = 1, column = 0;

  double value(std::size_t cell) const { return values[cell * width + column]; }

  Evaluated node(std::size_t cell) const {
    return {log ? std::log(value(cell)) : value(cell), table.status_at(cell)};
  }

  Evaluated along(const std::vector<Place>& places, std::size_t k, std::size_t cell) const {
    if (k == places.size()) return node(cell);
    const Axis& axis = table.axes[k];
    const auto at = [&](std::size_t i) { return along(places, k + 1, cell * axis.size() + i); };
    const Place& place = places[k];
    return place.node ? at(*place.node) : between(axis.values, place.left, place.x, place.beyond, at);
  }

  Evaluated evaluate(const std::vector<Place>& places) const {
    if (std::all_of(places.begin(), places.end(), [](const Place& p) { return p.node.has_value(); })) {
      std::size_t cell = 0;
      for (std::size_t k = 0; k < places.size(); ++k) cell = cell * table.axes[k].size() + *places[k].node;
      return {value(cell), table.status_at(cell)};
    }
    Evaluated result = along(places, 0, 0);
    if (log) result.value = std::exp(result.value);
    return result;
  }
};

std::vector<Place> find_places(const Table& table, const Point& point, Outside outside) {
  std::vector<Place> places;
  for (const Axis& axis : table.axes) places.push_back(find_place(table, axis, point, outside));
  return places;
}

}  // namespace

Evaluated evaluate(const Table& table, const Point& point, Outside outside) {
  const View view{table, table.values, table.scale == Scale::log};
  return view.evaluate(find_places(table, point, outside));
}

Evaluated evaluate_plane(const Table& table, std::string_view plane, const Point& point, Outside outside) {
  const View view{table, table.plane(plane), table.scale == Scale::log && plane == "nominal"};
  return view.evaluate(find_places(table, point, outside));
}

std::vector<Evaluated> evaluate_response(const Table& table, const Point& point, Outside outside) {
  const std::vector<Place> places = find_places(table, point, outside);
  std::vector<Evaluated> response;
  for (std::size_t j = 0; j < table.parameters.size(); ++j)
    response.push_back(View{table, table.response, false, table.parameters.size(), j}.evaluate(places));
  return response;
}

std::optional<InterpolationError> leave_one_out_error(const Table& table) {
  const View view{table, table.values, table.scale == Scale::log};
  std::optional<InterpolationError> worst;
  std::size_t stride = table.cells();
  for (const Axis& axis : table.axes) {
    const std::size_t size = axis.size();
    stride /= size;
    if (axis.discrete() || size < 3) continue;
    for (std::size_t cell = 0; cell < table.cells(); ++cell) {
      const std::size_t out = cell / stride % size;
      if (out == 0 || out == size - 1 || table.status_at(cell) != Status::ok) continue;
      std::vector<double> others = axis.values;
      others.erase(others.begin() + static_cast<std::ptrdiff_t>(out));
      const auto at = [&](std::size_t i) {
        return view.node(cell + (i < out ? i : i + 1) * stride - out * stride);
      };
      const Evaluated guess = between(others, out - 1, axis.values[out], false, at);
      if (guess.status != Status::ok) continue;
      const double miss = guess.value - view.node(cell).value;
      const double error = std::fabs(view.log ? std::expm1(miss) : miss);
      if (!worst || error > worst->value) worst = {error, axis.name};
    }
  }
  return worst;
}

}  // namespace mavis::tables
