#include "macro/simulation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

#include "macro/table_bounds.h"
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

void check(const Spec& spec, const Workload& workload, std::size_t chips, std::size_t planes) {
  if (spec.rows < kRowsNeeded)
    throw InputError(fmt::format("{} has {} rows; signed 8-bit weights need {}, 7 bits and a sign", spec.name,
                                 spec.rows, kRowsNeeded));
  const std::size_t length = workload.weights.front().size(), inputs = workload.inputs.front().size();
  if (length != inputs)
    throw InputError(fmt::format(
        "weight vectors have {} numbers, input vectors {}; both must have the same length", length, inputs));
  const double conversions = 2.0 * static_cast<double>(planes) * static_cast<double>(chips) *
                             tiles_of(length, spec) * static_cast<double>(workload.inputs.size()) *
                             static_cast<double>(workload.weights.size() + 1);
  if (conversions > kMostConversions)
    throw InputError(
        fmt::format("{:.2g} conversions are more than one run can hold, {:.0g}; split the workload",
                    conversions, kMostConversions));
}

// The macro as it is to be operated.
Spec operated(Spec spec, const Operating& operating) {
  const auto refuse = [&](const char* what, const std::string& value, const std::string& expected) {
    throw InputError(fmt::format("{}: {} {}; expected {}", spec.name, value, what, expected));
  };
  const Precision& precision = operating.precision;
  for (const auto& [bits, what] :
       {std::pair{precision.weight_bits, "weight bits"}, {precision.input_bits, "input bits"}})
    if (bits < 2 || bits > kMagnitudeBits + 1)
      refuse(what, fmt::format("{}", bits), fmt::format("2 to {}, sign included", kMagnitudeBits + 1));
  if (precision.adc_bits < 0 || precision.adc_bits > spec.adc_bits)
    refuse("conversion bits", fmt::format("{}", precision.adc_bits), fmt::format("1 to {}", spec.adc_bits));
  const bool is_fraction = operating.discard >= 0 && operating.discard < 1;
  spec.sa_cycles = precision.adc_bits;
  spec.discarded = is_fraction ? columns_of_fraction(operating.discard, spec) : spec.columns_per_half;
  if (spec.discarded >= spec.columns_per_half)
    refuse("of the columns discarded", fmt::format("{:g} %", 100 * operating.discard),
           fmt::format("0 to less than all {} of a half", spec.columns_per_half));
  return spec;
}

// Fills a simulation chip by chip, uArray by uArray.
class Run {
 public:
  Run(const MacroModel& model, const std::optional<ChargeSharing>& sharing, const Workload& workload,
      std::optional<std::uint64_t> noise_seed, const Operating& operating, Simulation& to)
      : model_(model),
        sharing_(sharing),
        workload_(workload),
        noise_seed_(noise_seed),
        operating_(operating),
        to_(to) {}

  void array(std::size_t chip_at, const Chip& chip, int index) {
    const int tile = index % to_.tiles;
    const auto output = static_cast<std::size_t>(index / to_.tiles);
    const bool is_ones = output == to_.outputs;
    const Vector stored =
        tile_of(is_ones ? workload_.inputs.front() : workload_.weights[output], tile, to_.spec);
    ArraySetup setup{.comparator = operating_.comparator};
    if (sharing_)
      setup = test_uarray(*sharing_, model_, chip, index, operating_.comparator, operating_.column_test);
    to_.discarded.insert(to_.discarded.end(), setup.discarded.begin(), setup.discarded.end());
    const UArray array(model_, chip, index,
                       is_ones ? ones_rows(stored.size(), to_.spec) : weight_rows(stored, to_.spec),
                       noise_seed_, setup);
    to_.calibration.push_back({array.comparator().setting(Side::n), array.comparator().setting(Side::p)});
    Ledger& ledger = to_.energy[chip_at];
    const std::vector<int>& planes = is_ones ? to_.ones_planes : to_.planes;
    for (std::size_t p = 0; p < planes.size(); ++p) {
      std::vector<Bits> inputs;
      for (const Vector& x : workload_.inputs)
        inputs.push_back(input_bits(tile_of(x, tile, to_.spec), planes[p], to_.spec.data_columns()));
      for (Half half : kHalves) {
        const std::vector<Conversion> found = array.operate(
            row_of(planes[p]), half, kPlaneNames[static_cast<std::size_t>(planes[p])], inputs, ledger);
        const auto h = static_cast<std::size_t>(half), t = static_cast<std::size_t>(tile),
                   tiles = static_cast<std::size_t>(to_.tiles);
        for (std::size_t input = 0; input < to_.batch; ++input)
          if (is_ones)
            store(to_.ones_codes, to_.ones_counts, to_.ones_levels, chip_at,
                  ((input * tiles + t) * 2 + h) * planes.size() + p, found[input]);
          else
            store(to_.codes, to_.counts, to_.levels, chip_at,
                  (((input * to_.outputs + output) * tiles + t) * 2 + h) * planes.size() + p, found[input]);
      }
    }
    array.add_leakage(to_.total_time, ledger);
  }

