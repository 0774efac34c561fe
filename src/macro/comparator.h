// The comparator of a uArray: it decides 1 where inp - inn exceeds its threshold.
//
// threshold(cm) = comparator/offset(cm) + sum_p response(cm; p) z_p + calibration(cm), cm the inputs' common
// mode over vdd. Calibration is a setting of tail devices for each side: none or one of n_left_1..3,
// n_right_1..3 on the N side, whose effect at common mode 0.95 is the library's comparator/calibration_step,
// p_... on the P side, at 0.05. How a chip comes by its settings: comparator_calibration.h. ASSUMED, because
// the library measures a step at its own end only: a setting's effect falls linearly from full at its own end
// to none at the other.
// Noise is the spread "sigma" of comparator_noise/input_noise, energy a decision comparator/energy.
// Beyond the axes of each table the value at its end holds. Immutable, thread-safe.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "macro/chip.h"
#include "macro/point_tables.h"

namespace mavis::macro {

enum class Side { n, p };
inline constexpr std::array kSides = {Side::n, Side::p};
// Of vdd: where a side rules, and its steps are measured.
double calibration_common_mode(Side side);

struct CalibrationSetting {
  std::string name;  // "n_left_2", "none"
  double shift = 0;  // V, of the threshold at the side's common mode
};

// One setting for each side: positions in ComparatorModel::settings.
using Calibration = std::array<std::size_t, 2>;

// What all comparators share at a PVT point.
class ComparatorModel {
 public:
  // Throws InputError as PointTables does. `calibrated` false: the only setting is none, as in a library
  // without comparator/calibration_step, whose comparator can't be calibrated.
  explicit ComparatorModel(const PointTables& tables, bool calibrated = true);

  const std::vector<std::string>& labels() const { return labels_; }
  double noise(double common_mode) const { return noise_.at(common_mode); }    // V rms
  double energy(double common_mode) const { return energy_.at(common_mode); }  // J a decision

  // By ascending shift, "none" among them.
  const std::vector<CalibrationSetting>& settings(Side side) const {
    return settings_[static_cast<std::size_t>(side)];
  }
  Calibration without_calibration() const;

 private:
  friend class Comparator;

  std::vector<std::string> labels_;
  Curve offset_;                               // V
  std::vector<std::vector<double>> response_;  // V, by point of offset_ and label
  Curve noise_, energy_;
  std::array<std::vector<CalibrationSetting>, 2> settings_;
};

class Comparator {
 public:
  // All settings off. `model` must outlive it.
  Comparator(const ComparatorModel& model, const Chip& chip, int array);

  Comparator with(const Calibration& calibration) const;

  double threshold(double common_mode) const { return threshold_.at(common_mode); }  // V
  const Calibration& calibration() const { return calibration_; }
  const std::string& setting(Side side) const;  // "n_left_2", "none"
  const ComparatorModel& model() const { return *model_; }

 private:
  const ComparatorModel* model_;
  Curve bare_, threshold_;
  Calibration calibration_;
};

}  // namespace mavis::macro
