#include "macro/deviations.h"

#include <algorithm>
#include <bit>
#include <numeric>

namespace mavis::macro {
namespace {

constexpr const char* kLevel = "product_line/level";
constexpr const char* kCharge = "line_charge/charge";
// Half the difference for the slope of the charge curve, of vdd: half a step of its axis.
constexpr double kSlopeStep = 0.05;

// dQ/dV of the line at `level` (of vdd), F.
double capacitance(const PointTables& tables, const Spec& spec, int input, double level) {
  const double centre = std::clamp(level, 0.0, 1.0);
  const double low = std::max(0.0, centre - kSlopeStep), high = std::min(1.0, centre + kSlopeStep);
  return (tables.nominal(kCharge, charge_place(spec, input, high)) -
          tables.nominal(kCharge, charge_place(spec, input, low))) /
         ((high - low) * tables.pvt().vdd);
}

}  // namespace

LineResponses::LineResponses(const PointTables& tables, const Spec& spec) : vdd_(tables.pvt().vdd) {
  std::set<std::string> labels;
  for (const char* table : {kLevel, kCharge})
    labels.insert(tables.find(table).parameters.labels.begin(), tables.find(table).parameters.labels.end());
  labels_.assign(labels.begin(), labels.end());

  nodes_ = tables.axis(kCharge, "level").values;
  for (int x : {0, 1})
    for (double node : nodes_)
      kept_[static_cast<std::size_t>(x)].push_back(
          response(tables, kCharge, charge_place(spec, x, node)).slope);
  for (int w : {0, 1})
    for (int x : {0, 1}) {
      const double level = tables.nominal(kLevel, product_place(spec, w, x)) / vdd_;
      const double c = capacitance(tables, spec, x, level);
      const Response charge = response(tables, kCharge, charge_place(spec, x, level));
      Response brought = response(tables, kLevel, product_place(spec, w, x));
      brought.scale(c);
      for (std::size_t p = 0; p < size(); ++p) brought.slope[p] += charge.slope[p];
      brought_[static_cast<std::size_t>(w)][static_cast<std::size_t>(x)] = brought;
    }
}

Response LineResponses::response(const PointTables& tables, const std::string& table,
                                 const tables::Point& place) const {
  const Response found = tables.bent_response(table, place);
  const std::vector<std::string>& names = tables.find(table).parameters.labels;
  const auto ordered = [&](const PerLabel& of) {
    PerLabel all(size(), 0.0);
    for (std::size_t p = 0; p < of.size(); ++p)
      all[static_cast<std::size_t>(std::lower_bound(labels_.begin(), labels_.end(), names[p]) -
                                   labels_.begin())] = of[p];
    return all;
  };
  return {ordered(found.slope), found.bend.empty() ? PerLabel{} : ordered(found.bend)};
}

std::vector<double> LineResponses::draws(const Chip& chip, int array, Half half, int column, int row) const {
  const std::string line = line_address(array, half, column), cell = cell_address(array, half, column, row);
  std::vector<double> draws;
  for (const std::string& label : labels_)
    draws.push_back(chip.draw(belongs_to_cell(label) ? cell : line, label));
  return draws;
}

HalfRow::HalfRow(const LineResponses& responses, const Levels& levels, const Chip& chip, int array, Half half,
                 int row, Bits stored)
    : levels_(&levels), vdd_(responses.vdd_), stored_(std::move(stored)) {
  ones_ = std::accumulate(stored_.begin(), stored_.end(), 0.0) / static_cast<double>(stored_.size());
  for (std::size_t j = 0; j < stored_.size(); ++j) {
    const std::vector<double> z = responses.draws(chip, array, half, static_cast<int>(j), row);
    Column& column = columns_.emplace_back();
    for (std::size_t x : {0, 1}) {
      column.brought[x] = responses.brought_[stored_[j] ? 1 : 0][x].to(z);
      column.kept[x].x = responses.nodes_;
      for (const auto& node : responses.kept_[x]) column.kept[x].y.push_back(dot(node, z));
    }
  }
}

double HalfRow::mav_deviation(const Bits& input, double level) const {
  double sum = 0;
  for (std::size_t j = 0; j < columns_.size(); ++j) sum += column_deviation(j, input[j] != 0, level);
  return sum;
}

double HalfRow::column_deviation(std::size_t column, bool input, double level) const {
  const Column& c = columns_[column];
  const std::size_t x = input ? 1 : 0;
  return (c.brought[x] - c.kept[x].at(level / vdd_)) / levels_->mav_capacitance();
}

double HalfRow::reference_deviation(int code, double level) const {
  double charge = 0;
  for (std::size_t j = 0; j < columns_.size(); ++j) {
    const Curve& kept = columns_[j].kept[0];
    charge += kept.at(pulls_low(code, static_cast<int>(j)) ? 0 : 1) - kept.at(level / vdd_);
  }
  return charge / levels_->dac_capacitance();
}

bool pulls_low(int code, int column) {
  const int bit = std::bit_width(static_cast<unsigned>(column) + 1) - 1;
  return (code >> bit) & 1;
}

}  // namespace mavis::macro