 private:
  static void store(std::vector<std::int64_t>& codes, std::vector<std::int64_t>& counts,
                    std::vector<double>& levels, std::size_t chip, std::size_t at, const Conversion& found) {
    const std::size_t place = chip * counts.size() + at;
    codes[place] = found.code;
    levels[place] = found.level;
    counts[at] = found.products;
  }

  const MacroModel& model_;
  const std::optional<ChargeSharing>& sharing_;
  const Workload& workload_;
  std::optional<std::uint64_t> noise_seed_;
  const Operating& operating_;
  Simulation& to_;
};

std::int64_t sum_of_magnitudes(const Vector& v, int bits) {
  std::int64_t sum = 0;
  for (int value : v) sum += kept_magnitude(value, bits);
  return sum;
}

// Twice what conversions of `planes` add up to, `slots` of each: a code stands for the middle of the counts
// that share it, less the columns without data. Whole, as a middle is a multiple of one half.
std::int64_t twice_sum(const std::int64_t* codes, std::size_t slots, const std::vector<int>& planes,
                       const Spec& spec) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < slots * planes.size(); ++i)
    sum += weight_of(planes[i % planes.size()]) * (2 * codes[i] + spec.code_step() - 1 - 2 * spec.discarded);
  return sum;
}

// Digital part: codes to results, for `repeats` chips. Twice a row of ones' sum is even: it has two halves.
std::vector<std::int64_t> combined(const Workload& workload, const Simulation& s,
                                   const std::vector<std::int64_t>& codes,
                                   const std::vector<std::int64_t>& ones_codes, std::size_t repeats) {
  const std::size_t slots = 2 * static_cast<std::size_t>(s.tiles);  // tile and half
  std::vector<std::int64_t> results;
  for (std::size_t chip = 0; chip < repeats; ++chip)
    for (std::size_t input = 0; input < s.batch; ++input) {
      const std::size_t row = chip * s.batch + input;
      const std::int64_t sum_x =
          twice_sum(&ones_codes[row * slots * s.ones_planes.size()], slots, s.ones_planes, s.spec) / 2;
      for (std::size_t output = 0; output < s.outputs; ++output)
        results.push_back(
            twice_sum(&codes[(row * s.outputs + output) * slots * s.planes.size()], slots, s.planes, s.spec) -
            sum_of_magnitudes(workload.weights[output], s.precision.weight_bits) - sum_x);
    }
  return results;
}

// What an ideal conversion makes of counts.
std::int64_t ideal_code(std::int64_t count, const Spec& spec) {
  return count - count % spec.code_step();
}

void combine(const Workload& workload, Simulation& to) {
  const auto ideal = [&](std::vector<std::int64_t> counts) {
    for (std::int64_t& count : counts) count = ideal_code(count, to.spec);
    return counts;
  };
  to.results = combined(workload, to, to.codes, to.ones_codes, to.chips.size());
  to.quantized = combined(workload, to, ideal(to.counts), ideal(to.ones_counts), 1);
  for (const Vector& x : workload.inputs)
    for (const Vector& w : workload.weights) to.exact.push_back(multiplication_free(w, x));
}

