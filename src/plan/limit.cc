#include "plan/limit.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "plan/applicable.h"
#include "util/error.h"
#include "util/text.h"
#include "util/units.h"

namespace mavis::plan {
namespace {

using tables::Axis;

std::string node_of(const Axis& axis, std::size_t index) {
  return axis.discrete() ? axis.labels[index] : format_quantity(axis.values[index], axis.unit);
}

std::string nodes_of(const Axis& axis) {
  std::vector<std::string> nodes;
  for (std::size_t i = 0; i < axis.size(); ++i) nodes.push_back(node_of(axis, i));
  return fmt::format("{}", fmt::join(nodes, ", "));
}

// The node of an axis that `at` names, or its only one.
std::size_t node_at(const Axis& axis, const At& at, std::string_view name) {
  const auto found = at.find(axis.name);
  if (found == at.end()) {
    if (axis.size() == 1) return 0;
    throw InputError(fmt::format("{} is measured at several {}; choose one with --at {}=... of {}", name,
                                 axis.name, axis.name, nodes_of(axis)));
  }
  for (std::size_t i = 0; i < axis.size(); ++i) {
    if (axis.discrete() && axis.labels[i] == found->second) return i;
    if (axis.discrete()) continue;
    const double value = parse_quantity(found->second, axis.unit.empty() ? "1" : axis.unit);
    if (std::fabs(value - axis.values[i]) <= 1e-9 * std::max(std::fabs(value), std::fabs(axis.values[i])))
      return i;
  }
  throw InputError(
      fmt::format("--at {}={}: {} is measured at {}", axis.name, found->second, name, nodes_of(axis)));
}

std::string choices(const Subject& subject) {
  std::vector<std::string> names;
  for (const std::string& name : applicable_benches(subject, {})) {
    const Bench& bench = find_bench(name);
    if (bench.variation() != Variation::mismatch) continue;
    for (const Quantity& quantity : bench.quantities(subject)) names.push_back(name + "/" + quantity.name);
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

std::string Limit::text() const {
  std::string name = bench->name() + "/" + quantity.name;
  if (magnitude) name = "|" + name + "|";
  std::string text =
      fmt::format("{} {} {}", name, above ? '>' : '<', format_quantity(value, quantity.unit, 6));
  for (std::size_t i = 0; i < condition.size(); ++i) {
    const auto& [axis, at] = condition[i];
    text += fmt::format(", {} {}", axis,
                        conditions[i].discrete() ? conditions[i].labels[static_cast<std::size_t>(at)]
                                                 : format_quantity(at, conditions[i].unit));
  }
  std::size_t rest = cell;
  std::vector<std::string> inner;
  for (auto axis = quantity.inner.rbegin(); axis != quantity.inner.rend(); rest /= axis->size(), ++axis)
    inner.insert(inner.begin(), fmt::format(", {} {}", axis->name, node_of(*axis, rest % axis->size())));
  for (const std::string& part : inner) text += part;
  return text;
}

double Limit::margin(double measured) const {
  double x = magnitude ? std::fabs(measured) : measured, limit = value;
  if (quantity.scale == tables::Scale::log) {
    x = std::log(x);
    limit = std::log(limit);
  }
  return above ? limit - x : x - limit;
}

std::optional<double> Limit::smooth_margin(double measured) const {
  if (!magnitude || quantity.scale == tables::Scale::log) return std::nullopt;
  return above ? value - measured : measured - value;
}

Limit parse_limit(const std::string& text, const At& at, const Subject& subject) {
  const std::size_t sign = text.find_first_of("<>");
  if (sign == text.npos)
    throw InputError(fmt::format("'{}' is no limit; write it like \"comparator/offset > 60 mV\"", text));
  Limit limit;
  limit.above = text[sign] == '>';
  std::string_view name = trimmed(std::string_view(text).substr(0, sign));
  const bool bars = name.size() > 2 && name.front() == '|' && name.back() == '|';
  const bool abs = name.starts_with("abs(") && name.ends_with(")");
  limit.magnitude = bars || abs;
  if (bars) name = trimmed(name.substr(1, name.size() - 2));
  if (abs) name = trimmed(name.substr(4, name.size() - 5));

  const std::size_t slash = name.find('/');
  const std::string bench(name.substr(0, slash));
  const bool known = std::any_of(benches().begin(), benches().end(),
                                 [&](const auto& candidate) { return candidate->name() == bench; });
  if (slash == name.npos || !known)
    throw InputError(fmt::format("'{}' is not measured; choose from {}", name, choices(subject)));
  limit.bench = &find_bench(applicable_benches(subject, {bench}).front());
  if (limit.bench->variation() != Variation::mismatch)
    throw InputError(
        fmt::format("bench {} measures without mismatch: none of its samples differs; choose from {}", bench,
                    choices(subject)));
  const std::vector<Quantity> quantities = limit.bench->quantities(subject);
  const auto quantity = std::find_if(quantities.begin(), quantities.end(),
                                     [&](const Quantity& q) { return q.name == name.substr(slash + 1); });
  if (quantity == quantities.end())
    throw InputError(fmt::format("bench {} does not measure '{}'; choose from {}", bench,
                                 name.substr(slash + 1), choices(subject)));
  limit.quantity = *quantity;
  limit.value = parse_quantity(trimmed(std::string_view(text).substr(sign + 1)), limit.quantity.unit);
  if (limit.quantity.scale == tables::Scale::log && !(limit.value > 0))
    throw InputError(
        fmt::format("{}: a {} is never 0 or less; give a limit above 0", text, limit.quantity.name));
  if (limit.magnitude && limit.value < 0)
    throw InputError(fmt::format("{}: a magnitude is never below 0; give a limit above 0", text));

  std::set<std::string> used;
  limit.conditions = limit.bench->conditions(subject);
  for (const Axis& axis : limit.conditions) {
    used.insert(axis.name);
    if (const auto only = limit.quantity.only.find(axis.name); only != limit.quantity.only.end()) {
      limit.condition.emplace_back(axis.name, only->second);
      continue;
    }
    const std::size_t i = node_at(axis, at, name);
    limit.condition.emplace_back(axis.name, axis.discrete() ? static_cast<double>(i) : axis.values[i]);
  }
  for (const Axis& axis : limit.quantity.inner) {
    used.insert(axis.name);
    limit.cell = limit.cell * axis.size() + node_at(axis, at, name);
  }
  for (const auto& [axis, value] : at)
    if (!used.contains(axis))
      throw InputError(fmt::format("--at {}={}: {} has no such axis; it has {}", axis, value, name,
                                   used.empty() ? "none" : fmt::format("{}", fmt::join(used, ", "))));
  return limit;
}

}  // namespace mavis::plan
