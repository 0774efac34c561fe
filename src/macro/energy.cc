#include "macro/energy.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "util/error.h"

namespace mavis::macro {
namespace {

// Parts of the labels of a table's axis `driver`.
std::vector<std::size_t> parts_of(const tables::Axis& drivers, std::string_view table) {
  std::vector<std::size_t> parts;
  for (const std::string& label : drivers.labels) {
    const auto part = std::find(kPartNames.begin(), kPartNames.end(), label);
    if (part == kPartNames.end())
      throw InputError(fmt::format("{}: driver '{}' is unknown to this program; update mavis", table, label));
    parts.push_back(static_cast<std::size_t>(part - kPartNames.begin()));
  }
  return parts;
}

}  // namespace

double Ledger::of(Phase phase) const {
  double sum = 0;
  for (double joules : cells_[static_cast<std::size_t>(phase)]) sum += joules;
  return sum;
}

double Ledger::of(Part part) const {
  double sum = 0;
  for (const auto& phase : cells_) sum += phase[static_cast<std::size_t>(part)];
  return sum;
}

double Ledger::total() const {
  return of(Phase::mav) + of(Phase::conversion) + of(Phase::idle);
}

Ledger& Ledger::add(const Ledger& other, double times) {
  for (std::size_t i = 0; i < cells_.size(); ++i)
    for (std::size_t j = 0; j < cells_[i].size(); ++j) cells_[i][j] += times * other.cells_[i][j];
  return *this;
}

Energies::Energies(const PointTables& tables, const Spec& spec) : idle_slices_(spec.adc_bits - 1) {
  constexpr const char *kMav = "sum_line/energy", *kDac = "cdac/energy", *kDacFirst = "cdac/first_energy",
                       *kSar = "sar_logic/energy", *kLeakage = "leakage/power";
  const tables::Axis& mav_drivers = tables.axis(kMav, "driver");
  mav_parts_ = parts_of(mav_drivers, kMav);
  for (const std::string& driver : mav_drivers.labels)
    mav_.emplace_back(tables, kMav, spec.columns_per_half, tables::Point{{"driver", driver}});

  const tables::Axis& dac_drivers = tables.axis(kDac, "driver");
  dac_parts_ = parts_of(dac_drivers, kDac);
  for (int code = 0; code <= spec.columns_per_half; ++code) {
    std::vector<Curve>& curves = dac_.emplace_back();
    for (const std::string& driver : dac_drivers.labels)
      curves.push_back(
          tables.nominal_along(kDac, "before", {{"code", static_cast<double>(code)}, {"driver", driver}}));
  }

  if (tables.has(kDacFirst))
    for (const std::string& driver : dac_drivers.labels)
      dac_first_.push_back(tables.nominal(kDacFirst, {{"driver", driver}}));

  const auto sar = [&](const char* activity) {
    return tables.nominal(kSar, {{"activity", std::string(activity)}});
  };
  const std::vector<std::string>& activities = tables.axis(kSar, "activity").labels;
  const auto knows = [&](const char* activity) {
    return std::find(activities.begin(), activities.end(), activity) != activities.end();
  };
  sar_idle_ = sar("idle");
  sar_slice_ = {sar("to_zero") + (knows("reset") ? sar("reset") : 0),
                sar("to_one") + (knows("reset") ? sar_idle_ : 0)};
  if (knows("trial"))
    for (double& slice : sar_slice_) slice += sar("trial");

  const bool is_geometric =
      tables.find(kLeakage).scale == tables::Scale::log && tables.find(kLeakage).planes.contains("sigma");
  for (std::size_t bit : {0, 1}) {
    const tables::Point place{{"stored_bit", std::string(bit ? "1" : "0")},
                              {"hold_voltage", spec.hold_voltage}};
    const double sigma = is_geometric ? tables.plane(kLeakage, "sigma", place) : 0;
    leakage_[bit] = tables.value(kLeakage, place) * std::exp(sigma * sigma / 2);
  }
}

void Energies::add_mav(Ledger& ledger, const Counts& counts) const {
  for (std::size_t d = 0; d < mav_.size(); ++d) ledger.add(Phase::mav, mav_parts_[d], mav_[d].at(counts));
}

void Energies::add_dac_step(Ledger& ledger, int code, double before) const {
  const std::vector<Curve>& curves = dac_[static_cast<std::size_t>(code)];
  for (std::size_t d = 0; d < curves.size(); ++d)
    ledger.add(Phase::conversion, dac_parts_[d], curves[d].at(before));
}

void Energies::add_dac_first(Ledger& ledger, int code) const {
  for (std::size_t d = 0; d < dac_first_.size(); ++d)
    ledger.add(Phase::conversion, dac_parts_[d], (code + 1) * dac_first_[d]);
}

void Energies::add_dac_return(Ledger& ledger, double before) const {
  const std::vector<Curve>& curves = dac_.front();
  for (std::size_t d = 0; d < curves.size(); ++d)
    ledger.add(Phase::conversion, dac_parts_[d], curves[d].at(before) - curves[d].at(1));
}

void Energies::add_comparator(Ledger& ledger, double joules) const {
  ledger.add(Phase::conversion, Part::comparator, joules);
}

void Energies::add_sar(Ledger& ledger, int bit) const {
  ledger.add(Phase::conversion, Part::sar, sar_slice_[bit ? 1 : 0] + idle_slices_ * sar_idle_);
}

void Energies::add_leakage(Ledger& ledger, double cells_with_zero, double cells_with_one,
                           double seconds) const {
  ledger.add(Phase::idle, Part::leakage,
             (cells_with_zero * leakage_[0] + cells_with_one * leakage_[1]) * seconds);
}

}  // namespace mavis::macro