double relative_error(const std::vector<std::int64_t>& results, const std::vector<std::int64_t>& exact) {
  double error = 0, size = 0;
  for (std::size_t i = 0; i < results.size(); ++i) {
    const auto right = static_cast<double>(exact[i % exact.size()]);
    const double miss = static_cast<double>(results[i]) - right;
    error += miss * miss;
    size += right * right;
  }
  return size > 0 ? std::sqrt(error / size) : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

Simulation simulate(const tables::Library& library, const Pvt& pvt, const Workload& workload,
                    const std::vector<Chip>& chips, std::optional<std::uint64_t> noise_seed,
                    const Operating& operating) {
  Simulation simulation;
  simulation.spec = operated(read_spec(library), operating);
  simulation.precision = operating.precision;
  simulation.precision.adc_bits = simulation.spec.cycles();
  simulation.planes = planes_of(operating.precision);
  std::copy_if(simulation.planes.begin(), simulation.planes.end(), std::back_inserter(simulation.ones_planes),
               is_input_plane);
  simulation.pvt = pvt;
  check(simulation.spec, workload, chips.size(), simulation.planes.size());
  const PointTables tables(library, pvt);
  tables.require_point("sum_line/level");
  const MacroModel model(tables, simulation.spec, operating.supply);
  std::optional<ChargeSharing> sharing;
  if (simulation.spec.discarded > 0) sharing.emplace(tables, simulation.spec, model.levels);
  simulation.margin = margin_at(tables, simulation.spec);
  simulation.notes = tables.notes();
  simulation.energy_bound = table_bounds(tables, simulation.spec.cycles()).energy;

  simulation.batch = workload.inputs.size();
  simulation.outputs = workload.weights.size();
  simulation.length = workload.weights.front().size();
  simulation.tiles = tiles_of(simulation.length, simulation.spec);
  simulation.clocks =
      2 * static_cast<int>(simulation.planes.size()) * simulation.spec.clocks_per_conversion();
  simulation.latency = simulation.clocks * simulation.spec.clock;
  simulation.total_time = simulation.latency * static_cast<double>(simulation.batch);
  simulation.operations =
      2.0 * static_cast<double>(simulation.length * simulation.outputs * simulation.batch);

  const std::size_t slots = simulation.batch * static_cast<std::size_t>(simulation.tiles) * 2;
  const std::size_t ones = slots * simulation.ones_planes.size();
  const std::size_t all = slots * simulation.planes.size() * simulation.outputs;
  simulation.counts.resize(all);
  simulation.ones_counts.resize(ones);
  simulation.codes.resize(all * chips.size());
  simulation.levels.resize(all * chips.size());
  simulation.ones_codes.resize(ones * chips.size());
  simulation.ones_levels.resize(ones * chips.size());
  simulation.energy.resize(chips.size());

  Run run(model, sharing, workload, noise_seed, operating, simulation);
  const auto arrays = static_cast<std::size_t>(simulation.arrays());
  for (std::size_t c = 0; c < chips.size(); ++c) {
    simulation.chips.push_back(chips[c].index());
    for (int index = 0; index < simulation.arrays(); ++index) {
      run.array(c, chips[c], index);
      if (operating.watch)
        operating.watch(c * arrays + static_cast<std::size_t>(index) + 1, arrays * chips.size());
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
  const std::vector<std::string>& found = comparator_parameters(library);
  return {found.begin(), found.end()};
}

ErrorStatistics code_errors(const Simulation& simulation) {
  ErrorStatistics statistics;
  const auto add = [&](const std::vector<std::int64_t>& codes, const std::vector<std::int64_t>& counts) {
    for (std::size_t i = 0; i < codes.size(); ++i) {
      const auto error =
          static_cast<double>(codes[i] - ideal_code(counts[i % counts.size()], simulation.spec));
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
  return relative_error(simulation.results, simulation.exact);
}

double quantization_error(const Simulation& simulation) {
  return relative_error(simulation.quantized, simulation.exact);
}

}  // namespace mavis::macro
