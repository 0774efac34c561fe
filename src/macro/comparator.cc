#include "macro/comparator.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace mavis::macro {
namespace {

constexpr const char* kOffset = "comparator/offset";
constexpr const char* kStep = "comparator/calibration_step";

struct Side {
  const char* name;
  double common_mode;  // where its steps are measured, of vdd
};
constexpr std::array<Side, 2> kSides = {{{"n", 0.95}, {"p", 0.05}}};

// Share of a side's step that acts at a common mode: 1 at its own end, 0 at the other.
double share(std::size_t side, double common_mode) {
  const double own = kSides[side].common_mode, far = kSides[1 - side].common_mode;
  return std::clamp((common_mode - far) / (own - far), 0.0, 1.0);
}

}  // namespace

ComparatorModel::ComparatorModel(const PointTables& tables, bool calibrated)
    : labels_(tables.find(kOffset).parameters.labels),
      offset_(tables.nominal_along(kOffset, "common_mode")),
      noise_(tables.plane_along("comparator_noise/input_noise", "sigma", "common_mode")),
      energy_(tables.nominal_along("comparator/energy", "common_mode")) {
  for (double cm : offset_.x) response_.push_back(tables.response(kOffset, {{"common_mode", cm}}));
  if (!calibrated || !tables.has(kStep)) return;
  for (std::size_t side = 0; side < kSides.size(); ++side)
    for (const char* where : {"left", "right"})
      for (int bits : {1, 2, 3}) {
        const std::string setting = fmt::format("{}_{}_{}", kSides[side].name, where, bits);
        // A setting whose step could not be measured is not used.
        if (tables.has_nominal(kStep, {{"setting", setting}}))
          steps_[side].push_back({setting, tables.nominal(kStep, {{"setting", setting}})});
      }
}

Comparator::Comparator(const ComparatorModel& model, const Chip& chip, int array)
    : threshold_(model.offset_) {
  std::vector<double> z;
  for (const std::string& label : model.labels_) z.push_back(chip.draw(comparator_address(array), label));
  for (std::size_t i = 0; i < threshold_.x.size(); ++i)
    for (std::size_t p = 0; p < model.response_[i].size(); ++p)
      threshold_.y[i] += model.response_[i][p] * z[p];

  std::array<double, 2> shifts{};
  for (std::size_t side = 0; side < kSides.size(); ++side) {
    const double offset = threshold_.at(kSides[side].common_mode);
    double nearest = std::fabs(offset);
    settings_[side] = "none";
    for (const ComparatorModel::Step& step : model.steps_[side]) {
      if (std::fabs(offset + step.shift) >= nearest) continue;
      nearest = std::fabs(offset + step.shift);
      settings_[side] = step.setting;
      shifts[side] = step.shift;
    }
  }
  for (std::size_t i = 0; i < threshold_.x.size(); ++i)
    for (std::size_t side = 0; side < kSides.size(); ++side)
      threshold_.y[i] += shifts[side] * share(side, threshold_.x[i]);
}

}  // namespace mavis::macro
