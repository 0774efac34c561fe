#include "validate/comparison.h"

#include <algorithm>
#include <cmath>
#include <ctime>

#include "macro/detailed_row.h"
#include "validate/measured_comparators.h"

namespace mavis::validate {
namespace {

constexpr std::size_t kTimed = 16384;  // conversions: half a millisecond

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

// A conversion by the compiled row, which is what simulations of whole workloads run.
struct Compiled {
  int code = 0;
  double seconds = 0;  // CPU time of one conversion
};

Compiled compile(const macro::MacroModel& model, const macro::HalfRow& computing, const macro::HalfRow& dac,
                 const macro::Comparator& comparator, const macro::Bits& input) {
  const macro::DetailedRow row(model, computing, macro::Decisions(model, dac, comparator));
  macro::InputPlanes planes(static_cast<int>(input.size()), kTimed);
  for (std::size_t i = 0; i < kTimed; ++i) planes.set(i, input);
  std::vector<std::uint16_t> codes(kTimed);
  const double before = process_cpu_s();
  row.convert(planes, nullptr, 0, codes);
  return {codes.front(), (process_cpu_s() - before) / kTimed};
}

}  // namespace

double comparable(const macro::Ledger& ledger) {
  return ledger.total() - ledger.of(macro::Part::sar) - ledger.of(macro::Part::leakage);
}

Comparison compare(const macro::MacroModel& model,
                   const std::vector<std::vector<macro::Comparator>>& comparators, const ValidationPlan& plan,
                   const plan::Results& results) {
  const Question& question = plan.question();
  const macro::Noise quiet(std::nullopt, 0, 0);
  Comparison comparison;
  comparison.measured_comparators = !question.common_modes.empty();
  comparison.lsb = (model.levels.reference(0, 0) - model.levels.reference(model.levels.columns(), 0)) /
                   model.levels.columns();
  double worst_level = -1;  // V
  comparison.mav.resize(kDrivers.size());
  comparison.conversion.resize(kDrivers.size());
  for (std::size_t c = 0; c < question.chips.size(); ++c) {
    const macro::Chip& chip = question.chips[c];
    std::vector<macro::Curve> thresholds;
    for (int array = 0; array < question.arrays; ++array) {
      const macro::Comparator& comparator = comparators[c][static_cast<std::size_t>(array)];
      thresholds.push_back(measured_thresholds(plan, results, c, array));
      const macro::Curve& known = thresholds.back();
      for (std::size_t i = 0; i < known.x.size(); ++i)
        add(comparison.threshold, comparator.threshold(known.x[i]) - known.y[i]);
    }
    for (std::size_t v = 0; v < question.vectors.size(); ++v) {
      const plan::Measurement* found = results.measurement(plan.vector_request(c, v));
      if (!found) {
        ++comparison.missing;
        continue;
      }
      const Vector& vector = question.vectors[v];
      const auto array = static_cast<std::size_t>(vector.array);
      const macro::Curve& known = thresholds[array];
      const macro::Comparator& by_tables = comparators[c][array];
      const macro::Comparator comparator = known.x.empty() ? by_tables : by_tables.measured(known);
      const macro::HalfRow computing(model.responses, model.levels, chip, vector.array, vector.half,
                                     vector.row, vector.stored);
      const macro::HalfRow dac(model.responses, model.levels, chip, vector.array, macro::other(vector.half),
                               vector.row, vector.dac_stored);
      Pair pair{.chip = c, .vector = v, .spice = plan.conversion(*found)};
      const macro::Conversion converted = macro::convert(model, computing, dac, vector.input, comparator,
                                                         quiet, 0, pair.energy, &pair.cycles);
      const Compiled compiled = compile(model, computing, dac, comparator, vector.input);
      comparison.macro_seconds += compiled.seconds;
      comparison.compiled_otherwise += compiled.code != converted.code;
      pair.code = converted.code;
      pair.products = converted.products;
      const Conversion& spice = pair.spice;
      comparison.undecided +=
          static_cast<std::size_t>(std::count(spice.decisions.begin(), spice.decisions.end(), -1));
      add(comparison.level, pair.cycles[0].inp - spice.signal[0]);
      if (std::fabs(pair.cycles[0].inp - spice.signal[0]) > worst_level) {
        worst_level = std::fabs(pair.cycles[0].inp - spice.signal[0]);
        comparison.worst = comparison.pairs.size();
      }
      macro::Ledger none;
      comparison.equal_by_tables +=
          macro::convert(model, computing, dac, vector.input, by_tables, quiet, 0, none).code == spice.code;
      int trial = 0;
      for (std::size_t i = 0; i < pair.cycles.size(); ++i) {
        const int weight = 1 << (pair.cycles.size() - 1 - i);
        if (pair.cycles[i].trial != trial + weight - 1) break;
        add(comparison.signal, pair.cycles[i].inp - spice.signal[i]);
        add(comparison.reference, pair.cycles[i].inn - spice.reference[i]);
        const int bit = spice.decisions[i] == 1 ? 0 : 1;
        trial += bit * weight;
        const int macro_bit = (pair.code / weight) & 1;
        if (bit == macro_bit) continue;
        Disagreement other{.pair = comparison.pairs.size(), .cycle = i};
        other.difference = spice.signal[i] - spice.reference[i];
        other.common_mode = (spice.signal[i] + spice.reference[i]) / 2 / model.vdd;
        other.threshold = known.x.empty() ? pair.cycles[i].threshold : known.at(other.common_mode);
        other.here = pair.cycles[i].inp - pair.cycles[i].inn - pair.cycles[i].threshold;
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
  if (!comparison.disagreements.empty()) comparison.worst = comparison.disagreements.front().pair;
  for (Error* error : {&comparison.level, &comparison.signal, &comparison.reference, &comparison.threshold})
    finish(*error);
  return comparison;
}

}  // namespace mavis::validate
