#include "macro/column_test.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "util/draws.h"
#include "util/hash.h"

namespace mavis::macro {
namespace {

// A counter's end: references above what a small line and noise reach keep it.
constexpr int kMostCycles = 63;
constexpr int kVoltagePoints = 100;  // of a charge curve, as fine as PointTables' own
constexpr int kTestRow = 0;          // whose cells' draws count, where a line's charge depends on them

std::uint64_t sequence(int array, Half half, const char* what) {
  return hash64(fmt::format("u{}.{}.column_test.{}", array, name_of(half), what));
}

double median(std::vector<std::int64_t> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? static_cast<double>(values[middle])
                                : static_cast<double>(values[middle - 1] + values[middle]) / 2;
}

}  // namespace

std::vector<double> test_references(const MacroModel& model, const Chip& chip, int array, Half half) {
  const HalfRow dac(model.responses, model.levels, chip, array, half, kTestRow,
                    Bits(static_cast<std::size_t>(model.spec.columns_per_half), 0));
  std::vector<double> references;
  for (int code = 0; code <= model.spec.columns_per_half; ++code) {
    const double nominal = model.levels.reference(code, dac.ones());
    references.push_back(nominal + dac.reference_deviation(code, nominal));
  }
  return references;
}

ColumnCounts count_cycles(const MacroModel& model, const SharedHalf& lines,
                          const std::vector<double>& references, const Comparator& comparator,
                          const Chip& chip, int array, Half half, const ColumnTest& test) {
  const double vdd = model.vdd, sum_line = lines.sharing().sum_line_capacitance();
  // As large a half as the library's has the model's kT/C noise.
  const double reference_noise =
      model.dac_noise * std::sqrt(model.levels.dac_capacitance() / lines.sharing().total_capacitance());
  const double kt = model.dac_noise * model.dac_noise * model.levels.dac_capacitance();  // J
  const std::uint64_t shared = sequence(array, half, "shared"), referred = sequence(array, half, "reference"),
                      compared = sequence(array, half, "comparator");
  std::uint64_t place = 0;
  const auto noise = [&](std::uint64_t of) {
    return normal_draw(chip.seed(), Stream::noise, chip.index(), of, place);
  };

  ColumnCounts counts;
  for (int column = 0; column < lines.sharing().columns(); ++column) {
    const double full = lines.charge(column, 0, 1), capacitance = lines.capacitance(column);
    // Voltage that line and sum line share, against their charge.
    Curve voltage;
    for (int i = 0; i <= kVoltagePoints; ++i) {
      const double level = static_cast<double>(i) / kVoltagePoints;
      voltage.x.push_back(lines.charge(column, 0, level) + sum_line * level * vdd);
      voltage.y.push_back(level * vdd);
    }
    const double keeps = sum_line / (sum_line + capacitance);
    const double share_noise = std::sqrt((1 - keeps * keeps) * kt / sum_line);
    std::int64_t cycles = 0;
    for (std::size_t r = 0; r < references.size() * static_cast<std::size_t>(test.repeats); ++r) {
      const double reference = references[r % references.size()];
      double level = 0;
      for (int cycle = 1; cycle <= kMostCycles; ++cycle) {
        // Numbered by column, count and cycle: a count of other length moves no other count's noise.
        place = ((static_cast<std::uint64_t>(column) << 20) + r) * (kMostCycles + 1) +
                static_cast<std::uint64_t>(cycle);
        level = voltage.at(full + sum_line * level) + share_noise * noise(shared);
        const double inn = reference + reference_noise * noise(referred);
        const double common_mode = (level + inn) / 2 / vdd;
        ++cycles;
        if (level - inn + model.comparator.noise(common_mode) * noise(compared) >
            comparator.threshold(common_mode))
          break;
      }
    }
    counts.cycles.push_back(cycles);
    counts.capacitance.push_back(capacitance);
    counts.clocks += cycles * model.spec.clocks_sa;
  }
  return counts;
}

std::vector<int> extreme_columns(const ColumnCounts& counts, int number) {
  const double middle = median(counts.cycles);
  std::vector<int> order(counts.cycles.size());
  std::iota(order.begin(), order.end(), 0);
  const auto distance = [&](int column) {
    return std::fabs(static_cast<double>(counts.cycles[static_cast<std::size_t>(column)]) - middle);
  };
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return distance(a) > distance(b); });
  order.resize(std::min(order.size(), static_cast<std::size_t>(number)));
  std::sort(order.begin(), order.end());
  return order;
}

std::vector<int> columns_beyond(const ColumnCounts& counts, double sigmas) {
  const auto n = static_cast<double>(counts.cycles.size());
  double mean = 0, variance = 0;
  for (std::int64_t cycles : counts.cycles) mean += static_cast<double>(cycles) / n;
  for (std::int64_t cycles : counts.cycles)
    variance += std::pow(static_cast<double>(cycles) - mean, 2) / std::max(1.0, n - 1);
  const double middle = median(counts.cycles), limit = sigmas * std::sqrt(variance);
  const auto beyond = std::count_if(counts.cycles.begin(), counts.cycles.end(), [&](std::int64_t cycles) {
    return std::fabs(static_cast<double>(cycles) - middle) > limit;
  });
  return extreme_columns(counts, static_cast<int>(beyond));
}

int columns_of_fraction(double fraction, const Spec& spec) {
  return static_cast<int>(std::lround(fraction * spec.columns_per_half));
}

ArraySetup test_uarray(const ChargeSharing& sharing, const MacroModel& model, const Chip& chip, int array,
                       const ComparatorProcedure& procedure, const ColumnTest& test) {
  ArraySetup setup{.comparator = procedure};
  const Comparator comparator = calibrate(model.comparator, chip, array, procedure).comparator;
  for (Half half : {Half::left, Half::right}) {
    const ColumnCounts counts =
        count_cycles(model, SharedHalf(sharing, chip, array, half),
                     test_references(model, chip, array, other(half)), comparator, chip, array, half, test);
    for (int column : extreme_columns(counts, model.spec.discarded))
      setup.discarded.push_back(column + (half == Half::left ? 0 : model.spec.columns_per_half));
  }
  return setup;
}

}  // namespace mavis::macro
