#include "macro/comparator.h"

#include <fmt/format.h>

#include <algorithm>

namespace mavis::macro {
namespace {

constexpr const char* kOffset = "comparator/offset";
constexpr const char* kStep = "comparator/calibration_step";
constexpr const char* kNone = "none";

// Share of a side's step that acts at a common mode: 1 at its own end, 0 at the other.
double share(Side side, double common_mode) {
  const double own = calibration_common_mode(side),
               far = calibration_common_mode(side == Side::n ? Side::p : Side::n);
  return std::clamp((common_mode - far) / (own - far), 0.0, 1.0);
}

}  // namespace

double calibration_common_mode(Side side) {
  return side == Side::n ? 0.95 : 0.05;
}

ComparatorModel::ComparatorModel(const PointTables& tables, bool calibrated)
    : labels_(tables.find(kOffset).parameters.labels),
      offset_(tables.nominal_along(kOffset, "common_mode")),
      noise_(tables.plane_along("comparator_noise/input_noise", "sigma", "common_mode")),
      energy_(tables.nominal_along("comparator/energy", "common_mode")) {
  for (double cm : offset_.x) response_.push_back(tables.response(kOffset, {{"common_mode", cm}}));
  for (Side side : kSides) {
    std::vector<CalibrationSetting>& settings = settings_[static_cast<std::size_t>(side)];
    settings.push_back({kNone, 0});
    if (!calibrated || !tables.has(kStep)) continue;
    for (const char* where : {"left", "right"})
      for (int bits : {1, 2, 3}) {
        const std::string name = fmt::format("{}_{}_{}", side == Side::n ? "n" : "p", where, bits);
        // A setting whose step could not be measured is not used.
        if (tables.has_nominal(kStep, {{"setting", name}}))
          settings.push_back({name, tables.nominal(kStep, {{"setting", name}})});
      }
    std::stable_sort(settings.begin(), settings.end(),
                     [](const auto& a, const auto& b) { return a.shift < b.shift; });
  }
}

Calibration ComparatorModel::without_calibration() const {
  Calibration none{};
  for (Side side : kSides) {
    const std::vector<CalibrationSetting>& all = settings(side);
    const auto found = std::find_if(all.begin(), all.end(), [](const auto& s) { return s.name == kNone; });
    none[static_cast<std::size_t>(side)] = static_cast<std::size_t>(found - all.begin());
  }
  return none;
}

Comparator::Comparator(const ComparatorModel& model, const Chip& chip, int array)
    : model_(&model), bare_(model.offset_), calibration_(model.without_calibration()) {
  std::vector<double> z;
  for (const std::string& label : model.labels_) z.push_back(chip.draw(comparator_address(array), label));
  for (std::size_t i = 0; i < bare_.x.size(); ++i)
    for (std::size_t p = 0; p < model.response_[i].size(); ++p) bare_.y[i] += model.response_[i][p] * z[p];
  threshold_ = bare_;
}

Comparator Comparator::with(const Calibration& calibration) const {
  Comparator changed = *this;
  changed.calibration_ = calibration;
  changed.threshold_ = bare_;
  for (Side side : kSides) {
    const double shift = model_->settings(side)[calibration[static_cast<std::size_t>(side)]].shift;
    for (std::size_t i = 0; i < bare_.x.size(); ++i)
      changed.threshold_.y[i] += shift * share(side, bare_.x[i]);
  }
  return changed;
}

const std::string& Comparator::setting(Side side) const {
  return model_->settings(side)[calibration_[static_cast<std::size_t>(side)]].name;
}

}  // namespace mavis::macro
