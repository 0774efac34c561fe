#include "validate/measured_comparators.h"

namespace mavis::validate {

std::vector<double> threshold_common_modes() {
  std::vector<double> nodes;
  for (int i = 2; i <= 14; ++i) nodes.push_back(i / 40.0);   // 0.05 ... 0.35
  for (int i = 30; i <= 46; ++i) nodes.push_back(i / 80.0);  // 0.375 ... 0.575
  for (int i = 12; i <= 19; ++i) nodes.push_back(i / 20.0);  // 0.6 ... 0.95
  nodes.push_back(0.975);
  return nodes;
}

macro::Curve measured_thresholds(const ValidationPlan& plan, const plan::Results& results, std::size_t chip,
                                 int array) {
  const std::vector<double>& common_modes = plan.question().common_modes;
  macro::Curve found, all;
  if (common_modes.empty()) return all;
  const plan::Measurement* measurement = results.measurement(plan.threshold_request(chip, array));
  if (!measurement) return all;
  const plan::Measured& thresholds = measurement->at("threshold");
  for (std::size_t i = 0; i < common_modes.size(); ++i)
    if (thresholds.status_at(i) == tables::Status::ok) {
      found.x.push_back(common_modes[i]);
      found.y.push_back(thresholds.values[i]);
    }
  if (found.x.empty()) return all;
  for (double common_mode : common_modes) {
    all.x.push_back(common_mode);
    all.y.push_back(found.at(common_mode));
  }
  return all;
}

}  // namespace mavis::validate
