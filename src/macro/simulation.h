// A whole simulation: weight vectors against input vectors on sampled chips of a macro at one PVT point.
//
// uArray o * tiles + t of a chip holds tile t of weight vector o; uArray outputs * tiles + t is the row of
// ones of tile t (operation.h). All uArrays work at the same time, inputs one after another, so one w (+) x
// takes 2 kPlanes operations of clocks_mav + adc_bits * clocks_sa clocks, whatever the number of tiles and
// outputs. Every uArray leaks for all of that time.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "macro/operation.h"
#include "macro/workload.h"

namespace mavis::macro {

// Distance of levels from decision levels at the point (margin/margin), where the library has it.
struct Margin {
  double least = 0;         // LSB, infinite where no cell has a number
  std::size_t cells = 0;    // of products and zeros
  std::size_t without = 0;  // of them with a status other than ok: no margin, or none known
};

struct Simulation {
  Spec spec;
  Pvt pvt;
  std::vector<std::uint32_t> chips;  // their indices
  std::size_t batch = 0, outputs = 0, length = 0;
  int tiles = 0;

  // Row-major: chip, input, output, tile, half, plane; `counts` without chip.
  std::vector<std::int64_t> codes, counts;
  std::vector<double> levels;  // V, sum line at the first comparison
  // The row of ones, likewise: chip, input, tile, half, plane (x0..x6).
  std::vector<std::int64_t> ones_codes, ones_counts;
  std::vector<double> ones_levels;
  // Row-major: chip, input, output; `exact` without chip.
  std::vector<std::int64_t> results, exact;

  std::vector<Ledger> energy;                           // J, by chip, whole workload
  std::vector<std::array<std::string, 2>> calibration;  // N and P setting, by chip and uArray
  std::optional<Margin> margin;
  std::vector<std::string> notes;

  int clocks = 0;         // of one w (+) x
  double latency = 0;     // s, of one w (+) x
  double total_time = 0;  // s, of the workload
  double operations = 0;  // two a weight-input pair: one for each of its two terms
  int arrays() const { return static_cast<int>(outputs + 1) * tiles; }
};

// Called with uArrays done and in all.
using Watch = std::function<void(std::size_t done, std::size_t total)>;

// `noise_seed` empty: no temporal noise. Chips record their draws where asked to (Chip::record). Throws
// InputError for what PointTables refuses, a macro with too few rows, vectors of different lengths.
// REQUIRES at least one chip and a workload that is not empty.
Simulation simulate(const tables::Library& library, const Pvt& pvt, const Workload& workload,
                    const std::vector<Chip>& chips, std::optional<std::uint64_t> noise_seed,
                    const Watch& watch = {});

// Labels of device parameters that a chip of this library can have.
std::set<std::string> column_labels(const tables::Library& library);
std::set<std::string> comparator_labels(const tables::Library& library);

struct ErrorStatistics {
  std::size_t n = 0;
  double mean = 0, rms = 0;  // LSB; rms about zero
  double wrong = 0;          // fraction of codes that differ from the count
};
ErrorStatistics code_errors(const Simulation& simulation);  // all conversions, the row of ones included
// rms of (result - exact) over rms of exact; NaN where all exact results are 0.
double relative_result_error(const Simulation& simulation);

}  // namespace mavis::macro
