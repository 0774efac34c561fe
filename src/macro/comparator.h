// The comparator of a uArray: it decides 1 where inp - inn exceeds its threshold.
//
// threshold(cm) = comparator/offset(cm) + sum_p response(cm; p) z_p + calibration(cm), cm the inputs' common
// mode over vdd. Calibration is chosen at the simulated point as a tester would: on the N side (cm 0.95) none
// or one of n_left_1..3, n_right_1..3, whichever brings the threshold there nearest to zero by the library's
// comparator/calibration_step; on the P side (cm 0.05) likewise. ASSUMED, because the library measures a step
// at its own end only: a setting's effect falls linearly from full at its own end to none at the other.
// Noise is the spread "sigma" of comparator_noise/input_noise, energy a decision comparator/energy.
// Beyond the axes of each table the value at its end holds. Immutable, thread-safe.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "macro/chip.h"
#include "macro/point_tables.h"

namespace mavis::macro {

// What all comparators share at a PVT point.
class ComparatorModel {
 public:
  // Throws InputError as PointTables does. `calibrated` false: all settings stay off, as in a library without
  // comparator/calibration_step, whose comparator can't be calibrated.
  explicit ComparatorModel(const PointTables& tables, bool calibrated = true);

  const std::vector<std::string>& labels() const { return labels_; }
  double noise(double common_mode) const { return noise_.at(common_mode); }    // V rms
  double energy(double common_mode) const { return energy_.at(common_mode); }  // J a decision

 private:
  friend class Comparator;
  struct Step {
    std::string setting;  // "n_left_2"
    double shift = 0;     // V
  };

  std::vector<std::string> labels_;
  Curve offset_;                               // V
  std::vector<std::vector<double>> response_;  // V, by point of offset_ and label
  Curve noise_, energy_;
  std::array<std::vector<Step>, 2> steps_;  // of the N and the P side
};

class Comparator {
 public:
  Comparator(const ComparatorModel& model, const Chip& chip, int array);

  double threshold(double common_mode) const { return threshold_.at(common_mode); }  // V
  const std::string& n_setting() const { return settings_[0]; }                      // "n_left_2", "none"
  const std::string& p_setting() const { return settings_[1]; }

 private:
  Curve threshold_;
  std::array<std::string, 2> settings_;
};

}  // namespace mavis::macro
