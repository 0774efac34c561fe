#include "macro/design.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "util/error.h"
#include "util/units.h"

namespace mavis::macro {
namespace {

constexpr std::uint64_t kSeed = 1;
constexpr std::size_t kOutputs = 8, kInputs = 4;  // random vectors of an energy
// Of vdd: a product that leaves more on its line is not over, and moves what all energies rest on.
constexpr double kMostLeft = 0.1;
constexpr int kMostColumns = 2 * 1023;

// Bits that count 0 to `columns` / 2 without one too many; 0 where none do.
int bits_of(int columns) {
  const auto codes = static_cast<unsigned>(columns / 2 + 1);
  return columns >= 2 && columns % 2 == 0 && std::has_single_bit(codes) ? std::bit_width(codes) - 1 : 0;
}

}  // namespace

DesignSpace::DesignSpace(const tables::Library& library, const Pvt& pvt, const Operating& operating)
    : library_(library),
      pvt_(pvt),
      operating_(operating),
      tables_(library, pvt),
      spec_(read_spec(library)),
      model_((tables_.require_point("sum_line/level"), tables_), spec_) {}

double DesignSpace::after_product(double hold_voltage) const {
  Spec held = spec_;
  held.hold_voltage = hold_voltage;
  return tables_.nominal("product_line/level", product_place(held, 1, 1));
}

double DesignSpace::leakage(int columns, double hold_voltage) const {
  double watts = 0;
  for (const char* bit : {"0", "1"})
    watts +=
        tables_.value("leakage/power", {{"stored_bit", std::string(bit)}, {"hold_voltage", hold_voltage}}) /
        2;
  return watts * spec_.rows * columns;
}

std::string DesignSpace::objection(int columns, double hold_voltage) const {
  if (columns > kMostColumns || bits_of(columns) == 0)
    return fmt::format("{} columns: a half needs 2^n - 1 of them, so 2, 6, 14, 30, 62, 126 ... in all",
                       columns);
  try {
    const double left = after_product(hold_voltage);
    if (left > kMostLeft * pvt_.vdd)
      return fmt::format("a product leaves {} on its line after {}: not over at this hold voltage",
                         format_quantity(left, "V", 3), format_quantity(spec_.product_time, "s", 3));
  } catch (const InputError& error) {
    return error.what();
  }
  return {};
}

DesignFigures DesignSpace::measured(const Precision& precision) const {
  const auto columns = static_cast<std::size_t>(2 * spec_.columns_per_half);
  const Workload workload = {random_matrix(kSeed, "weights", kOutputs, columns),
                             random_matrix(kSeed, "inputs", kInputs, columns)};
  Operating operating = operating_;
  operating.precision = precision;
  operating.discard = 0;
  const Simulation found = simulate(library_, pvt_, workload, {Chip(kSeed, 0)}, kSeed, operating);
  DesignFigures figures;
  figures.adc_bits = found.precision.adc_bits;
  figures.all_adc_bits = spec_.adc_bits;
  figures.clocks = found.clocks;
  figures.latency = found.latency;
  figures.operations = 2.0 * static_cast<double>(columns);
  figures.conversions =
      static_cast<double>(found.codes.size() + found.ones_codes.size()) / (kOutputs * kInputs);
  for (std::size_t phase = 0; phase < kPhaseNames.size(); ++phase)
    for (std::size_t part = 0; part < kPartNames.size(); ++part)
      figures.energy.add(static_cast<Phase>(phase), part,
                         found.energy[0].of(static_cast<Phase>(phase), static_cast<Part>(part)) /
                             static_cast<double>(kOutputs * kInputs));
  return figures;
}

DesignFigures DesignSpace::figures(const Design& design) const {
  DesignFigures result;
  result.all_adc_bits = bits_of(design.columns);
  result.adc_bits = design.precision.adc_bits == 0 ? result.all_adc_bits : design.precision.adc_bits;
  const bool is_librarys =
      design.columns == 2 * spec_.columns_per_half && design.hold_voltage == spec_.hold_voltage;
  result.basis = is_librarys ? Basis::measured : Basis::scaled;
  if (result.reason = objection(design.columns, design.hold_voltage); !result.reason.empty()) return result;
  if (result.adc_bits > result.all_adc_bits) {
    result.reason = fmt::format("{} columns convert to {} bits", design.columns, result.all_adc_bits);
    return result;
  }
  Precision precision = design.precision;
  precision.adc_bits = std::min(result.adc_bits, spec_.adc_bits);
  DesignFigures base = measured(precision);
  if (is_librarys) return base;

  const double columns = static_cast<double>(design.columns) / (2 * spec_.columns_per_half);
  const double cycles = static_cast<double>(result.adc_bits) / base.adc_bits;
  result.clocks = base.clocks / (spec_.clocks_mav + base.adc_bits * spec_.clocks_sa) *
                  (spec_.clocks_mav + result.adc_bits * spec_.clocks_sa);
  result.latency = result.clocks * spec_.clock;
  result.operations = 2.0 * design.columns;
  const auto copy = [&](Phase phase, Part part, double factor) {
    result.energy.add(phase, part, factor * base.energy.of(phase, part));
  };
  for (std::size_t p = 0; p < kPartNames.size(); ++p) {
    const Part part = static_cast<Part>(p);
    if (part == Part::leakage) continue;
    copy(Phase::mav, part, columns);
    copy(Phase::conversion, part, cycles * (part == Part::comparator || part == Part::sar ? 1 : columns));
  }
  // The slices that the other number of bits has more or less, idle while one decides.
  const double idle = tables_.nominal("sar_logic/energy", {{"activity", std::string("idle")}});
  result.energy.add(Phase::conversion, Part::sar,
                    base.conversions * result.adc_bits * (result.all_adc_bits - spec_.adc_bits) * idle);
  copy(Phase::idle, Part::leakage,
       columns * leakage(design.columns, design.hold_voltage) / leakage(design.columns, spec_.hold_voltage) *
           result.clocks / base.clocks);
  result.conversions = base.conversions;
  return result;
}

Crossover DesignSpace::crossover(int columns, double hold_voltage, const CrossoverQuery& query) const {
  return mav_crossover(model_, ChargeSharing(tables_, spec_, model_.levels, columns / 2, hold_voltage),
                       query);
}

}  // namespace mavis::macro
