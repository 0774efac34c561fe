#include "distill/margin.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tables/interpolate.h"

namespace mavis::distill {
namespace {

using tables::Axis;
using tables::Evaluated;
using tables::Point;
using tables::Status;
using tables::Table;
using tables::Worse;

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

// A table over the PVT points of another one, filled by `cell` for each.
template <class Cell>
Table over_pvt(const Table& like, const char* name, const char* long_name, Worse worse, Cell cell) {
  Table table{.name = name,
              .unit = "1",
              .long_name = long_name,
              .axes = {like.axes[0], like.axes[1], like.axes[2]},
              .worse = worse};
  for (const std::string& corner : table.axes[0].labels)
    for (double vdd : table.axes[1].values)
      for (double temp_c : table.axes[2].values) cell(table, corner, vdd, temp_c);
  return table;
}

Point pvt_point(const std::string& corner, double vdd, double temp_c) {
  return {{"corner", corner}, {"vdd", vdd}, {"temp_c", temp_c}};
}

Table margins(const Table& signal, const Table& droop, const Table& reference, int columns) {
  const std::vector<std::string> kinds = signal.find_axis("zeros")->labels;
  Table table = over_pvt(
      signal, "margin/margin", "distance of a level from the nearest wrong decision, steps of the reference",
      Worse::low, [&](Table& filled, const std::string& corner, double vdd, double temp_c) {
        Point point = pvt_point(corner, vdd, temp_c);
        const Ladder ladder(reference, point, columns);
        for (int k = 0; k <= columns; ++k)
          for (const std::string& zeros : kinds) {
            point["products"] = static_cast<double>(k);
            point["zeros"] = zeros;
            const Cell cell = ladder.margin(k, evaluate(signal, point), evaluate(droop, point));
            filled.values.push_back(cell.value);
            filled.status.push_back(cell.status);
          }
      });
  Axis products = *signal.find_axis("products");
  products.values.clear();
  for (int k = 0; k <= columns; ++k) products.values.push_back(k);
  table.axes.push_back(products);
  table.axes.push_back(*signal.find_axis("zeros"));
  return table;
}

Table least(const Table& margins) {
  std::size_t at = 0;
  Table table = over_pvt(margins, "margin/least",
                         "least distance of any level from a wrong decision, steps of the reference",
                         Worse::low, [&](Table& filled, const std::string&, double, double) {
                           const std::size_t cells = margins.axes[3].size() * margins.axes[4].size();
                           double value = kFar;
                           Status status = Status::ok;
                           for (std::size_t i = 0; i < cells; ++i, ++at) {
                             if (!std::isnan(margins.values[at])) value = std::min(value, margins.values[at]);
                             status = std::max(status, margins.status[at]);
                           }
                           filled.values.push_back(value == kFar ? std::nan("") : value);
                           filled.status.push_back(status);
                         });
  return table;
}

Table residual(const Table& signal, const Table& lines, const plan::Subject& subject, int columns) {
  return over_pvt(signal, "margin/residual",
                  "what unfinished products add to the lowest level, steps of the reference", Worse::high,
                  [&](Table& filled, const std::string& corner, double vdd, double temp_c) {
                    Point point = pvt_point(corner, vdd, temp_c);
                    point["hold_voltage"] = subject.hold_voltage;
                    point["timing"] = subject.timing;
                    point["input_bit"] = std::string("1");
                    const auto level = [&](const char* stored) {
                      point["stored_bit"] = std::string(stored);
                      return evaluate_plane(lines, "nominal", point);
                    };
                    const Evaluated product = level("1"), zero = level("0");
                    const double left = std::max(0.0, product.value);
                    filled.values.push_back(columns * left / (zero.value - left));
                    filled.status.push_back(std::max(product.status, zero.status));
                  });
}

}  // namespace

void add_margins(tables::Library& library, const plan::Subject& subject) {
  const auto find = [&](const char* name) {
    const auto found = library.tables().find(name);
    return found == library.tables().end() ? nullptr : &found->second;
  };
  const Table *level = find("sum_line/level"), *droop = find("sum_line/droop"),
              *reference = find("cdac/level"), *lines = find("product_line/level");
  if (!level || !droop || !reference) return;
  const Table signal = *level;
  const int columns = static_cast<int>(signal.find_axis("products")->values.back());
  const Table all = margins(signal, *droop, *reference, columns);
  if (lines) library.put(residual(signal, *lines, subject, columns));
  library.put(least(all));
  library.put(over_pvt(signal, "margin/claimed", "1 where the macro claims the point", Worse::none,
                       [&](Table& filled, const std::string& corner, double vdd, double temp_c) {
                         filled.values.push_back(subject.claims_point(corner, vdd, temp_c) ? 1 : 0);
                       }));
  library.put(all);
}

}  // namespace mavis::distill
