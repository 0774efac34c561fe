#include "macro/levels.h"

#include <fmt/format.h>

#include <algorithm>

#include "util/error.h"

namespace mavis::macro {

Counts count(const Bits& stored, const Bits& input) {
  Counts counts;
  for (std::size_t j = 0; j < stored.size(); ++j) {
    if (stored[j] && input[j])
      ++counts.products;
    else
      ++counts.zeros[input[j] ? 0 : stored[j] ? 1 : 2];
  }
  return counts;
}

ByCounts::ByCounts(const PointTables& tables, std::string_view table, int columns,
                   const tables::Point& place) {
  for (int k = 0; k <= columns; ++k) {
    tables::Point there = place;
    there["products"] = static_cast<double>(k);
    std::array<double, 3>& row = values_.emplace_back();
    for (std::size_t z = 0; z < kZeroKinds.size(); ++z) {
      there["zeros"] = kZeroKinds[z];
      row[z] = tables.nominal(table, there);
    }
  }
}

double ByCounts::at(const Counts& counts) const {
  const std::array<double, 3>& row = values_[static_cast<std::size_t>(counts.products)];
  const int zeros = counts.zeros[0] + counts.zeros[1] + counts.zeros[2];
  if (zeros == 0) return row[0];
  double sum = 0;
  for (std::size_t z = 0; z < row.size(); ++z) sum += counts.zeros[z] * row[z];
  return sum / zeros;
}

Levels::Levels(const PointTables& tables, const Spec& spec)
    : columns_(spec.columns_per_half),
      level_(tables, "sum_line/level", columns_),
      droop_(tables, "sum_line/droop", columns_) {
  for (int code = 0; code <= columns_; ++code) {
    tables::Point place{{"code", static_cast<double>(code)}};
    std::array<double, 2>& row = reference_.emplace_back();
    for (std::size_t p = 0; p < row.size(); ++p) {
      place["pattern"] = p == 0 ? "zeros" : "ones";
      row[p] = tables.nominal("cdac/level", place);
    }
  }
  const auto charge = [&](int input, double level) {
    return tables.nominal("line_charge/charge", charge_place(spec, input, level));
  };
  const auto after_product = [&](int stored) {
    return tables.nominal("product_line/level", product_place(spec, stored, 1)) / tables.pvt().vdd;
  };
  const double mav_step = (level_.at(0, 0) - level_.at(columns_, 0)) / columns_;
  const double dac_step =
      (reference_.front()[0] + reference_.front()[1] - reference_.back()[0] - reference_.back()[1]) / 2 /
      columns_;
  const double mav_charge = charge(1, after_product(0)) - charge(1, after_product(1));
  const double dac_charge = charge(0, 1) - charge(0, 0);
  if (!(mav_step > 0 && dac_step > 0 && mav_charge > 0 && dac_charge > 0))
    throw InputError(
        fmt::format("sum_line/level, cdac/level: levels at {} do not fall with products and code; this macro "
                    "can't be simulated there",
                    tables.pvt().text()));
  mav_capacitance_ = mav_charge / mav_step;
  dac_capacitance_ = dac_charge / dac_step;
}

double Levels::reference(int code, double ones) const {
  const std::array<double, 2>& row = reference_[static_cast<std::size_t>(code)];
  return (1 - ones) * row[0] + ones * row[1];
}

tables::Point product_place(const Spec& spec, int stored, int input) {
  return {{"hold_voltage", spec.hold_voltage},
          {"stored_bit", std::string(stored ? "1" : "0")},
          {"timing", spec.timing},
          {"input_bit", std::string(input ? "1" : "0")}};
}

tables::Point charge_place(const Spec& spec, int input, double level) {
  return {{"hold_voltage", spec.hold_voltage},
          {"input_bit", std::string(input ? "1" : "0")},
          {"level", std::clamp(level, 0.0, 1.0)}};
}

}  // namespace mavis::macro
