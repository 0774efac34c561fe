#include "macro/point_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "util/error.h"
#include "util/units.h"

namespace mavis::macro {
namespace {

using tables::Axis;
using tables::Evaluated;
using tables::Point;
using tables::Status;
using tables::Table;

constexpr int kPointsPerInterval = 10;

std::string place_text(const Point& place) {
  std::string text;
  for (const auto& [name, coordinate] : place) {
    const auto* label = std::get_if<std::string>(&coordinate);
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name,
                        label ? *label : fmt::format("{:.6g}", std::get<double>(coordinate)));
  }
  return text;
}

bool all_finite(const std::vector<Evaluated>& numbers) {
  return std::all_of(numbers.begin(), numbers.end(),
                     [](const Evaluated& e) { return std::isfinite(e.value); });
}

std::vector<double> values_of(const std::vector<Evaluated>& numbers) {
  std::vector<double> values;
  for (const Evaluated& e : numbers) values.push_back(e.value);
  return values;
}

// How unlike two PVT points are: another corner counts most, then volts and hundreds of degrees.
double distance(const Pvt& a, const Pvt& b) {
  return (a.corner == b.corner ? 0 : 10) + std::fabs(a.vdd - b.vdd) + std::fabs(a.temp_c - b.temp_c) / 100;
}

std::vector<Pvt> nodes_of(const Table& table) {
  const Axis *corner = table.find_axis("corner"), *vdd = table.find_axis("vdd"),
             *temp = table.find_axis("temp_c");
  std::vector<Pvt> nodes;
  if (!corner || !vdd || !temp) return nodes;
  for (const std::string& c : corner->labels)
    for (double v : vdd->values)
      for (double t : temp->values) nodes.push_back({c, v, t});
  return nodes;
}

std::vector<double> subdivided(const std::vector<double>& nodes) {
  std::vector<double> points;
  for (std::size_t i = 0; i + 1 < nodes.size(); ++i)
    for (int k = 0; k < kPointsPerInterval; ++k)
      points.push_back(nodes[i] + (nodes[i + 1] - nodes[i]) * k / kPointsPerInterval);
  points.push_back(nodes.back());
  return points;
}

}  // namespace

double dot(const std::vector<double>& response, const std::vector<double>& z) {
  return std::inner_product(response.begin(), response.end(), z.begin(), 0.0);
}

double Response::to(const std::vector<double>& z) const {
  double sum = slope.empty() ? 0 : dot(slope, z);
  for (std::size_t p = 0; p < bend.size(); ++p) sum += bend[p] * z[p] * z[p];
  return sum;
}

void Response::scale(double factor) {
  for (double& number : slope) number *= factor;
  for (double& number : bend) number *= factor;
}

std::string Pvt::text() const {
  return fmt::format("{}, {}, {}", corner, format_quantity(vdd, "V"), format_quantity(temp_c, "C"));
}

double Curve::at(double where) const {
  if (where <= x.front()) return y.front();
  if (where >= x.back()) return y.back();
  const auto right = static_cast<std::size_t>(std::upper_bound(x.begin(), x.end(), where) - x.begin());
  const double t = (where - x[right - 1]) / (x[right] - x[right - 1]);
  return y[right - 1] + t * (y[right] - y[right - 1]);
}

PointTables::PointTables(const tables::Library& library, Pvt pvt)
    : library_(&library), pvt_(std::move(pvt)) {}

void PointTables::require_point(std::string_view table) const {
  const auto refuse = [&](const Axis& axis, const std::string& asked, const char* option) {
    throw InputError(fmt::format(
        "the library of {0} has {1} {2}, not {3}; add it with mavis characterize {0} {4} --extend",
        library_->macro(), axis.name, axis.range(), asked, option));
  };
  const auto require = [&](const char* name, double value, const char* option) {
    const Axis& found = axis(table, name);
    const bool inside =
        !found.values.empty() && value >= found.values.front() && value <= found.values.back();
    if (!inside && !found.find(value)) refuse(found, format_quantity(value, found.unit), option);
  };
  const Axis& corners = axis(table, "corner");
  if (std::find(corners.labels.begin(), corners.labels.end(), pvt_.corner) == corners.labels.end())
    refuse(corners, fmt::format("'{}'", pvt_.corner), "--corners");
  require("vdd", pvt_.vdd, "--vdd");
  require("temp_c", pvt_.temp_c, "--temp");
}

bool PointTables::has(std::string_view table) const {
  return library_->tables().find(table) != library_->tables().end();
}

const Table& PointTables::find(std::string_view table) const {
  const auto found = library_->tables().find(table);
  if (found != library_->tables().end()) return found->second;
  throw InputError(fmt::format(
      "the library of {0} has no table '{1}'; characterize it: mavis characterize {0} --only {2} --extend",
      library_->macro(), table, table.substr(0, table.find('/'))));
}

