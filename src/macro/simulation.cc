#include "macro/simulation.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "util/error.h"

namespace mavis::macro {
namespace {

constexpr std::array kHalves = {Half::left, Half::right};

std::optional<Margin> margin_at(const PointTables& tables, const Spec& spec) {
  constexpr const char* kMargin = "margin/margin";
  if (!tables.has(kMargin)) return {};
  Margin margin;
  margin.least = std::numeric_limits<double>::infinity();
  for (int k = 0; k <= spec.columns_per_half; ++k)
    for (const char* kind : kZeroKinds) {
      const tables::Point place = {{"corner", tables.pvt().corner},
                                   {"vdd", tables.pvt().vdd},
                                   {"temp_c", tables.pvt().temp_c},
                                   {"products", static_cast<double>(k)},
                                   {"zeros", std::string(kind)}};
      const tables::Evaluated found = tables::evaluate(tables.find(kMargin), place);
      ++margin.cells;
      if (std::isfinite(found.value)) margin.least = std::min(margin.least, found.value);
      if (found.status != tables::Status::ok) ++margin.without;
    }
  return margin;
}

// More codes and levels than this do not fit into memory.
constexpr double kMostConversions = 1e9;

void check(const Spec& spec, const Workload& workload, std::size_t chips) {
  if (spec.rows < kRowsNeeded)
    throw InputError(fmt::format("{} has {} rows; signed 8-bit weights need {}, 7 bits and a sign", spec.name,
                                 spec.rows, kRowsNeeded));
  const std::size_t length = workload.weights.front().size(), inputs = workload.inputs.front().size();
  if (length != inputs)
    throw InputError(fmt::format(
        "weight vectors have {} numbers, input vectors {}; both must have the same length", length, inputs));
  const double conversions = 2.0 * kPlanes * static_cast<double>(chips) * tiles_of(length, spec) *
                             static_cast<double>(workload.inputs.size()) *
                             static_cast<double>(workload.weights.size() + 1);
  if (conversions > kMostConversions)
    throw InputError(
        fmt::format("{:.2g} conversions are more than one run can hold, {:.0g}; split the workload",
                    conversions, kMostConversions));
}

// Fills a simulation chip by chip, uArray by uArray.
class Run {
 public:
  Run(const MacroModel& model, const Workload& workload, std::optional<std::uint64_t> noise_seed,
      Simulation& to)
      : model_(model), workload_(workload), noise_seed_(noise_seed), to_(to) {}

  void array(std::size_t chip_at, const Chip& chip, int index) {
    const int tile = index % to_.tiles;
    const auto output = static_cast<std::size_t>(index / to_.tiles);
    const bool is_ones = output == to_.outputs;
    const Vector stored =
        tile_of(is_ones ? workload_.inputs.front() : workload_.weights[output], tile, to_.spec);
    const UArray array(model_, chip, index,
                       is_ones ? ones_rows(stored.size(), to_.spec) : weight_rows(stored, to_.spec),
                       noise_seed_);
    to_.calibration.push_back({array.comparator().setting(Side::n), array.comparator().setting(Side::p)});
    Ledger& ledger = to_.energy[chip_at];
    for (std::size_t input = 0; input < to_.batch; ++input) {
      const Vector x = tile_of(workload_.inputs[input], tile, to_.spec);
      for (Half half : kHalves)
        for (int plane = is_ones ? kMagnitudeBits : 0; plane < kPlanes; ++plane)
          operate(array, chip_at, input, output, tile, half, plane, x, ledger);
    }
    array.add_leakage(to_.total_time, ledger);
  }

 private:
  void operate(const UArray& array, std::size_t chip, std::size_t input, std::size_t output, int tile,
               Half half, int plane, const Vector& x, Ledger& ledger) {
    const auto h = static_cast<std::size_t>(half), t = static_cast<std::size_t>(tile),
               tiles = static_cast<std::size_t>(to_.tiles);
    // Numbered along the uArray's own time, the same whatever the workload around it.
    const std::uint64_t operation = (input * 2 + h) * kPlanes + static_cast<std::uint64_t>(plane);
    const Conversion found = array.operate(
        row_of(plane), half, input_bits(x, plane, 2 * to_.spec.columns_per_half), operation, ledger);
    if (output == to_.outputs) {
      const std::size_t at =
          ((input * tiles + t) * 2 + h) * kMagnitudeBits + static_cast<std::size_t>(plane - kMagnitudeBits);
      store(to_.ones_codes, to_.ones_counts, to_.ones_levels, chip, at, found);
    } else {
      const std::size_t at =
          (((input * to_.outputs + output) * tiles + t) * 2 + h) * kPlanes + static_cast<std::size_t>(plane);
      store(to_.codes, to_.counts, to_.levels, chip, at, found);
    }
  }

  static void store(std::vector<std::int64_t>& codes, std::vector<std::int64_t>& counts,
                    std::vector<double>& levels, std::size_t chip, std::size_t at, const Conversion& found) {
    const std::size_t place = chip * counts.size() + at;
    codes[place] = found.code;
    levels[place] = found.level;
    counts[at] = found.products;
  }

