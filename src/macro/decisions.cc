#include "macro/decisions.h"

#include <cmath>

#include "util/draws.h"

namespace mavis::macro {
namespace {

constexpr int kMostSteps = 100;
constexpr double kClose = 1e-12;       // V
constexpr double kSlopeStep = 1e-3;    // V; the comparator's curves have nodes every few mV
constexpr double kNegligible = 1e-15;  // of a probability

}  // namespace

Decisions::Decisions(const MacroModel& model, const HalfRow& dac, const Comparator& comparator)
    : bits_(model.spec.adc_bits), cycles_(model.spec.cycles()) {
  for (int trial = 0; trial + 1 < codes(); ++trial) {
    const double nominal = model.levels.reference(trial, dac.ones());
    const double inn = nominal + dac.reference_deviation(trial, nominal);
    const auto common_mode = [&](double inp) { return (inp + inn) / 2 / model.vdd; };
    const auto turn = [&](double inp) {
      return inn + comparator.threshold(common_mode(inp)) + model.comparator.late(common_mode(inp));
    };
    double inp = inn;
    // The threshold changes by a few per cent of the common mode's change: each step gains a digit or more.
    for (int step = 0; step < kMostSteps && std::fabs(turn(inp) - inp) > kClose; ++step) inp = turn(inp);
    const double slope = (turn(inp + kSlopeStep) - turn(inp - kSlopeStep)) / (2 * kSlopeStep);
    threshold_.push_back(inp);
    noise_.push_back(std::hypot(model.reference_noise(trial), model.comparator.noise(common_mode(inp))) /
                     (1 - slope));
  }
}

Decisions Decisions::with_noise(double factor) const {
  Decisions scaled = *this;
  for (double& noise : scaled.noise_) noise *= factor;
  return scaled;
}

int Decisions::code(double level, double drift) const {
  int code = 0;
  for (int cycle = 0; cycle < cycles_; ++cycle) {
    const int weight = 1 << (bits_ - 1 - cycle);
    if (!(level + drift * cycle > threshold(code + weight - 1))) code += weight;
  }
  return code;
}

void Decisions::add_probabilities(double level, double drift, double weight, std::span<double> codes) const {
  add(level, drift, 0, 0, weight, codes);
}

void Decisions::add(double level, double drift, int code, int cycle, double weight,
                    std::span<double> codes) const {
  if (cycle == cycles_) {
    codes[static_cast<std::size_t>(code)] += weight;
    return;
  }
  const int step = 1 << (bits_ - 1 - cycle), trial = code + step - 1;
  const double over = level + drift * cycle - threshold(trial);
  const double one = noise(trial) > 0 ? normal_tail(over / noise(trial)) : over > 0 ? 0 : 1;
  if (one > kNegligible) add(level, drift, code + step, cycle + 1, weight * one, codes);
  if (1 - one > kNegligible) add(level, drift, code, cycle + 1, weight * (1 - one), codes);
}

}  // namespace mavis::macro
