#include "report/table_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <functional>

#include "report/grid.h"
#include "report/library_text.h"
#include "util/error.h"
#include "util/nearest.h"
#include "util/units.h"

namespace mavis::report {
namespace {

using tables::Axis;
using tables::Point;
using tables::Table;

constexpr std::size_t kMostColumns = 6;

void set(Point& point, const Axis& axis, std::size_t index) {
  if (axis.discrete())
    point[axis.name] = axis.labels[index];
  else
    point[axis.name] = axis.values[index];
}

// All combinations of the axes' nodes, the last axis fastest.
void for_each_node(const std::vector<const Axis*>& axes, const Point& fixed,
                   const std::function<void(const Point&, const std::vector<std::string>&)>& visit) {
  std::vector<std::size_t> index(axes.size(), 0);
  while (true) {
    Point point = fixed;
    std::vector<std::string> labels;
    for (std::size_t i = 0; i < axes.size(); ++i) {
      set(point, *axes[i], index[i]);
      labels.push_back(node_text(*axes[i], index[i]));
    }
    visit(point, labels);
    std::size_t i = axes.size();
    while (i > 0 && ++index[i - 1] == axes[i - 1]->size()) index[--i] = 0;
    if (i == 0) return;
  }
}

void require_axes(const Table& table, const At& at) {
  std::vector<std::string> names;
  for (const Axis& axis : table.axes) names.push_back(axis.name);
  for (const auto& [name, text] : at)
    if (!table.find_axis(name)) {
      const std::string guess = nearest(name, names);
      throw InputError(fmt::format("--at {}={}: {} has no axis '{}'; {}", name, text, table.name, name,
                                   guess.empty() ? fmt::format("it has {}", fmt::join(names, ", "))
                                                 : fmt::format("did you mean '{}'?", guess)));
    }
}

}  // namespace

std::string table_text(const Table& table, const At& at) {
  require_axes(table, at);
  Point fixed = point_of(table, at);
  std::vector<const Axis*> down;
  std::vector<std::string> held;
  for (const Axis& axis : table.axes) {
    if (at.contains(axis.name)) {
      held.push_back(fmt::format("{} {}", axis.name,
                                 axis.discrete()
                                     ? std::get<std::string>(fixed.at(axis.name))
                                     : coordinate_text(axis, std::get<double>(fixed.at(axis.name)))));
    } else if (axis.size() == 1) {
      set(fixed, axis, 0);
      held.push_back(axis.name + " " + node_text(axis, 0));
    } else {
      down.push_back(&axis);
    }
  }
  const Axis* across = nullptr;
  for (auto axis = down.rbegin(); axis != down.rend() && !across; ++axis)
    if ((*axis)->size() <= kMostColumns) across = *axis;
  if (across) std::erase(down, across);

  std::vector<std::string> header;
  for (const Axis* axis : down) header.push_back(axis->name);
  for (std::size_t i = 0; across && i < across->size(); ++i)
    header.push_back((i == 0 ? across->name + " " : "") + node_text(*across, i));
  if (!across) header.push_back("value");

  bool has_sigma = false;
  const auto body = [&](const auto& cell_text) {
    std::vector<std::vector<std::string>> rows = {header};
    for_each_node(down, fixed, [&](const Point& place, const std::vector<std::string>& labels) {
      rows.push_back(labels);
      Point point = place;
      for (std::size_t i = 0; i < (across ? across->size() : 1); ++i) {
        if (across) set(point, *across, i);
        const Reading reading = read(table, point);
        has_sigma = has_sigma || std::isfinite(reading.sigma);
        rows.back().push_back(cell_text(table, reading));
      }
    });
    return grid(rows, std::string(down.size(), 'l') + "r");
  };

  std::string text = fmt::format("{}: {}\n", table.name, table.long_name);
  text += fmt::format("samples {}, interpolation error {}, noise floor {}\n", sample_count_text(table),
                      interpolation_error_text(table), noise_floor_text(table));
  if (!held.empty()) text += fmt::format("at {}\n", fmt::join(held, ", "));
  const std::string values = body(value_text);
  text += "\nvalue with its 95 % interval\n" + values;
  if (has_sigma) text += "\nsigma between samples with its 95 % interval\n" + body(sigma_text);
  return text;
}

}  // namespace mavis::report
