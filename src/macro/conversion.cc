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

double ktc_noise(double temp_c, double farad) {
  return std::sqrt(kBoltzmann * (temp_c + kZeroCelsius) / farad);
}

std::uint64_t sequence(int array, const char* what) {
  return hash64(fmt::format("u{}.{}", array, what));
}

}  // namespace

MacroModel::MacroModel(const PointTables& tables, const Spec& macro)
    : spec(macro),
      vdd(tables.pvt().vdd),
      levels(tables, macro),
      responses(tables, macro),
      comparator(tables, spec.calibrated),
      energies(tables, macro) {
  mav_noise = ktc_noise(tables.pvt().temp_c, levels.mav_capacitance());
  dac_noise = ktc_noise(tables.pvt().temp_c, levels.dac_capacitance());
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
  result.level = level + computing.mav_deviation(input, level) + model.mav_noise * noise.mav(operation);
  model.energies.add_mav(ledger, counts);

  const double droop = model.levels.droop(counts);
  double before = 1;  // of vdd: the DAC half's lines are precharged
  for (int cycle = 0; cycle < model.spec.cycles(); ++cycle) {
    const int weight = 1 << (cycles - 1 - cycle), trial = result.code + weight - 1;
    const double inp = result.level + droop * cycle / cycles;
    const double nominal = model.levels.reference(trial, dac.ones());
    const double inn = nominal + dac.reference_deviation(trial, nominal) +
                       model.dac_noise * noise.reference(operation, cycle);
    const double common_mode = (inp + inn) / 2 / model.vdd;
    const double difference =
        inp - inn + model.comparator.noise(common_mode) * noise.comparator(operation, cycle);
    const double threshold = comparator.threshold(common_mode);
    const int bit = difference > threshold ? 0 : 1;
    if (trace) trace->push_back({trial, inp, inn, threshold});
    result.code += bit * weight;

    model.energies.add_dac_step(ledger, trial, before);
    if (cycle == 0) model.energies.add_dac_first(ledger, trial);
    model.energies.add_comparator(ledger, model.comparator.energy(common_mode));
    model.energies.add_sar(ledger, bit);
    before = nominal / model.vdd;
  }
  model.energies.add_dac_return(ledger, before);
  return result;
}

}  // namespace mavis::macro
