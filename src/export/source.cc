#include "export/source.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "macro/counted_codes.h"
#include "macro/decisions.h"
#include "macro/design.h"
#include "macro/level_spread.h"
#include "macro/table_bounds.h"
#include "util/error.h"
#include "util/parallel.h"

namespace mavis::exports {
namespace {

using namespace macro;

constexpr int kCommonModeSteps = 20;  // over vdd: tables between 0 and 1

// Products at which the level would be `level`, along straight lines between whole numbers and beyond the
// ends. Levels fall with products. And how many products a volt is there.
struct Position {
  double products, per_volt;
};
Position position(const std::vector<double>& levels, double level) {
  std::size_t i = 0;
  while (i + 2 < levels.size() && levels[i + 1] > level) ++i;
  const double step = levels[i + 1] - levels[i];
  return {static_cast<double>(i) + (level - levels[i]) / step, 1 / std::fabs(step)};
}

// Levels without mismatch, of zeros as random bits have them.
void add_levels(MacroData& data, const MacroModel& model) {
  const int n = data.spec.columns_per_half;
  const double p = data.density, zero = 1 - p * p;
  const std::array<double, 3> share = {(1 - p) * p / zero, p * (1 - p) / zero, (1 - p) * (1 - p) / zero};
  for (int k = 0; k <= n; ++k) {
    double level = 0, droop = 0;
    for (std::size_t kind = 0; kind < share.size(); ++kind) {
      level += share[kind] * model.levels.mav_by_counts().at(k, kind);
      droop += share[kind] * model.levels.droop_by_counts().at(k, kind);
    }
    data.level.push_back(level);
    data.droop += droop / data.spec.adc_bits / (n + 1);
    data.level_noise += model.level_noise(k) / (n + 1);
  }
  data.level_noise_products = data.level_noise * n / std::fabs(data.level.back() - data.level.front());
}

Converter converter_of(const MacroData& data, const MacroModel& model, const HalfRow& computing,
                       const HalfRow& dac, const Comparator& comparator) {
  Converter converter;
  converter.ones = dac.ones();
  const Decisions decisions(model, dac, comparator);
  for (int m = 0; m + 1 < decisions.codes(); ++m) {
    const double threshold = decisions.threshold(m);
    const double nominal = model.levels.reference(m, dac.ones());
    converter.threshold.push_back(threshold);
    converter.noise.push_back(decisions.noise(m));
    converter.reference.push_back(nominal + dac.reference_deviation(m, nominal));
    // A level that all columns move by `off` is over the threshold `off` earlier.
    double off = 0;
    for (std::size_t j = 0; j < computing.stored().size(); ++j)
      off += computing.column_deviation(j, false, threshold);
    const Position at = position(data.level, threshold - off);
    converter.products.push_back(at.products);
    converter.products_noise.push_back(converter.noise.back() * at.per_volt);
  }
  return converter;
}

// Sums over the columns of every chip of what input 1 changes, by stored bit.
struct Changes {
  std::array<double, 2> squares{};
  std::array<std::size_t, 2> n{};
  void add(const HalfRow& row, double level, double per_volt) {
    for (std::size_t j = 0; j < row.stored().size(); ++j) {
      const double change =
          (row.column_deviation(j, true, level) - row.column_deviation(j, false, level)) * per_volt;
      const std::size_t bit = row.stored()[j] ? 1 : 0;
      squares[bit] += change * change;  // of mean zero: responses times standard normal draws
      ++n[bit];
    }
  }
  double sigma(std::size_t bit) const {
    return n[bit] > 0 ? std::sqrt(squares[bit] / static_cast<double>(n[bit])) : 0;
  }
};

// What one chip adds.
struct OfChip {
  ChipCodes codes;
  Converter converter;
  std::vector<double> threshold;  // of the comparator, by common mode
  std::array<HalfRow, 2> halves;
};

void add_energy(MacroData& data, const tables::Library& library, const Operating& operating) {
  const DesignSpace space(library, data.pvt, operating);
  const int columns = 2 * data.spec.columns_per_half;
  const DesignFigures figures =
      space.figures({.columns = columns, .hold_voltage = data.spec.hold_voltage, .precision = {}});
  if (!figures.reason.empty()) {
    data.no_energy = figures.reason;
    return;
  }
  const auto each = [&](Phase phase, std::vector<std::pair<std::string, double>>& parts) {
    for (std::size_t p = 0; p < kPartNames.size(); ++p) {
      const double joules = figures.energy.of(phase, static_cast<Part>(p)) / figures.conversions;
      if (joules != 0) parts.emplace_back(kPartNames[p], joules);
    }
    return figures.energy.of(phase) / figures.conversions;
  };
  data.mav_energy = each(Phase::mav, data.mav_parts);
  data.conversion_energy = each(Phase::conversion, data.conversion_parts);
  data.leakage = space.leakage(columns, data.spec.hold_voltage);
}

std::string calibration_text(const Spec& spec, const ComparatorProcedure& procedure) {
  if (!spec.calibrated || !procedure.enabled) return "not calibrated";
  return procedure.decisions == 0 ? "calibrated by measured thresholds"
                                  : fmt::format("calibrated by counting {} decisions", procedure.decisions);
}

}  // namespace

MacroData macro_data(const tables::Library& library, const Pvt& pvt, const DataOptions& options) {
  MacroData data;
  data.spec = read_spec(library);
  data.pvt = pvt;
  data.seed = options.seed;
  data.density = options.density;
  data.calibration = calibration_text(data.spec, options.operating.comparator);
  const PointTables tables(library, pvt);
  tables.require_point("sum_line/level");
  const MacroModel model(tables, data.spec, options.operating.supply);
  const TableBounds bounds = table_bounds(tables, data.spec.cycles());
  const std::vector<Bits> rows = random_rows(options.seed, data.spec, options.density);
  add_levels(data, model);
  for (int i = 0; i <= kCommonModeSteps; ++i)
    data.common_mode.push_back(static_cast<double>(i) / kCommonModeSteps);
  for (double cm : data.common_mode) {
    data.comparator_noise.push_back(model.comparator.noise(cm));
    data.comparator_energy.push_back(model.comparator.energy(cm));
  }

  std::vector<std::optional<OfChip>> chips(options.chips);
  parallel_for(chips.size(), options.jobs, [&](std::size_t i) {
    const Chip chip(options.seed, static_cast<std::uint32_t>(i));
    const Comparator comparator =
        calibrate(model.comparator, chip, 0, options.operating.comparator).comparator;
    const auto half = [&](Half which) { return half_row(model, chip, 0, which, 0, rows[0]); };
    std::array halves = {half(Half::left), half(Half::right)};
    std::vector<double> threshold;
    for (double cm : data.common_mode) threshold.push_back(comparator.threshold(cm));
    Converter converter = converter_of(data, model, halves[0], halves[1], comparator);
    chips[i] = OfChip{chip_codes(model, chip, options.operating.comparator, rows, options.density, bounds),
                      std::move(converter), std::move(threshold), std::move(halves)};
  });

  Changes changes;
  const double middle = data.level[data.level.size() / 2];
  const double per_volt = data.spec.columns_per_half / std::fabs(data.level.back() - data.level.front());
  for (std::size_t i = 0; i < chips.size(); ++i) {
    data.chips.push_back(static_cast<std::uint32_t>(i));
    data.codes.push_back(std::move(chips[i]->codes));
    data.converters.push_back(std::move(chips[i]->converter));
    data.comparator_threshold.push_back(std::move(chips[i]->threshold));
    for (const HalfRow& half : chips[i]->halves) changes.add(half, middle, per_volt);
  }
  data.cell = {changes.sigma(1), changes.sigma(0)};
  for (const int bit : {0, 1}) {
    const auto b = static_cast<std::size_t>(bit);
    if (!tables.has("line_charge/capacitance")) {
      data.line_capacitance[b] = data.line_capacitance_sigma[b] = std::nan("");
      continue;
    }
    const tables::Point place = {{"hold_voltage", data.spec.hold_voltage},
                                 {"input_bit", std::to_string(bit)}};
    data.line_capacitance[b] = tables.nominal("line_charge/capacitance", place);
    data.line_capacitance_sigma[b] = tables.plane("line_charge/capacitance", "sigma", place);
  }
  data.mav_time = data.spec.clocks_mav * data.spec.clock;
  data.conversion_time = data.spec.cycles() * data.spec.clocks_sa * data.spec.clock;
  add_energy(data, library, options.operating);
  data.notes.insert(data.notes.end(), tables.notes().begin(), tables.notes().end());
  return data;
}

const MacroData& require_energy(const Source& source) {
  if (!source.macro->no_energy.empty())
    throw InputError(fmt::format("{} at {}: no energy: {}", source.name, source.macro->pvt.text(),
                                 source.macro->no_energy));
  return *source.macro;
}

}  // namespace mavis::exports
