#include "validate/comparison.h"

#include <algorithm>
#include <cmath>
#include <ctime>

namespace mavis::validate {
namespace {

double process_cpu_s() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

void add(Error& error, double value) {
  ++error.n;
  error.rms += value * value;
  error.mean += value;
  error.largest = std::max(error.largest, std::fabs(value));
}

void finish(Error& error) {
  if (error.n == 0) return;
  const auto n = static_cast<double>(error.n);
  error.rms = std::sqrt(error.rms / n);
  error.mean /= n;
}

// Thresholds in ngspice between the common modes where they were measured.
double threshold_at(const std::vector<double>& common_modes, const plan::Measured& thresholds, double cm) {
  macro::Curve curve;
  for (std::size_t i = 0; i < common_modes.size(); ++i)
    if (thresholds.status_at(i) == tables::Status::ok) {
      curve.x.push_back(common_modes[i]);
      curve.y.push_back(thresholds.values[i]);
    }
  return curve.x.empty() ? 0 : curve.at(cm);
}

}  // namespace

Comparison compare(const macro::MacroModel& model, const std::vector<macro::Comparator>& comparators,
                   const ValidationPlan& plan, const plan::Results& results) {
  const Question& question = plan.question();
  const macro::Noise quiet(std::nullopt, 0, 0);
  Comparison comparison;
  comparison.lsb = (model.levels.reference(0, 0) - model.levels.reference(model.levels.columns(), 0)) /
                   model.levels.columns();
  comparison.mav.resize(kDrivers.size());
  comparison.conversion.resize(kDrivers.size());
  for (std::size_t c = 0; c < question.chips.size(); ++c) {
    const macro::Chip& chip = question.chips[c];
    const macro::Comparator& comparator = comparators[c];
    const plan::Measurement* measured =
        question.common_modes.empty() ? nullptr : results.measurement(plan.threshold_request(c));
    const plan::Measured* thresholds = measured ? &measured->at("threshold") : nullptr;
    for (std::size_t i = 0; thresholds && i < question.common_modes.size(); ++i)
      if (thresholds->status_at(i) == tables::Status::ok)
        add(comparison.threshold, comparator.threshold(question.common_modes[i]) - thresholds->values[i]);
    for (std::size_t v = 0; v < question.vectors.size(); ++v) {
      const plan::Measurement* found = results.measurement(plan.vector_request(c, v));
      if (!found) {
        ++comparison.missing;
        continue;
      }
      const Vector& vector = question.vectors[v];
      const macro::HalfRow computing(model.responses, model.levels, chip, 0, macro::Half::left, 0,
                                     vector.stored);
      const macro::HalfRow dac(model.responses, model.levels, chip, 0, macro::Half::right, 0,
                               vector.dac_stored);
      Pair pair{.chip = c, .vector = v, .spice = plan.conversion(*found)};
      const double before = process_cpu_s();
      const macro::Conversion converted = macro::convert(model, computing, dac, vector.input, comparator,
                                                         quiet, 0, pair.energy, &pair.cycles);
      comparison.macro_seconds += process_cpu_s() - before;
      pair.code = converted.code;
      pair.products = converted.products;
      const Conversion& spice = pair.spice;
      comparison.undecided +=
          static_cast<std::size_t>(std::count(spice.decisions.begin(), spice.decisions.end(), -1));
      add(comparison.level, pair.cycles[0].inp - spice.signal[0]);
      int trial = 0;
      for (std::size_t i = 0; i < pair.cycles.size(); ++i) {
        const int weight = 1 << (pair.cycles.size() - 1 - i);
        if (pair.cycles[i].trial != trial + weight - 1) break;
        add(comparison.reference, pair.cycles[i].inn - spice.reference[i]);
        const int bit = spice.decisions[i] == 1 ? 0 : 1;
        trial += bit * weight;
        const int macro_bit = (pair.code / weight) & 1;
        if (bit == macro_bit) continue;
        Disagreement other{.pair = comparison.pairs.size(), .cycle = i};
        other.difference = spice.signal[i] - spice.reference[i];
        other.common_mode = (spice.signal[i] + spice.reference[i]) / 2 / model.vdd;
        if (thresholds) other.threshold = threshold_at(question.common_modes, *thresholds, other.common_mode);
        comparison.disagreements.push_back(other);
        break;
      }
      for (std::size_t d = 0; d < kDrivers.size(); ++d) {
        const auto part = static_cast<macro::Part>(d);
        comparison.mav[d].spice += spice.energy[0][d];
        comparison.mav[d].macro += pair.energy.of(macro::Phase::mav, part);
        comparison.conversion[d].spice += spice.energy[1][d];
        comparison.conversion[d].macro += pair.energy.of(macro::Phase::conversion, part);
      }
      comparison.comparator.spice += spice.comparator_energy;
      comparison.comparator.macro += pair.energy.of(macro::Part::comparator);
      comparison.pairs.push_back(std::move(pair));
    }
  }
  for (std::size_t d = 0; d < kDrivers.size(); ++d)
    for (const EnergyPair* each : {&comparison.mav[d], &comparison.conversion[d]}) {
      comparison.total.spice += each->spice;
      comparison.total.macro += each->macro;
    }
  comparison.total.spice += comparison.comparator.spice;
  comparison.total.macro += comparison.comparator.macro;
  for (Error* error : {&comparison.level, &comparison.reference, &comparison.threshold}) finish(*error);
  return comparison;
}

}  // namespace mavis::validate
