#include "tables/interpolate.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
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

// Nodes around an interval, at most this many: two beyond either end, three where the other end has none.
constexpr std::size_t kWindow = 6;
constexpr std::size_t kStencil = 5;  // nodes of a slope

struct Window {
  std::array<double, kWindow> x{}, y{};
  std::size_t size = 0;

  double secant(std::size_t i) const { return (y[i + 1] - y[i]) / (x[i + 1] - x[i]); }
};

double minmod(double a, double b) {
  return a * b <= 0 ? 0 : std::copysign(std::min(std::fabs(a), std::fabs(b)), a);
}

// Slope at node i of the polynomial through the kStencil nodes around it, or all where there are fewer.
// Berrut and Trefethen, "Barycentric Lagrange interpolation", SIAM Review 46(3), 501, 2004, eq. 9.4.
double polynomial_slope(const Window& w, std::size_t i) {
  const std::size_t count = std::min(w.size, kStencil), half = kStencil / 2;
  const std::size_t first = i < half ? 0 : std::min(i - half, w.size - count);
  const auto weight = [&](std::size_t j) {  // its reciprocal
    double product = 1;
    for (std::size_t k = first; k < first + count; ++k)
      if (k != j) product *= w.x[j] - w.x[k];
    return product;
  };
  const double own = weight(i);
  double slope = 0;
  for (std::size_t j = first; j < first + count; ++j)
    if (j != i) slope += own / weight(j) * (w.y[j] - w.y[i]) / (w.x[i] - w.x[j]);
  return slope;
}

// Second divided difference at node i; at an end that of its neighbour.
double bend_at(const Window& w, std::size_t i) {
  i = std::clamp<std::size_t>(i, 1, w.size - 2);
  return (w.secant(i) - w.secant(i - 1)) / (w.x[i + 1] - w.x[i - 1]);
}

// The polynomial's slope at node i, limited so that the curve does not overshoot. REQUIRES three nodes.
double slope_at(const Window& w, std::size_t i) {
  const std::size_t last = w.size - 1;
  // Slopes at the node of the parabolas over the intervals before and after it.
  const auto before = [&] {
    return w.secant(i - 1) + minmod(bend_at(w, i - 1), bend_at(w, i)) * (w.x[i] - w.x[i - 1]);
  };
  const auto after = [&] {
    return w.secant(i) - minmod(bend_at(w, i), bend_at(w, i + 1)) * (w.x[i + 1] - w.x[i]);
  };
  const double secant = i == 0      ? w.secant(0)
                        : i == last ? w.secant(last - 1)
                                    : minmod(w.secant(i - 1), w.secant(i));
  bool rises = true, falls = true;
  for (std::size_t k = i < 2 ? 0 : i - 2; k < std::min(i + 2, last); ++k) {
    rises = rises && w.secant(k) > 0;
    falls = falls && w.secant(k) < 0;
  }
  const double slope = polynomial_slope(w, i);
  if (rises || falls) return minmod(slope, 3 * secant);
  const double parabola = i == 0 ? after() : i == last ? before() : minmod(before(), after());
  const double most = std::max(3 * std::fabs(secant), 1.5 * std::fabs(parabola));
  return minmod(slope, std::copysign(most, parabola != 0 ? parabola : secant));
}