const Axis& PointTables::axis(std::string_view table, std::string_view axis) const {
  if (const Axis* found = find(table).find_axis(axis)) return *found;
  throw InputError(
      fmt::format("{}: no axis '{}'; this simulator needs it, characterize the macro again", table, axis));
}

Point PointTables::at(const Point& place) const {
  Point point = place;
  point.emplace("corner", pvt_.corner);
  point.emplace("vdd", pvt_.vdd);
  point.emplace("temp_c", pvt_.temp_c);
  return point;
}

void PointTables::note(const std::string& text) const {
  if (std::find(notes_.begin(), notes_.end(), text) == notes_.end()) notes_.push_back(text);
}

double PointTables::checked(const Table& table, const Evaluated& found, const Point& place,
                            bool needs_ok) const {
  // A mean over fewer samples than asked for is still a mean; one that lacks the late samples is not.
  const bool partial = found.status == Status::failed || found.status == Status::unfinished;
  const bool usable = found.status == Status::ok || partial || !needs_ok;
  if (!std::isfinite(found.value) || !usable)
    throw InputError(fmt::format(
        "{}: no number at {}{}{} (status {}); characterize this point, or simulate at another", table.name,
        pvt_.text(), place.empty() ? "" : ", ", place_text(place), tables::name_of(found.status)));
  if (partial && needs_ok)
    note(fmt::format("{}: some samples are missing at {} (status {})", table.name, pvt_.text(),
                     tables::name_of(found.status)));
  return found.value;
}

double PointTables::value(std::string_view name, const Point& place) const {
  const Table& table = find(name);
  return checked(table, tables::evaluate(table, at(place)), place, true);
}

double PointTables::plane(std::string_view name, std::string_view plane, const Point& place) const {
  const Table& table = find(name);
  return checked(table, tables::evaluate_plane(table, plane, at(place)), place, plane != "nominal");
}

double PointTables::nominal(std::string_view name, const Point& place) const {
  return find(name).planes.contains("nominal") ? plane(name, "nominal", place) : value(name, place);
}

bool PointTables::has_nominal(std::string_view name, const Point& place) const {
  const Table& table = find(name);
  const bool plane = table.planes.contains("nominal");
  const Evaluated found =
      plane ? tables::evaluate_plane(table, "nominal", at(place)) : tables::evaluate(table, at(place));
  return std::isfinite(found.value) && (plane || found.status != Status::censored);
}

Curve PointTables::nominal_along(std::string_view table, std::string_view axis_name,
                                 const Point& place) const {
  return plane_along(table, "", axis_name, place);
}

Curve PointTables::plane_along(std::string_view table, std::string_view plane_name,
                               std::string_view axis_name, const Point& place) const {
  Curve curve;
  curve.x = subdivided(axis(table, axis_name).values);
  for (double x : curve.x) {
    Point there = place;
    there[std::string(axis_name)] = x;
    curve.y.push_back(plane_name.empty() ? nominal(table, there) : plane(table, plane_name, there));
  }
  return curve;
}

Point PointTables::response_point(const Table& table, const Point& place) const {
  if (all_finite(tables::evaluate_response(table, at(place)))) return at(place);
  std::vector<Pvt> nodes = nodes_of(table);
  std::stable_sort(nodes.begin(), nodes.end(),
                   [&](const Pvt& a, const Pvt& b) { return distance(a, pvt_) < distance(b, pvt_); });
  for (const Pvt& node : nodes) {
    Point there = place;
    there["corner"] = node.corner;
    there["vdd"] = node.vdd;
    there["temp_c"] = node.temp_c;
    if (!all_finite(tables::evaluate_response(table, there))) continue;
    note(fmt::format("{}: responses to device parameters are those of {}", table.name, node.text()));
    return there;
  }
  const std::vector<Evaluated> here = tables::evaluate_response(table, at(place));
  const auto unknown = std::find_if(here.begin(), here.end(),
                                    [](const Evaluated& found) { return !std::isfinite(found.value); });
  throw InputError(fmt::format(
      "{}: no response to {} ({}) at any point; characterize with --responses all", table.name,
      table.parameters.labels[static_cast<std::size_t>(unknown - here.begin())], place_text(place)));
}

std::vector<double> PointTables::response(std::string_view name, const Point& place) const {
  const Table& table = find(name);
  if (table.response.empty()) {
    note(fmt::format("{}: no response to device parameters; chips do not differ in it", name));
    return {};
  }
  return values_of(tables::evaluate_response(table, response_point(table, place)));
}

Response PointTables::bent_response(std::string_view name, const Point& place) const {
  Response response{this->response(name, place), {}};
  const Table& table = find(name);
  if (table.bend.empty()) return response;
  const std::vector<Evaluated> bend = tables::evaluate_bend(table, response_point(table, place));
  if (all_finite(bend)) response.bend = values_of(bend);
  return response;
}

}  // namespace mavis::macro
