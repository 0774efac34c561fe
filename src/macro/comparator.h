// The comparator of a uArray: it decides 1 where inp - inn exceeds its threshold.
//
// threshold(cm) = offset(cm) + R_offset(cm; z) + shift of the N side + shift of the P side, cm the inputs'
// common mode over vdd, z the comparator's draws, R(z) = sum_p slope_p z_p + bend_p z_p^2 from the siblings
// response and bend of a table, offset = comparator_calibration/offset. Calibration
// is a setting of tail devices for each side: none or one of n_left_1..3, n_right_1..3 on the N side, p_...
// on the P side. How a chip comes by its settings: comparator_calibration.h. Setting s shifts by
//   shift(s, cm) + rule(s, cm) R_there(s, cm; z)       comparator_calibration/shift, shift_where_it_rules
// The second table holds four common modes where the side rules; R_there is linear between and
// constant beyond. rule is 1 from the innermost of them to the side's rail, and inwards the part of the shift
// there that is left on the circuit without mismatch, 0 to 1.
// A library without that bench has comparator/offset and comparator/calibration_step, each step at its own
// end: then ASSUMED is that a shift falls linearly from full at its own end to none at the other, and differs
// between chips nowhere.
// A decision of a small overdrive takes long; what is not decided when it is read counts as a 0, a bit that
// is 1 (conversion.h). Delay falls with the logarithm of the overdrive: the line through both ends of
// comparator/delay's axis gives the overdrive late(cm) that takes just the macro's decision time.
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
  // `decision_time` (s): 0: as long as it takes.
  explicit ComparatorModel(const PointTables& tables, bool calibrated = true, double decision_time = 0);

  const std::vector<std::string>& labels() const { return labels_; }
  double noise(double common_mode) const { return noise_.at(common_mode); }    // V rms
  double late(double common_mode) const { return late_.at(common_mode); }      // V of overdrive
  double energy(double common_mode) const { return energy_.at(common_mode); }  // J a decision

  // By ascending shift, "none" among them.
  const std::vector<CalibrationSetting>& settings(Side side) const {
    return settings_[static_cast<std::size_t>(side)];
  }
  Calibration without_calibration() const;
  const std::string& pvt() const { return pvt_; }  // Pvt::text()

 private:
  friend class Comparator;

  // What a setting does at the points of offset_.
  struct Shift {
    std::vector<double> nominal;     // V
    std::vector<Response> response;  // V, by point; empty: none
  };
  void read_settings(const PointTables& tables, Side side);
  Shift shift_of(const PointTables& tables, Side side, const CalibrationSetting& setting) const;

  std::string pvt_;
  std::vector<std::string> labels_;
  Curve offset_;                    // V
  std::vector<Response> response_;  // V, by point of offset_
  Curve noise_, energy_, late_;
  std::array<std::vector<CalibrationSetting>, 2> settings_;
  std::array<std::vector<Shift>, 2> shifts_;  // of settings_
};

// Labels of the draws that a library's comparator has.
const std::vector<std::string>& comparator_parameters(const tables::Library& library);

class Comparator {
 public:
  // All settings off. `model` must outlive it.
  Comparator(const ComparatorModel& model, const Chip& chip, int array);

  Comparator with(const Calibration& calibration) const;
  // The same with thresholds (V, against common mode over vdd) that were measured at its setting.
  Comparator measured(Curve threshold) const;

  double threshold(double common_mode) const { return threshold_.at(common_mode); }  // V
  const Calibration& calibration() const { return calibration_; }
  const std::string& setting(Side side) const;  // "n_left_2", "none"
  const ComparatorModel& model() const { return *model_; }

 private:
  const ComparatorModel* model_;
  std::vector<double> z_;  // by the model's labels
  Curve bare_, threshold_;
  Calibration calibration_;
};

}  // namespace mavis::macro