// Interpolates at `x` in the interval from node `left` of `nodes`; `at(i)` gives node i. Nodes from the first
// one on that is not ok, to either side of the interval, are left out of the slopes. With `keep_sign` the
// curve goes at most half way to zero from nodes of one sign.
template <class At>
Evaluated between(std::span<const double> nodes, std::size_t left, double x, bool beyond, bool keep_sign,
                  const At& at) {
  const Evaluated y0 = at(left), y1 = at(left + 1);
  const Status status = std::max(y0.status, y1.status);
  if (status != Status::ok) return {kNaN, status};
  const double h = nodes[left + 1] - nodes[left], secant = (y1.value - y0.value) / h;
  const double t = (x - nodes[left]) / h, chord = (1 - t) * y0.value + t * y1.value;
  if (beyond) return {y0.value + t * (y1.value - y0.value), Status::ok};

  std::array<double, 3> below{}, above{};  // values away from the interval
  std::size_t below_size = 0, above_size = 0;
  const auto add = [](std::array<double, 3>& values, std::size_t& size, const Evaluated& y) {
    if (y.status != Status::ok || !std::isfinite(y.value)) return false;
    values[size++] = y.value;
    return true;
  };
  const auto reach_below = [&](std::size_t most) {
    while (below_size < most && below_size < left && add(below, below_size, at(left - below_size - 1))) {
    }
  };
  const auto reach_above = [&](std::size_t most) {
    while (above_size < most && left + 2 + above_size < nodes.size() &&
           add(above, above_size, at(left + 2 + above_size))) {
    }
  };
  reach_below(2);
  reach_above(below_size == 0 ? 3 : 2);
  if (above_size == 0) reach_below(3);

  Window window;
  const auto put = [&](std::size_t node, double y) {
    window.x[window.size] = nodes[node];
    window.y[window.size++] = y;
  };
  for (std::size_t k = below_size; k > 0; --k) put(left - k, below[k - 1]);
  put(left, y0.value);
  put(left + 1, y1.value);
  for (std::size_t k = 0; k < above_size; ++k) put(left + 2 + k, above[k]);
  if (window.size == 2) return {chord, Status::ok};

  // Hermite cubic as the chord plus what the slopes differ from it.
  const double slope0 = slope_at(window, below_size), slope1 = slope_at(window, below_size + 1);
  double value = chord + t * (1 - t) * h * ((1 - t) * (slope0 - secant) - t * (slope1 - secant));
  const auto [low, high] = std::minmax(y0.value, y1.value);
  const auto between_nodes = [&](double slope) {
    return slope * secant >= 0 && std::fabs(slope) <= 3 * std::fabs(secant);
  };
  // With such slopes the curve is monotone, and the clamp only removes rounding.
  if (between_nodes(slope0) && between_nodes(slope1)) value = std::clamp(value, low, high);
  // A turn between evenly spaced nodes lies beyond them by an eighth of the steps around it.
  double step = high - low;
  if (below_size > 0) step = std::max(step, std::fabs(y0.value - below[0]));
  if (above_size > 0) step = std::max(step, std::fabs(y1.value - above[0]));
  value = std::clamp(value, low - step / 2, high + step / 2);
  if (keep_sign && low >= 0) value = std::max(value, low / 2);
  if (keep_sign && high <= 0) value = std::min(value, high / 2);
  return {value, Status::ok};
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
    return place.node ? at(*place.node) : between(axis.values, place.left, place.x, place.beyond, !log, at);
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

std::vector<Evaluated> evaluate_response(const Table& table, const Point& point, Outside outside,
                                         const std::vector<double>& of_parameters) {
  const std::vector<Place> places = find_places(table, point, outside);
  std::vector<Evaluated> response;
  for (std::size_t j = 0; j < table.parameters.size(); ++j)
    response.push_back(View{table, of_parameters, false, table.parameters.size(), j}.evaluate(places));
  return response;
}

std::vector<Evaluated> evaluate_response(const Table& table, const Point& point, Outside outside) {
  return evaluate_response(table, point, outside, table.response);
}

std::vector<Evaluated> evaluate_bend(const Table& table, const Point& point, Outside outside) {
  return evaluate_response(table, point, outside, table.bend);
}

std::vector<double> leave_one_out(const Table& table, std::size_t axis) {
  const std::vector<double>& nodes = table.axes[axis].values;
  const std::size_t size = nodes.size();
  if (size < 3) return {};
  const View view{table, table.values, table.scale == Scale::log};
  std::size_t stride = 1;
  for (std::size_t k = axis + 1; k < table.axes.size(); ++k) stride *= table.axes[k].size();
  std::vector<double> errors(size, kNaN);
  for (std::size_t out = 1; out + 1 < size; ++out) {
    std::vector<double> others = nodes;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(out));
    for (std::size_t cell = 0; cell < table.cells(); ++cell) {
      if (cell / stride % size != out || table.status_at(cell) != Status::ok) continue;
      const auto at = [&](std::size_t i) {
        return view.node(cell + (i < out ? i : i + 1) * stride - out * stride);
      };
      const Evaluated guess = between(others, out - 1, nodes[out], false, !view.log, at);
      if (guess.status != Status::ok) continue;
      const double miss = guess.value - view.node(cell).value;
      errors[out] = std::fmax(errors[out], std::fabs(view.log ? std::expm1(miss) : miss));
    }
  }
  return errors;
}

std::optional<InterpolationError> leave_one_out_error(const Table& table) {
  std::optional<InterpolationError> worst;
  for (std::size_t axis = 0; axis < table.axes.size(); ++axis)
    for (const double error : leave_one_out(table, axis))
      if (!std::isnan(error) && (!worst || error > worst->value)) worst = {error, table.axes[axis].name};
  return worst;
}

}  // namespace mavis::tables