  const MacroModel& model_;
  const Workload& workload_;
  std::optional<std::uint64_t> noise_seed_;
  Simulation& to_;
};

std::int64_t sum_of_magnitudes(const Vector& v) {
  std::int64_t sum = 0;
  for (int value : v) sum += std::abs(value);
  return sum;
}

// Digital part: codes to results.
void combine(const Workload& workload, Simulation& to) {
  const std::size_t slots = 2 * static_cast<std::size_t>(to.tiles);  // tile and half
  for (std::size_t chip = 0; chip < to.chips.size(); ++chip)
    for (std::size_t input = 0; input < to.batch; ++input) {
      const std::size_t first = (chip * to.batch + input) * slots * kMagnitudeBits;
      std::int64_t sum_x = 0;
      for (std::size_t i = 0; i < slots * kMagnitudeBits; ++i)
        sum_x += weight_of(static_cast<int>(i % kMagnitudeBits)) * to.ones_codes[first + i];
      for (std::size_t output = 0; output < to.outputs; ++output) {
        const std::size_t begin = ((chip * to.batch + input) * to.outputs + output) * slots * kPlanes;
        std::int64_t sum = 0;
        for (std::size_t i = 0; i < slots * kPlanes; ++i)
          sum += weight_of(static_cast<int>(i % kPlanes)) * to.codes[begin + i];
        to.results.push_back(2 * sum - sum_of_magnitudes(workload.weights[output]) - sum_x);
      }
    }
  for (const Vector& x : workload.inputs)
    for (const Vector& w : workload.weights) to.exact.push_back(multiplication_free(w, x));
}

}  // namespace

Simulation simulate(const tables::Library& library, const Pvt& pvt, const Workload& workload,
                    const std::vector<Chip>& chips, std::optional<std::uint64_t> noise_seed,
                    const Watch& watch) {
  Simulation simulation;
  simulation.spec = read_spec(library);
  simulation.pvt = pvt;
  check(simulation.spec, workload, chips.size());
  const PointTables tables(library, pvt);
  tables.require_point("sum_line/level");
  const MacroModel model(tables, simulation.spec);
  simulation.margin = margin_at(tables, simulation.spec);
  simulation.notes = tables.notes();

  simulation.batch = workload.inputs.size();
  simulation.outputs = workload.weights.size();
  simulation.length = workload.weights.front().size();
  simulation.tiles = tiles_of(simulation.length, simulation.spec);
  simulation.clocks = 2 * kPlanes * simulation.spec.clocks_per_conversion();
  simulation.latency = simulation.clocks * simulation.spec.clock;
  simulation.total_time = simulation.latency * static_cast<double>(simulation.batch);
  simulation.operations =
      2.0 * static_cast<double>(simulation.length * simulation.outputs * simulation.batch);

  const std::size_t ones = simulation.batch * static_cast<std::size_t>(simulation.tiles) * 2 * kMagnitudeBits;
  const std::size_t all = ones / kMagnitudeBits * kPlanes * simulation.outputs;
  simulation.counts.resize(all);
  simulation.ones_counts.resize(ones);
  simulation.codes.resize(all * chips.size());
  simulation.levels.resize(all * chips.size());
  simulation.ones_codes.resize(ones * chips.size());
  simulation.ones_levels.resize(ones * chips.size());
  simulation.energy.resize(chips.size());

  Run run(model, workload, noise_seed, simulation);
  const auto arrays = static_cast<std::size_t>(simulation.arrays());
  for (std::size_t c = 0; c < chips.size(); ++c) {
    simulation.chips.push_back(chips[c].index());
    for (int index = 0; index < simulation.arrays(); ++index) {
      run.array(c, chips[c], index);
      if (watch) watch(c * arrays + static_cast<std::size_t>(index) + 1, arrays * chips.size());
    }
  }
  combine(workload, simulation);
  return simulation;
}

std::set<std::string> column_labels(const tables::Library& library) {
  std::set<std::string> labels;
  for (const char* name : {"product_line/level", "line_charge/charge"}) {
    const auto& found = library.find(name).parameters.labels;
    labels.insert(found.begin(), found.end());
  }
  return labels;
}

std::set<std::string> comparator_labels(const tables::Library& library) {
  const auto& found = library.find("comparator/offset").parameters.labels;
  return {found.begin(), found.end()};
}

ErrorStatistics code_errors(const Simulation& simulation) {
  ErrorStatistics statistics;
  const auto add = [&](const std::vector<std::int64_t>& codes, const std::vector<std::int64_t>& counts) {
    for (std::size_t i = 0; i < codes.size(); ++i) {
      const auto error = static_cast<double>(codes[i] - counts[i % counts.size()]);
      ++statistics.n;
      statistics.mean += error;
      statistics.rms += error * error;
      statistics.wrong += error != 0;
    }
  };
  add(simulation.codes, simulation.counts);
  add(simulation.ones_codes, simulation.ones_counts);
  const auto n = static_cast<double>(statistics.n);
  statistics.mean /= n;
  statistics.rms = std::sqrt(statistics.rms / n);
  statistics.wrong /= n;
  return statistics;
}

double relative_result_error(const Simulation& simulation) {
  double error = 0, size = 0;
  for (std::size_t i = 0; i < simulation.results.size(); ++i) {
    const auto exact = static_cast<double>(simulation.exact[i % simulation.exact.size()]);
    const double miss = static_cast<double>(simulation.results[i]) - exact;
    error += miss * miss;
    size += exact * exact;
  }
  return size > 0 ? std::sqrt(error / size) : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace mavis::macro
