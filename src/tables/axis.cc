#include "tables/axis.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>

#include "util/error.h"
#include "util/units.h"

namespace mavis::tables {

std::optional<std::size_t> Axis::find(double value) const {
  if (discrete() || values.empty()) return std::nullopt;
  const double tolerance = 1e-9 * std::max(std::fabs(values.front()), std::fabs(values.back()));
  const auto at = std::lower_bound(values.begin(), values.end(), value - tolerance);
  if (at == values.end() || !(std::fabs(*at - value) <= tolerance)) return std::nullopt;
  return static_cast<std::size_t>(at - values.begin());
}

std::size_t Axis::index_of(std::string_view label) const {
  const auto at = std::find(labels.begin(), labels.end(), label);
  if (at == labels.end())
    throw InputError(discrete()
                         ? fmt::format("axis '{}' has no '{}'; it has {}", name, label, range())
                         : fmt::format("axis '{}' takes a number ({}), not '{}'", name, range(), label));
  return static_cast<std::size_t>(at - labels.begin());
}

std::size_t Axis::index_of(double value) const {
  if (discrete()) throw InputError(fmt::format("axis '{}' takes one of {}, not {}", name, range(), value));
  const auto at = find(value);
  if (!at)
    throw InputError(fmt::format("axis '{}' has no node at {}; it has {} from {}", name,
                                 format_quantity(value, unit), size(), range()));
  return *at;
}

std::string Axis::range() const {
  if (discrete()) return fmt::format("{}", fmt::join(labels, ", "));
  if (values.empty()) return "nothing";
  const std::string first = format_quantity(values.front(), unit);
  return size() == 1 ? first : fmt::format("{} to {}", first, format_quantity(values.back(), unit));
}

void Axis::check() const {
  const auto refuse = [&](std::string_view reason) {
    throw std::invalid_argument(fmt::format("axis '{}' {}", name, reason));
  };
  if (!is_identifier(name)) refuse("needs a name of letters, digits and '_'");
  if (values.empty() == labels.empty()) refuse("needs either values or labels");
  if (!std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); }))
    refuse("has a value that is not finite");
  if (std::adjacent_find(values.begin(), values.end(), std::greater_equal<>()) != values.end())
    refuse("has values that do not ascend");
  if (std::set<std::string_view>(labels.begin(), labels.end()).size() != labels.size())
    refuse("has a label twice");
  if (std::find(labels.begin(), labels.end(), "") != labels.end()) refuse("has an empty label");
}

bool is_identifier(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

}  // namespace mavis::tables
