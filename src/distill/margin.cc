#include "distill/margin.h"

#include <algorithm>
#include <limits>

#include "tables/interpolate.h"

namespace mavis::distill {
namespace {

using tables::Axis;
using tables::Evaluated;
using tables::Point;
using tables::Status;
using tables::Table;

constexpr double kFar = std::numeric_limits<double>::infinity();

struct Cell {
  double value = 0;
  Status status = Status::ok;
};

// What one PVT point's references leave a level.
class Ladder {
 public:
  Ladder(const Table& reference, const Point& pvt, int columns) : columns_(columns) {
    for (const std::string& pattern : reference.find_axis("pattern")->labels) {
      std::vector<double> levels;
      for (int m = 0; m <= columns; ++m) {
        Point point = pvt;
        point["code"] = static_cast<double>(m);
        point["pattern"] = pattern;
        const Evaluated level = evaluate(reference, point);
        status_ = std::max(status_, level.status);
        levels.push_back(level.value);
      }
      levels_.push_back(std::move(levels));
    }
  }

  Cell margin(int products, const Evaluated& level, const Evaluated& droop) const {
    Cell cell{0, std::max({status_, level.status, droop.status})};
    if (cell.status != Status::ok) return {std::numeric_limits<double>::quiet_NaN(), cell.status};
    const double low = level.value + std::min(0.0, droop.value),
                 high = level.value + std::max(0.0, droop.value);
    cell.value = kFar;
    for (const std::vector<double>& references : levels_) {
      const auto k = static_cast<std::size_t>(products);
      const double step = (references.front() - references.back()) / columns_;
      if (products < columns_) cell.value = std::min(cell.value, (low - references[k]) / step);
      if (products > 0) cell.value = std::min(cell.value, (references[k - 1] - high) / step);
    }
    if (cell.value <= 0) cell.status = Status::no_margin;
    return cell;
  }

 private:
  int columns_;
  std::vector<std::vector<double>> levels_;  // by pattern and code, V
  Status status_ = Status::ok;
};

}  // namespace

std::optional<Table> margin(const tables::Library& library) {
  const auto& tables = library.tables();
  const auto level = tables.find("sum_line/level"), droop = tables.find("sum_line/droop"),
             reference = tables.find("cdac/level");
  if (level == tables.end() || droop == tables.end() || reference == tables.end()) return std::nullopt;
  const Table& signal = level->second;
  const int columns = static_cast<int>(signal.find_axis("products")->values.back());

  Table table;
  table.name = "margin/margin";
  table.unit = "1";
  table.long_name = "distance of a level from the nearest wrong decision, steps of the reference";
  table.axes = {signal.axes[0], signal.axes[1], signal.axes[2]};
  Axis products = *signal.find_axis("products");
  products.values.clear();
  for (int k = 0; k <= columns; ++k) products.values.push_back(k);
  table.axes.push_back(products);
  table.axes.push_back(*signal.find_axis("zeros"));
  for (const std::string& corner : table.axes[0].labels)
    for (double vdd : table.axes[1].values)
      for (double temp_c : table.axes[2].values) {
        Point point = {{"corner", corner}, {"vdd", vdd}, {"temp_c", temp_c}};
        const Ladder ladder(reference->second, point, columns);
        for (int k = 0; k <= columns; ++k)
          for (const std::string& zeros : table.axes[4].labels) {
            point["products"] = static_cast<double>(k);
            point["zeros"] = zeros;
            const Cell cell = ladder.margin(k, evaluate(signal, point), evaluate(droop->second, point));
            table.values.push_back(cell.value);
            table.status.push_back(cell.status);
          }
      }
  return table;
}

}  // namespace mavis::distill
