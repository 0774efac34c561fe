#include "macro/column_test.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "util/draws.h"
#include "util/error.h"
#include "util/hash.h"

namespace mavis::macro {
namespace {

constexpr const char* kCharge = "line_charge/charge";
constexpr double kBoltzmann = 1.380649e-23;  // J/K
constexpr double kZeroCelsius = 273.15;      // K
// A counter's end: references above what a small line and noise reach keep it.
constexpr int kMostCycles = 63;
constexpr int kTestRow = 0;  // whose cells' draws count, where a line's charge depends on them

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

ColumnTester::ColumnTester(const PointTables& tables, const MacroModel& model)
    : model_(&model),
      charge_(tables.nominal_along(kCharge, "level", charge_place(model.spec, 0, 0))),
      labels_(tables.find(kCharge).parameters.labels),
      kt_(kBoltzmann * (tables.pvt().temp_c + kZeroCelsius)) {
  const std::vector<double>& nodes = tables.axis(kCharge, "level").values;
  responses_.assign(labels_.size(), Curve{nodes, {}});
  for (double node : nodes) {
    const std::vector<double> response = tables.response(kCharge, charge_place(model.spec, 0, node));
    for (std::size_t p = 0; p < response.size(); ++p) responses_[p].y.push_back(response[p]);
  }
  sum_line_ = model.levels.dac_capacitance() - model.spec.columns_per_half * line_capacitance();
  if (!(sum_line_ > 0))
    throw InputError(fmt::format(
        "{}, cdac/level: at {} the lines alone hold more than a half's {:.3g} F; characterize both again",
        kCharge, tables.pvt().text(), model.levels.dac_capacitance()));
}

double ColumnTester::line_capacitance() const {
  return (charge_.at(1) - charge_.at(0)) / model_->vdd;
}

Curve ColumnTester::charge(const Chip& chip, int array, Half half, int column) const {
  Curve found = charge_;
  const std::string line = line_address(array, half, column),
                    cell = cell_address(array, half, column, kTestRow);
  for (std::size_t p = 0; p < labels_.size(); ++p) {
    if (responses_[p].y.empty()) continue;  // this library has none
    const double z = chip.draw(belongs_to_cell(labels_[p]) ? cell : line, labels_[p]);
    for (std::size_t i = 0; i < found.x.size(); ++i) found.y[i] += z * responses_[p].at(found.x[i]);
  }
  return found;
}

ColumnCounts ColumnTester::count(const Chip& chip, int array, Half half, const Comparator& comparator,
                                 const ColumnTest& test) const {
  const Spec& spec = model_->spec;
  const double vdd = model_->vdd;
  const HalfRow dac(model_->responses, model_->levels, chip, array, other(half), kTestRow,
                    Bits(static_cast<std::size_t>(spec.columns_per_half), 0));
  std::vector<double> references;
  for (int code = 0; code <= spec.columns_per_half; ++code) {
    const double nominal = model_->levels.reference(code, dac.ones());
    references.push_back(nominal + dac.reference_deviation(code, nominal));
  }
  const std::uint64_t shared = sequence(array, half, "shared"), referred = sequence(array, half, "reference"),
                      compared = sequence(array, half, "comparator");
  std::uint64_t place = 0;
  const auto noise = [&](std::uint64_t of) {
    return normal_draw(chip.seed(), Stream::noise, chip.index(), of, place);
  };

  ColumnCounts counts;
  for (int column = 0; column < spec.columns_per_half; ++column) {
    const Curve line = charge(chip, array, half, column);
    const double full = line.at(1), capacitance = (full - line.at(0)) / vdd;
    // Voltage that line and sum line share, against their charge.
    Curve voltage;
    for (std::size_t i = 0; i < line.x.size(); ++i) {
      voltage.x.push_back(line.y[i] + sum_line_ * line.x[i] * vdd);
      voltage.y.push_back(line.x[i] * vdd);
    }
    const double keeps = sum_line_ / (sum_line_ + capacitance);
    const double share_noise = std::sqrt((1 - keeps * keeps) * kt_ / sum_line_);
    std::int64_t cycles = 0;
    for (std::size_t r = 0; r < references.size() * static_cast<std::size_t>(test.repeats); ++r) {
      const double reference = references[r % references.size()];
      double level = 0;
      for (int cycle = 1; cycle <= kMostCycles; ++cycle) {
        // Numbered by column, count and cycle: a count of other length moves no other count's noise.
        place = ((static_cast<std::uint64_t>(column) << 20) + r) * (kMostCycles + 1) +
                static_cast<std::uint64_t>(cycle);
        level = voltage.at(full + sum_line_ * level) + share_noise * noise(shared);
        const double inn = reference + model_->dac_noise * noise(referred);
        const double common_mode = (level + inn) / 2 / vdd;
        ++cycles;
        if (level - inn + model_->comparator.noise(common_mode) * noise(compared) >
            comparator.threshold(common_mode))
          break;
      }
    }
    counts.cycles.push_back(cycles);
    counts.capacitance.push_back(capacitance);
    counts.clocks += cycles * spec.clocks_sa;
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

ArraySetup test_uarray(const ColumnTester& tester, const MacroModel& model, const Chip& chip, int array,
                       const ComparatorProcedure& procedure, const ColumnTest& test) {
  ArraySetup setup{.comparator = procedure};
  const Comparator comparator = calibrate(model.comparator, chip, array, procedure).comparator;
  for (Half half : {Half::left, Half::right})
    for (int column :
         extreme_columns(tester.count(chip, array, half, comparator, test), model.spec.discarded))
      setup.discarded.push_back(column + (half == Half::left ? 0 : model.spec.columns_per_half));
  return setup;
}

}  // namespace mavis::macro
