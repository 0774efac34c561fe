// A table: one measured quantity on named axes, with its siblings. Plain data, thread-safe as such.
//
// Meaning of a cell over the samples at its point:
//   scale linear: value = mean, in `unit`;              spread (stderr, sigma, response) in `unit`
//   scale log:    value = exp(mean of ln), in `unit`;   spread in ln, unit "1"
// A cell whose status is not ok is no measured mean; its value may be NaN (for a censored one it is the limit
// that was not reached, if known).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tables/axis.h"

namespace mavis::tables {

// How values vary between nodes: interpolate the value or its logarithm (then every ok value is positive).
enum class Scale { linear, log };

// Numbers are those of the file (tables/FORMAT.md). A combination of cells has the highest of their numbers.
enum class Status : std::uint8_t {
  ok = 0,
  censored = 1,        // the event did not happen within the window
  failed = 2,          // ngspice could not solve it
  unfinished = 3,      // not measured (yet): stopped, out of memory or CPU time
  not_applicable = 4,  // the quantity does not exist here
  no_margin = 5,       // the converter can't tell this level from its neighbour; the value stands
};

// How mean and spread were estimated. Numbers are those of the file (tables/FORMAT.md).
enum class Method : std::uint8_t {
  plain = 0,   // from independent samples
  sobol = 1,   // from scrambled Sobol points
  linear = 2,  // the same with a linear surrogate of the circuit as control variate
  curved = 3,  // with a surrogate of curves and pairs
};

// Which values of a quantity are bad news for a circuit that has them.
enum class Worse { none, low, high };

std::string_view name_of(Scale scale);    // "linear", "log"
std::string_view name_of(Worse worse);    // "none", "low", "high"
std::string_view name_of(Status status);  // "ok", "censored", ...
std::string_view name_of(Method method);  // "plain", "sobol", "sobol_linear", "sobol_curved"

// What the table can be wrong by between its nodes.
struct InterpolationError {
  double value = 0;  // in the table's unit (linear) or relative to the value (log)
  std::string axis;  // found by leaving out a node of this axis (interpolate.h); empty: at held-out points
  std::int64_t held_out = 0;  // points between the nodes that were measured to find it (plan/grid.h)
  bool operator==(const InterpolationError&) const = default;
};

// What a measurement leaves undetermined: the difference to the same samples at tight settings of the
// simulator.
struct NoiseFloor {
  double value = 0;    // root mean square, in the table's unit (linear) or relative to the value (log)
  std::int64_t n = 0;  // readings that were compared
  bool operator==(const NoiseFloor&) const = default;
};

struct Table {
  std::string name;  // "bench/quantity": "product_line/discharge_time_10"
  std::string unit;  // SI
  std::string long_name = {};
  Scale scale = Scale::linear;
  std::vector<Axis> axes = {};  // slowest first; none: one cell

  // Each is row-major over `axes`; all but `values` may be empty.
  std::vector<double> values = {};
  std::vector<Status> status = {};   // empty: all ok
  std::vector<std::int64_t> n = {};  // samples that entered the cell
  std::vector<Method> method = {};   // empty: there are no samples
  // By suffix: "stderr" (of the value), "sigma" (between samples), "sigma_stderr", "nominal" (no mismatch, in
  // `unit`). Where samples were taken until a spread was known: "low", "high" (interval of the mean),
  // "q0_999", "q0_999_low", "q0_999_high" (asked quantiles) in `unit`; "sigma_low", "sigma_high" like sigma;
  // "skew", "surrogate_r2", "runs", "factor", pure numbers. Others may be added.
  std::map<std::string, std::vector<double>, std::less<>> planes = {};

  // d quantity / d z per device parameter, z its normal draw: row-major over axes, then `parameters`.
  Axis parameters = {};  // labels "xcell.mpd:vth"; named "<bench>_parameter"; no labels: no response
  std::vector<double> response = {};
  // Its bend, of the same shape: half of what +1 and -1 together depart from no mismatch, so that a quantity
  // goes as response z + bend z^2; empty: not kept.
  std::vector<double> bend = {};

  std::optional<InterpolationError> interpolation_error = {};  // empty: not estimated
  std::optional<NoiseFloor> noise_floor = {};                  // empty: not measured
  Worse worse = Worse::none;

  std::string bench() const;        // before the '/'
  std::string quantity() const;     // after it
  std::size_t cells() const;        // product of the axes' sizes
  std::string spread_unit() const;  // of stderr, sigma, response: `unit`, or "1" on a log scale
  std::string plane_unit(std::string_view plane) const;  // `unit`, spread_unit() or "1"

  // Position of a cell from one index an axis. REQUIRES index.size() == axes.size(), each in range.
  std::size_t offset(const std::vector<std::size_t>& index) const;
  // The inverse: one index an axis. REQUIRES cell < cells().
  std::vector<std::size_t> index(std::size_t cell) const;
  Status status_at(std::size_t cell) const { return status.empty() ? Status::ok : status[cell]; }
  // Throws InputError naming table and planes that it has.
  const std::vector<double>& plane(std::string_view plane) const;
  const Axis* find_axis(std::string_view axis) const;  // nullptr if none

  // Throws std::invalid_argument where a rule above is broken (shapes, names, a log value that is not
  // positive): a mistake of the program that made the table.
  void check() const;
};

}  // namespace mavis::tables
