#include "report/library_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <sstream>

#include "report/grid.h"
#include "util/error.h"
#include "util/nearest.h"
#include "util/units.h"

namespace mavis::report {
namespace {

using tables::Axis;
using tables::Status;
using tables::Table;

std::string axes_text(const Table& table) {
  std::vector<std::string> parts;
  for (const Axis& axis : table.axes) parts.push_back(fmt::format("{} {}", axis.name, axis.size()));
  return parts.empty() ? "-" : fmt::format("{}", fmt::join(parts, " x "));
}

std::string worst_status_text(const Table& table) {
  Status worst = Status::ok;
  for (std::size_t i = 0; i < table.cells(); ++i) worst = std::max(worst, table.status_at(i));
  return std::string(name_of(worst));
}

// "3 censored, 1 failed", or "-".
std::string trouble_text(const Table& table) {
  std::map<Status, int> counts;
  for (std::size_t i = 0; i < table.cells(); ++i) ++counts[table.status_at(i)];
  counts.erase(Status::ok);
  std::vector<std::string> parts;
  for (const auto& [status, count] : counts) parts.push_back(fmt::format("{} {}", count, name_of(status)));
  return parts.empty() ? "-" : fmt::format("{}", fmt::join(parts, ", "));
}

std::string range_text(const Table& table) {
  double low = INFINITY, high = -INFINITY;
  for (std::size_t i = 0; i < table.cells(); ++i)
    if (table.status_at(i) == Status::ok && std::isfinite(table.values[i])) {
      low = std::min(low, table.values[i]);
      high = std::max(high, table.values[i]);
    }
  if (low > high) return "-";
  return fmt::format("{} to {}", format_quantity(low, table.unit, 3), format_quantity(high, table.unit, 3));
}

// `at`, and typical nodes for every other axis; `place` collects the axes' texts in table order.
tables::Point typical_point(const Table& table, const At& at, std::vector<std::string>& place) {
  tables::Point point = point_of(table, at);
  for (const Axis& axis : table.axes) {
    const std::size_t i = typical_index(axis);
    if (const auto given = at.find(axis.name); given != at.end()) {
      place.push_back(axis.discrete() ? given->second
                                      : coordinate_text(axis, std::get<double>(point.at(axis.name))));
    } else {
      if (axis.discrete())
        point[axis.name] = axis.labels[i];
      else
        point[axis.name] = axis.values[i];
      place.push_back(node_text(axis, i));
    }
    const bool speaks_for_itself = axis.name == "corner" || axis.name == "vdd" || axis.name == "temp_c";
    if (!speaks_for_itself) place.back() = axis.name + " " + place.back();
  }
  return point;
}

bool belongs(const Table& table, std::string_view bench) {
  return table.bench() == bench;
}

}  // namespace

std::vector<std::string> bench_names(const tables::Library& library) {
  std::set<std::string> names;
  for (const auto& [name, table] : library.tables()) names.insert(table.bench());
  return {names.begin(), names.end()};
}

std::string sample_count_text(const Table& table) {
  if (table.n.empty()) return "-";
  const auto [low, high] = std::minmax_element(table.n.begin(), table.n.end());
  return *low == *high ? fmt::format("{}", *low) : fmt::format("{} to {}", *low, *high);
}

namespace {

// In the table's unit, or in per cent of the value.
std::string error_text(const Table& table, double error) {
  return table.scale == tables::Scale::log ? format_quantity(100 * error, "%", 2)
                                           : format_quantity(error, table.unit, 2);
}

}  // namespace

std::string interpolation_error_text(const Table& table) {
  if (!table.interpolation_error) return "-";
  const auto& [value, axis, held_out] = *table.interpolation_error;
  if (axis.empty()) return fmt::format("{} at {} held-out points", error_text(table, value), held_out);
  return fmt::format("{} along {}", error_text(table, value), axis);
}

std::string noise_floor_text(const Table& table) {
  if (!table.noise_floor) return "-";
  return fmt::format("{} rms in {} readings", error_text(table, table.noise_floor->value),
                     table.noise_floor->n);
}

std::string library_text(const tables::Library& library) {
  std::string text = fmt::format("{}: {} tables of {}\n", library.macro(), library.tables().size(),
                                 fmt::join(bench_names(library), ", "));
  std::vector<std::vector<std::string>> facts;
  for (const auto& [name, value] : library.provenance.facts) {
    std::istringstream lines(value);
    std::string title = name;
    for (std::string line; std::getline(lines, line); title.clear()) facts.push_back({"  " + title, line});
  }
  facts.push_back({"  files", fmt::format("{} kept in full", library.provenance.files.size())});
  facts.push_back({"  failed samples", fmt::format("{}", library.failures.size())});
  text += grid(facts, "l") + '\n';
  std::vector<std::vector<std::string>> rows = {
      {"table", "unit", "axes", "samples", "worst status", "interpolation error"}};
  for (const auto& [name, table] : library.tables())
    rows.push_back({name, table.unit, axes_text(table), sample_count_text(table), worst_status_text(table),
                    interpolation_error_text(table)});
  return text + grid(rows, "l");
}

std::string bench_text(const tables::Library& library, std::string_view bench, const At& at) {
  std::vector<std::string> axes;
  std::vector<std::vector<std::string>> rows = {
      {"quantity", "typical", "sigma", "over all points", "cells not ok", "typical is"}};
  std::string samples;
  for (const auto& [name, table] : library.tables()) {
    if (!belongs(table, bench)) continue;
    for (const Axis& axis : table.axes) axes.push_back(axis.name);
    std::vector<std::string> place;
    const Reading reading = read(table, typical_point(table, at, place));
    rows.push_back({table.quantity(), value_text(table, reading), sigma_text(table, reading),
                    range_text(table), trouble_text(table), fmt::format("{}", fmt::join(place, ", "))});
  }
  for (const auto& [name, text] : at)
    if (std::find(axes.begin(), axes.end(), name) == axes.end()) {
      const std::string guess = nearest(name, axes);
      throw InputError(fmt::format("--at {}={}: no table of {} has the axis '{}'{}", name, text, bench, name,
                                   guess.empty() ? "" : fmt::format("; did you mean '{}'?", guess)));
    }
  return fmt::format("{}, with 95 % intervals\n", bench) + grid(rows, "lrrrll");
}

}  // namespace mavis::report
