// The plan of a validation: every vector on every chip as a whole uArray in ngspice, with the same draws as
// the macro simulator's chip and the calibration that it chose; besides the thresholds of those comparators.
// Rounds: the circuits, then the vectors and each chip's thresholds against common mode.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "macro/chip.h"
#include "plan/plan.h"
#include "validate/vectors.h"

namespace mavis::validate {

// A comparator's setting, 0 to 3 of each side: bits of the devices that are on.
struct Calibration {
  int n_left = 0, n_right = 0, p_left = 0, p_right = 0;
  // Of the macro simulator's names, "n_left_2" or "none". Throws std::invalid_argument for another.
  static Calibration of(const std::string& n_setting, const std::string& p_setting);
};

struct Question {
  plan::PvtPoint pvt;
  bool full_cells = false;  // otherwise their latches are ideal
  std::uint64_t seed = 1;
  std::vector<Vector> vectors = {};  // none: thresholds alone
  std::vector<macro::Chip> chips = {};
  int arrays = 1;                                           // uArrays of each chip that the vectors meet
  std::vector<std::vector<Calibration>> calibrations = {};  // of comparators, by chip and uArray
  std::vector<double> common_modes = {};                    // over vdd, of the thresholds; may be empty
};

// What ngspice gave for one vector on one chip.
struct Conversion {
  std::vector<double> signal, reference;  // V, when compared, by cycle
  std::vector<int> decisions;             // by cycle: 1 signal above reference, 0 below, -1 none in time
  int code = 0;
  std::vector<std::vector<double>> energy;  // J, of the left and the right half, by kDrivers
  double comparator_energy = 0;             // J
  double total() const;                     // J
};

// Drivers of Conversion::energy: names of macro parts.
inline constexpr std::array<const char*, 7> kDrivers = {"pl", "sl", "mux", "rl", "cl", "switch", "hold"};

class ValidationPlan : public plan::Rounds {
 public:
  // Throws InputError as plan::Plan does.
  ValidationPlan(plan::Subject subject, Question question, std::string pdk);

  std::vector<plan::Request> next_round(const plan::Results& results) override;
  std::string stage() const override { return round_ == 1 ? "circuits" : "vectors"; }
  plan::Job job(const plan::Request& request) const override;
  std::string text(const plan::Request& request) const override;
  const std::vector<plan::Point>& points() const override { return plan_.points(); }
  const spice::Deck& deck(const std::string& hash) const override { return plan_.deck(hash); }

  const Question& question() const { return question_; }
  // One `name = value` a line: what the run log belongs to.
  std::string campaign_text() const;

  plan::Request vector_request(std::size_t chip, std::size_t vector) const;
  plan::Request threshold_request(std::size_t chip, int array) const;
  // A deck that runs a vector's conversion again in plain ngspice, with the decisions that it had.
  std::string replay(std::size_t chip, std::size_t vector, const Conversion& conversion) const;
  // Of a result that is there.
  Conversion conversion(const plan::Measurement& measurement) const;

 private:
  struct Place {
    std::size_t chip;
    Vector vector;  // without bits for thresholds
  };
  bool is_vector(const plan::Request& request) const {
    return !question_.vectors.empty() && request.point == array_point_;
  }
  Place place_of(const plan::Request& request) const;
  std::vector<double> draws(const plan::Request& request, const Place& place) const;

  Question question_;
  plan::Plan plan_;
  std::size_t array_point_ = 0, threshold_point_ = 0;
  int round_ = 0;
};

}  // namespace mavis::validate
