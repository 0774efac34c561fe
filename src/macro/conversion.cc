#include "macro/conversion.h"

#include <fmt/format.h>

#include <cmath>

#include "util/draws.h"
#include "util/hash.h"

namespace mavis::macro {
namespace {

constexpr double kBoltzmann = 1.380649e-23;  // J/K
constexpr double kZeroCelsius = 273.15;      // K
constexpr std::uint64_t kMostCycles = 16;    // of one operation: places of a draw in its sequence

std::uint64_t sequence(int array, const char* what) {
  return hash64(fmt::format("u{}.{}", array, what));
}

}  // namespace

double ktc_noise(double temp_c, double farad) {
  return std::sqrt(kBoltzmann * (temp_c + kZeroCelsius) / farad);
}

MacroModel::MacroModel(const PointTables& tables, const Spec& macro, const SupplyNoise& supply_noise)
    : spec(macro),
      vdd(tables.pvt().vdd),
      levels(tables, macro),
      responses(tables, macro),
      comparator(tables, spec.calibrated, spec.decision_time),
      energies(tables, macro),
      supply(sampled_supply(tables, macro, levels, supply_noise)) {
  mav_noise = ktc_noise(tables.pvt().temp_c, levels.mav_capacitance());
  dac_noise = ktc_noise(tables.pvt().temp_c, levels.dac_capacitance());
}

double MacroModel::level_noise(int products) const {
  return supply.level.empty() ? mav_noise
                              : std::hypot(mav_noise, supply.level[static_cast<std::size_t>(products)]);
}

double MacroModel::reference_noise(int trial) const {
  return supply.reference.empty() ? dac_noise
                                  : std::hypot(dac_noise, supply.reference[static_cast<std::size_t>(trial)]);
}

HalfRow half_row(const MacroModel& model, const Chip& chip, int array, Half half, int row,
                 const Bits& stored) {
  const auto begin = stored.begin() + (half == Half::left ? 0 : model.spec.columns_per_half);
  return {model.responses,
          model.levels,
          chip,
          array,
          half,
          row,
          Bits(begin, begin + model.spec.columns_per_half)};
}

Noise::Noise(std::optional<std::uint64_t> seed, std::uint32_t chip, int array)
    : seed_(seed),
      chip_(chip),
      mav_(sequence(array, "mav")),
      reference_(sequence(array, "reference")),
      comparator_(sequence(array, "comparator")) {}

double Noise::draw(std::uint64_t sequence, std::uint64_t operation, int cycle) const {
  if (!seed_) return 0;
  return normal_draw(*seed_, Stream::noise, chip_, sequence,
                     operation * kMostCycles + static_cast<std::uint64_t>(cycle));
}

Conversion convert(const MacroModel& model, const HalfRow& computing, const HalfRow& dac, const Bits& input,
                   const Comparator& comparator, const Noise& noise, std::uint64_t operation, Ledger& ledger,
                   std::vector<Cycle>* trace) {
  const int cycles = model.spec.adc_bits;
  const Counts counts = count(computing.stored(), input);
  Conversion result;
  result.products = counts.products;
  const double level = model.levels.mav(counts);
  result.level = level + computing.mav_deviation(input, level) +
                 model.level_noise(counts.products) * noise.mav(operation);
  model.energies.add_mav(ledger, counts);

  const double droop = model.levels.droop(counts);
  for (int cycle = 0; cycle < model.spec.cycles(); ++cycle) {
    const int weight = 1 << (cycles - 1 - cycle), trial = result.code + weight - 1;
    const double inp = result.level + droop * cycle / cycles;
    const double nominal = model.levels.reference(trial, dac.ones());
    const double inn = nominal + dac.reference_deviation(trial, nominal) +
                       model.reference_noise(trial) * noise.reference(operation, cycle);
    const double common_mode = (inp + inn) / 2 / model.vdd;
    const double difference =
        inp - inn + model.comparator.noise(common_mode) * noise.comparator(operation, cycle);
    const double threshold = comparator.threshold(common_mode) + model.comparator.late(common_mode);
    if (trace) trace->push_back({trial, inp, inn, threshold});
    if (!(difference > threshold)) result.code += weight;
  }
  add_conversion(model, dac, result.code, result.level, droop, ledger);
  return result;
}

void add_conversion(const MacroModel& model, const HalfRow& dac, int code, double level, double droop,
                    Ledger& ledger) {
  const int cycles = model.spec.adc_bits;
  double before = 1;  // of vdd: the DAC half's lines are precharged
  for (int cycle = 0; cycle < model.spec.cycles(); ++cycle) {
    const int weight = 1 << (cycles - 1 - cycle), bit = (code / weight) & 1;
    const int trial = (code & ~(2 * weight - 1)) + weight - 1;
    const double reference = model.levels.reference(trial, dac.ones());
    model.energies.add_dac_step(ledger, trial, before);
    if (cycle == 0) model.energies.add_dac_first(ledger, trial);
    model.energies.add_comparator(
        ledger, model.comparator.energy((level + droop * cycle / cycles + reference) / 2 / model.vdd));
    model.energies.add_sar(ledger, bit);
    before = reference / model.vdd;
  }
  model.energies.add_dac_return(ledger, before);
}

}  // namespace mavis::macro
