// A whole simulation: weight vectors against input vectors on sampled chips of a macro at one PVT point.
//
// uArray o * tiles + t of a chip holds tile t of weight vector o; uArray outputs * tiles + t is the row of
// ones of tile t (operation.h). All uArrays work at the same time, inputs one after another, so one w (+) x
// takes 2 operations a plane that is run, each of clocks_mav + A_P * clocks_sa clocks, whatever the number of
// tiles and outputs. Every uArray leaks for all of that time. Comparators are calibrated and columns
// discarded beforehand, uArray by uArray; what that takes is not in energy and time.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "macro/column_test.h"
#include "macro/operation.h"
#include "macro/workload.h"

namespace mavis::macro {

// Distance of levels from decision levels at the point (margin/margin), where the library has it.
struct Margin {
  double least = 0;         // LSB, infinite where no cell has a number
  std::size_t cells = 0;    // of products and zeros
  std::size_t without = 0;  // of them with a status other than ok: no margin, or none known
};

// Called with uArrays done and in all.
using Watch = std::function<void(std::size_t done, std::size_t total)>;

// How a macro is set up and operated.
struct Operating {
  Precision precision = {};
  SupplyNoise supply = {};  // only where there is noise at all
  ComparatorProcedure comparator = {};
  ColumnTest column_test = {};
  double discard = 0;  // fraction of each half's columns, 0 to below 1, taken to a whole number of columns
  Watch watch = {};
};

struct Simulation {
  Spec spec;  // as operated
  Precision precision;
  std::vector<int> planes, ones_planes;  // that are run, of kPlaneNames
  Pvt pvt;
  std::vector<std::uint32_t> chips;  // their indices
  std::size_t batch = 0, outputs = 0, length = 0;
  int tiles = 0;

  // Row-major: chip, input, output, tile, half, plane that is run; `counts` without chip. A discarded column
  // adds one to code and count.
  std::vector<std::int64_t> codes, counts;
  std::vector<double> levels;  // V, sum line at the first comparison, without temporal noise
  // The row of ones, likewise: chip, input, tile, half, plane (of ones_planes).
  std::vector<std::int64_t> ones_codes, ones_counts;
  std::vector<double> ones_levels;
  // Row-major: chip, input, output; the others without chip. `exact` is w (+) x of the numbers as given,
  // `quantized` what a macro without errors makes of them at this precision.
  std::vector<std::int64_t> results, exact, quantized;

  std::vector<Ledger> energy;  // J, by chip, whole workload
  double energy_bound = 0;     // J, what the tables' bounds leave open of one conversion (table_bounds.h)
  std::vector<std::array<std::string, 2>> calibration;  // N and P setting, by chip and uArray
  std::vector<int>
      discarded;  // columns (ArraySetup), by chip, uArray, half and number; empty without discard
  std::optional<Margin> margin;
  std::vector<std::string> notes;

  int clocks = 0;         // of one w (+) x
  double latency = 0;     // s, of one w (+) x
  double total_time = 0;  // s, of the workload
  double operations = 0;  // two a weight-input pair: one for each of its two terms
  double conversions() const { return static_cast<double>(codes.size() + ones_codes.size()); }
  int arrays() const { return static_cast<int>(outputs + 1) * tiles; }
};

// `noise_seed` empty: no temporal noise. Chips record their draws where asked to (Chip::record). Throws
// InputError for what PointTables refuses, a macro with too few rows, vectors of different lengths, a
// precision or discard that the macro can't have. REQUIRES at least one chip and a workload that is not
// empty.
Simulation simulate(const tables::Library& library, const Pvt& pvt, const Workload& workload,
                    const std::vector<Chip>& chips, std::optional<std::uint64_t> noise_seed,
                    const Operating& operating = {});

// Labels of device parameters that a chip of this library can have.
std::set<std::string> column_labels(const tables::Library& library);
std::set<std::string> comparator_labels(const tables::Library& library);

struct ErrorStatistics {
  std::size_t n = 0;
  double mean = 0, rms = 0;  // LSB; rms about zero
  double wrong = 0;          // fraction of codes that differ from the count
};
// Of all conversions, the row of ones included, against what an ideal conversion of the same bits gives.
ErrorStatistics code_errors(const Simulation& simulation);
// rms of (result - exact) over rms of exact; NaN where all exact results are 0.
double relative_result_error(const Simulation& simulation);
// The same of `quantized`.
double quantization_error(const Simulation& simulation);

}  // namespace mavis::macro
