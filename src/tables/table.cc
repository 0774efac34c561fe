#include "tables/table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>

#include "util/error.h"

namespace mavis::tables {

std::string_view name_of(Scale scale) {
  return scale == Scale::log ? "log" : "linear";
}

std::string_view name_of(Method method) {
  switch (method) {
    case Method::plain:
      return "plain";
    case Method::sobol:
      return "sobol";
    case Method::linear:
      return "sobol_linear";
    case Method::curved:
      return "sobol_curved";
  }
  throw std::invalid_argument(fmt::format("method {} does not exist", static_cast<int>(method)));
}

std::string_view name_of(Worse worse) {
  return worse == Worse::low ? "low" : worse == Worse::high ? "high" : "none";
}

std::string_view name_of(Status status) {
  switch (status) {
    case Status::ok:
      return "ok";
    case Status::censored:
      return "censored";
    case Status::failed:
      return "failed";
    case Status::unfinished:
      return "unfinished";
    case Status::not_applicable:
      return "not_applicable";
    case Status::no_margin:
      return "no_margin";
  }
  throw std::invalid_argument(fmt::format("status {} does not exist", static_cast<int>(status)));
}

std::string Table::bench() const {
  return name.substr(0, name.find('/'));
}

std::string Table::quantity() const {
  return name.substr(name.find('/') + 1);
}

std::size_t Table::cells() const {
  std::size_t product = 1;
  for (const Axis& axis : axes) product *= axis.size();
  return product;
}

std::string Table::spread_unit() const {
  return scale == Scale::log ? "1" : unit;
}

std::string Table::plane_unit(std::string_view plane) const {
  for (std::string_view own : {"nominal", "low", "high"})
    if (plane == own) return unit;
  for (std::string_view number : {"skew", "surrogate_r2", "runs", "factor"})
    if (plane == number) return "1";
  return plane.starts_with("q0_") ? unit : spread_unit();
}

std::size_t Table::offset(const std::vector<std::size_t>& index) const {
  std::size_t cell = 0;
  for (std::size_t k = 0; k < axes.size(); ++k) cell = cell * axes[k].size() + index[k];
  return cell;
}

std::vector<std::size_t> Table::index(std::size_t cell) const {
  std::vector<std::size_t> index(axes.size());
  for (std::size_t k = axes.size(); k-- > 0; cell /= axes[k].size()) index[k] = cell % axes[k].size();
  return index;
}

const std::vector<double>& Table::plane(std::string_view plane) const {
  const auto found = planes.find(plane);
  if (found != planes.end()) return found->second;
  std::vector<std::string_view> has;
  for (const auto& [suffix, values] : planes) has.push_back(suffix);
  throw InputError(fmt::format("{}: has no '{}'; it has {}", name, plane,
                               has.empty() ? "the value only" : fmt::format("{}", fmt::join(has, ", "))));
}

const Axis* Table::find_axis(std::string_view axis) const {
  const auto found = std::find_if(axes.begin(), axes.end(), [&](const Axis& a) { return a.name == axis; });
  return found == axes.end() ? nullptr : &*found;
}

void Table::check() const {
  const auto require = [&](bool holds, std::string_view reason) {
    if (!holds) throw std::invalid_argument(fmt::format("table '{}' {}", name, reason));
  };
  require(is_identifier(bench()) && is_identifier(quantity()) && name.find('/') != name.npos,
          "needs a name like bench/quantity of letters, digits and '_'");

  std::set<std::string_view> names;
  for (const Axis& axis : axes) {
    axis.check();
    require(names.insert(axis.name).second, "has two axes of one name");
  }

  const std::size_t size = cells();
  require(values.size() == size, "needs as many values as its axes have cells");
  require(status.empty() || status.size() == size, "needs one status a cell");
  require(n.empty() || n.size() == size, "needs one n a cell");
  require(std::all_of(n.begin(), n.end(), [](std::int64_t count) { return count >= 0; }), "has a negative n");
  for (const Status s : status) name_of(s);
  require(method.empty() || method.size() == size, "needs one method a cell");
  for (const Method m : method) name_of(m);

  const auto fits_scale = [&](double value) { return scale == Scale::linear || value > 0; };
  for (std::size_t cell = 0; cell < size; ++cell)
    require(status_at(cell) != Status::ok || (std::isfinite(values[cell]) && fits_scale(values[cell])),
            "has an ok value that is not finite, or not positive on a log scale");

  for (const auto& [suffix, plane] : planes) {
    require(is_identifier(suffix) && suffix != "n" && suffix != "status" && suffix != "method" &&
                suffix != "response" && suffix != "bend",
            "has a sibling of an impossible name");
    require(plane.size() == size, "needs one value a cell in every sibling");
    for (const double value : plane)
      require(suffix != "nominal" || std::isnan(value) || fits_scale(value),
              "has a nominal value that is not positive on a log scale");
  }

  require(
      !interpolation_error || (interpolation_error->axis.empty() ? interpolation_error->held_out > 0
                                                                 : names.contains(interpolation_error->axis)),
      "has an interpolation error on an axis that it does not have, or from no points");
  require(parameters.labels.empty() ? response.empty() : response.size() == size * parameters.size(),
          "needs one response a cell and parameter");
  require(bend.empty() || bend.size() == response.size(), "needs as many bends as responses");
  if (!parameters.labels.empty()) {
    parameters.check();
    require(!names.contains(parameters.name), "has two axes of one name");
  }
}

}  // namespace mavis::tables
