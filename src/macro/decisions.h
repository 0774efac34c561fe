// What a converter's decisions come to: for each trial the level of the sum line above which it reads 0.
//
// convert() (conversion.h) reads 0 in trial m where inp - inn_m exceeds the comparator's threshold at the
// common mode of both, and what a decision in time needs beyond it. That difference grows with inp, so there
// is one level where the reading turns:
//   threshold_m = inn_m + threshold((threshold_m + inn_m) / (2 vdd))          inn_m without temporal noise
// and one noise, of reference and comparator together, referred to that level:
//   noise_m = sqrt(reference_m^2 + comparator(cm)^2) / (1 - d threshold / d inp)
// A chip's static errors are all in threshold_m; noise_m is temporal. What is left out: how the slope of the
// comparator's threshold changes within a few noise_m of the turning point (below a microvolt).
// Immutable, thread-safe.
#pragma once

#include <span>
#include <vector>

#include "macro/conversion.h"

namespace mavis::macro {

class Decisions {
 public:
  // `dac` is the row of the other half.
  Decisions(const MacroModel& model, const HalfRow& dac, const Comparator& comparator);

  // The same with noise so many times as large.
  Decisions with_noise(double factor) const;

  int bits() const { return bits_; }
  int cycles() const { return cycles_; }  // of them that are decided; lower bits of a code stay 0
  int codes() const { return 1 << bits_; }
  double threshold(int trial) const { return threshold_[static_cast<std::size_t>(trial)]; }  // V
  double noise(int trial) const { return noise_[static_cast<std::size_t>(trial)]; }          // V rms

  // Of a level (V) that moves by `drift` (V) from one SA cycle to the next, without temporal noise.
  int code(double level, double drift) const;
  // Adds `weight` times the probability of each code, over the noise of the decisions alone.
  // REQUIRES codes() numbers.
  void add_probabilities(double level, double drift, double weight, std::span<double> codes) const;

 private:
  void add(double level, double drift, int code, int cycle, double weight, std::span<double> codes) const;

  int bits_, cycles_;
  std::vector<double> threshold_, noise_;  // by trial, 0 .. codes() - 2
};

}  // namespace mavis::macro
