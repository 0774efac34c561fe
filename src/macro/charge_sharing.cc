#include "macro/charge_sharing.h"

#include <fmt/format.h>

#include <algorithm>

#include "macro/deviations.h"
#include "util/error.h"

namespace mavis::macro {
namespace {

constexpr const char* kLevel = "product_line/level";
constexpr const char* kCharge = "line_charge/charge";
constexpr int kHalvings = 40;  // of the supply: below a picovolt

// Empty responses, of a library without any, as zeros.
std::vector<double> response_of(const PointTables& tables, const char* table, const tables::Point& place) {
  std::vector<double> response = tables.response(table, place);
  response.resize(tables.find(table).parameters.labels.size(), 0.0);
  return response;
}

std::vector<double> draws_of(const std::vector<std::string>& labels, const Chip& chip,
                             const std::string& line, const std::string& cell) {
  std::vector<double> draws;
  for (const std::string& label : labels)
    draws.push_back(chip.draw(belongs_to_cell(label) ? cell : line, label));
  return draws;
}

}  // namespace

ChargeSharing::ChargeSharing(const PointTables& tables, const Spec& spec, const Levels& levels, int columns,
                             double hold_voltage)
    : columns_(columns),
      vdd_(tables.pvt().vdd),
      charge_labels_(tables.find(kCharge).parameters.labels),
      level_labels_(tables.find(kLevel).parameters.labels),
      nodes_(tables.axis(kCharge, "level").values) {
  const auto own_lines = [&](const Spec& at) {
    return tables.nominal(kCharge, charge_place(at, 0, 1)) - tables.nominal(kCharge, charge_place(at, 0, 0));
  };
  sum_line_ = levels.dac_capacitance() - spec.columns_per_half * own_lines(spec) / vdd_;
  if (!(sum_line_ > 0))
    throw InputError(fmt::format(
        "{}, cdac/level: at {} the lines alone hold more than a half's {:.3g} F; characterize both again",
        kCharge, tables.pvt().text(), levels.dac_capacitance()));
  sum_line_ *= static_cast<double>(columns) / spec.columns_per_half;

  Spec held = spec;
  held.hold_voltage = hold_voltage;
  for (int x : {0, 1}) {
    const auto at = static_cast<std::size_t>(x);
    tables::Point place = charge_place(held, x, 0);
    charge_[at] = tables.nominal_along(kCharge, "level", place);
    for (double node : nodes_)
      charge_response_[at].push_back(response_of(tables, kCharge, charge_place(held, x, node)));
    for (int w : {0, 1}) {
      level_[static_cast<std::size_t>(w)][at] = tables.nominal(kLevel, product_place(held, w, x));
      level_response_[static_cast<std::size_t>(w)][at] =
          response_of(tables, kLevel, product_place(held, w, x));
    }
  }
}

double ChargeSharing::line_capacitance() const {
  return (charge_[0].at(1) - charge_[0].at(0)) / vdd_;
}

SharedHalf::SharedHalf(const ChargeSharing& sharing, const Chip& chip, int array, Half half, double spread,
                       int row)
    : sharing_(&sharing) {
  for (int j = 0; j < sharing.columns_; ++j) {
    const std::string line = line_address(array, half, j), cell = cell_address(array, half, j, row);
    const std::vector<double> of_charge = draws_of(sharing.charge_labels_, chip, line, cell),
                              of_level = draws_of(sharing.level_labels_, chip, line, cell);
    Column& column = columns_.emplace_back();
    for (std::size_t x : {0, 1}) {
      column.charge[x].x = sharing.nodes_;
      for (const std::vector<double>& node : sharing.charge_response_[x])
        column.charge[x].y.push_back(spread * dot(node, of_charge));
    }
    for (std::size_t w : {0, 1})
      for (std::size_t x : {0, 1}) {
        const double level = sharing.level_[w][x] + dot(sharing.level_response_[w][x], of_level);
        column.brought[w][x] = charge(j, static_cast<int>(x), level / sharing.vdd_);
      }
  }
}

double SharedHalf::charge(int column, int input, double level) const {
  const auto x = static_cast<std::size_t>(input);
  return sharing_->charge_[x].at(level) + columns_[static_cast<std::size_t>(column)].charge[x].at(level);
}

double SharedHalf::capacitance(int column) const {
  return (charge(column, 0, 1) - charge(column, 0, 0)) / sharing_->vdd_;
}

double SharedHalf::settled(double brought, const std::vector<double>& ones) const {
  // What the draws add, of all lines together; the rest is the same for all with one input bit.
  Curve added{sharing_->nodes_, std::vector<double>(sharing_->nodes_.size(), 0.0)};
  std::array<double, 2> lines{};
  for (std::size_t j = 0; j < columns_.size(); ++j) {
    const std::array<double, 2> shares = {1 - ones[j], ones[j]};
    for (std::size_t x : {0, 1}) {
      if (shares[x] == 0) continue;
      lines[x] += shares[x];
      for (std::size_t i = 0; i < added.y.size(); ++i) added.y[i] += shares[x] * columns_[j].charge[x].y[i];
    }
  }
  brought += sharing_->sum_line_ * sharing_->vdd_;
  double low = 0, high = 1;  // of vdd
  for (int i = 0; i < kHalvings; ++i) {
    const double middle = (low + high) / 2;
    const double held = lines[0] * sharing_->charge_[0].at(middle) +
                        lines[1] * sharing_->charge_[1].at(middle) + added.at(middle) +
                        sharing_->sum_line_ * middle * sharing_->vdd_;
    (held < brought ? low : high) = middle;
  }
  return (low + high) / 2 * sharing_->vdd_;
}

double SharedHalf::level(const Bits& stored, const Bits& input) const {
  double brought = 0;
  for (std::size_t j = 0; j < columns_.size(); ++j)
    brought += columns_[j].brought[stored[j] ? 1 : 0][input[j] ? 1 : 0];
  return settled(brought, std::vector<double>(input.begin(), input.end()));
}

double SharedHalf::expected_level(int products, const std::vector<int>& discarded) const {
  const double usable = static_cast<double>(columns_.size() - discarded.size());
  double brought = 0;
  std::vector<double> ones;
  for (std::size_t j = 0; j < columns_.size(); ++j) {
    const bool is_discarded = std::binary_search(discarded.begin(), discarded.end(), static_cast<int>(j));
    const double product = is_discarded ? 1 : products / usable, zero = (1 - product) / kZeroKinds.size();
    const auto& states = columns_[j].brought;
    brought += product * states[1][1] + zero * (states[0][1] + states[1][0] + states[0][0]);
    ones.push_back(product + zero);
  }
  return settled(brought, ones);
}

double SharedHalf::reference(int code) const {
  double brought = 0;
  for (int j = 0; j < sharing_->columns_; ++j) brought += charge(j, 0, pulls_low(code, j) ? 0 : 1);
  return settled(brought, std::vector<double>(columns_.size(), 0.0));
}

}  // namespace mavis::macro
