#include "plan/grid.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <sstream>

#include "util/error.h"
#include "util/units.h"

namespace mavis::plan {
namespace {

using tables::Axis;
using tables::Scale;
using tables::Status;
using tables::Table;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kLeastShare = 1.0 / 64;  // of an axis: no two nodes come nearer
constexpr std::size_t kMostChecks = 6;
// A bisected interval whose halves are not better by this is noise or a step, not curvature: a kink gives
// 0.5.
constexpr double kHelps = 0.7;
constexpr int kMostStuck = 2;  // such intervals of a table, then nothing more is done for it

// Figures by unit that one may give; others are left to the span.
constexpr const char* kUnits[] = {"V", "s", "A", "J", "W", "F", "A.s"};
constexpr double kVolts = 0.5e-3;

std::size_t axis_number(const Table& table, std::string_view name) {
  const Axis* axis = table.find_axis(name);
  if (!axis) throw std::invalid_argument(fmt::format("table '{}' has no axis '{}'", table.name, name));
  return static_cast<std::size_t>(axis - table.axes.data());
}

std::string axis_name(bool vdd) {
  return vdd ? "vdd" : "temp_c";
}

// The interval of ascending nodes that holds x.
std::size_t interval_of(const std::vector<double>& nodes, double x) {
  const auto right = std::upper_bound(nodes.begin(), nodes.end(), x);
  const auto left = static_cast<std::size_t>(std::max<std::ptrdiff_t>(right - nodes.begin() - 1, 0));
  return std::min(left, nodes.size() - 2);
}

}  // namespace

double GridError::allowed(const Table& table) const {
  if (table.scale == Scale::log) return relative;
  if (const auto given = absolute.find(table.unit); given != absolute.end()) return given->second;
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (std::size_t cell = 0; cell < table.values.size(); ++cell) {
    if (table.status_at(cell) != Status::ok) continue;
    low = std::min(low, table.values[cell]);
    high = std::max(high, table.values[cell]);
  }
  return high > low ? relative * (high - low) : 0;
}

GridError parse_grid_error(std::string_view text) {
  const auto refuse = [&](const std::string& reason) {
    throw InputError(
        fmt::format("--grid-error {}: {}; give a percentage and, if you like, figures by unit: 0.5%,0.2mV",
                    text, reason));
  };
  GridError error{.absolute = {{"V", kVolts}}};
  std::istringstream in{std::string(text)};
  for (std::string part; std::getline(in, part, ',');) {
    if (part.ends_with('%')) {
      if (error.relative != 0) refuse("has two percentages");
      error.relative = parse_quantity(part.substr(0, part.size() - 1), "1") / 100;
      if (!(error.relative > 0 && error.relative < 1)) refuse(part + " is not between 0 and 100 %");
      continue;
    }
    std::optional<double> value;
    const bool named = !part.empty() && std::isalpha(static_cast<unsigned char>(part.back())) != 0;
    for (const char* unit : kUnits) {
      if (!named || !part.ends_with(unit)) continue;
      try {
        value = parse_quantity(part, unit);
      } catch (const InputError&) {
        continue;  // "10 A.s" ends with "s", too
      }
      if (!(*value > 0 && std::isfinite(*value))) refuse(part + " is not positive");
      error.absolute[unit] = *value;
      break;
    }
    if (!value) refuse("'" + part + "' is neither a percentage nor a figure in V, s, A, J, W, F or A.s");
  }
  if (error.relative == 0 || text.ends_with(',')) refuse("lacks a figure");
  return error;
}

std::vector<double> even_nodes(double low, double high, std::size_t count) {
  if (low == high) return {low};
  std::vector<double> nodes;
  for (std::size_t i = 0; i < count; ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(count - 1);
    nodes.push_back(std::round((low + (high - low) * share) * 1e6) / 1e6);
  }
  nodes.front() = low;
  nodes.back() = high;
  return nodes;
}

double held_out_error(const Table& table, const Table& measured, const tables::Point& where) {
  double worst = kNaN;
  for (std::size_t cell = 0; cell < measured.values.size(); ++cell) {
    if (measured.status_at(cell) != Status::ok) continue;
    tables::Point point = where;
    const std::vector<std::size_t> index = measured.index(cell);
    for (std::size_t k = 0; k < index.size(); ++k) {
      const Axis& axis = measured.axes[k];
      if (axis.discrete())
        point[axis.name] = axis.labels[index[k]];
      else
        point[axis.name] = axis.values[index[k]];
    }
    const tables::Evaluated found = tables::evaluate(table, point);
    if (found.status != Status::ok) continue;
    const double truth = measured.values[cell];
    const double error = std::fabs(table.scale == Scale::log ? found.value / truth - 1 : found.value - truth);
    worst = std::fmax(worst, error);
  }
  return worst;
}

std::vector<double> interval_errors(const Table& table, std::string_view axis) {
  const std::size_t number = axis_number(table, axis);
  const std::vector<double>& nodes = table.axes[number].values;
  const std::vector<double> errors = tables::leave_one_out(table, number);
  std::vector<double> intervals(nodes.empty() ? 0 : nodes.size() - 1, kNaN);
  for (std::size_t i = 1; i + 1 < errors.size(); ++i)
    for (const std::size_t left : {i - 1, i}) {
      const double share = (nodes[left + 1] - nodes[left]) / (nodes[i + 1] - nodes[i - 1]);
      const bool outer = left == 0 || left + 2 == nodes.size();
      intervals[left] = std::fmax(intervals[left], (outer ? share : share * share) * errors[i]);
    }
  return intervals;
}

GridSearch::GridSearch(GridError error, std::vector<double> vdd, std::vector<double> temp_c, std::size_t most)
    : error_(std::move(error)),
      vdd_(std::move(vdd)),
      temp_c_(std::move(temp_c)),
      least_vdd_(kLeastShare * (vdd_.back() - vdd_.front())),
      least_temp_(kLeastShare * (temp_c_.back() - temp_c_.front())),
      most_(most) {}

GridSearch::Step GridSearch::next(const std::vector<Table>& tables, const std::vector<HeldOut>& held_out) {
  const bool fresh = held_out.size() > known_;
  if (fresh) judge(tables, held_out);
  known_ = held_out.size();
  const bool all_reached =
      std::all_of(findings_.begin(), findings_.end(), [](const auto& f) { return f.reached(); });
  if (tables.empty() || (vdd_.size() == 1 && temp_c_.size() == 1) || (fresh && all_reached))
    return Step::finished;

  const std::vector<Coarse> coarse = coarse_intervals(tables, held_out);
  if (coarse.empty()) return fresh || known_ >= kMostChecks * kHeldOut ? Step::finished : Step::check;
  const Coarse worst = *std::max_element(coarse.begin(), coarse.end(),
                                         [](const Coarse& a, const Coarse& b) { return a.ratio < b.ratio; });
  std::vector<double>& axis = worst.vdd ? vdd_ : temp_c_;
  const double low = axis[worst.left], high = axis[worst.left + 1];
  const std::size_t before = bisected_.size();
  for (const Coarse& c : coarse) {
    if (c.vdd != worst.vdd || c.left != worst.left) continue;
    const auto known = std::find_if(
        bisected_.begin() + static_cast<std::ptrdiff_t>(before), bisected_.end(),
        [&](const Bisected& b) { return b.what.table == c.table && b.what.held_out == c.held_out; });
    if (known == bisected_.end())
      bisected_.push_back({c, low, high});
    else
      known->what.ratio = std::max(known->what.ratio, c.ratio);
  }
  axis.insert(axis.begin() + static_cast<std::ptrdiff_t>(worst.left) + 1,
              std::round((low + high) / 2 * 1e6) / 1e6);
  return Step::measure_nodes;
}

void GridSearch::judge(const std::vector<Table>& tables, const std::vector<HeldOut>& held_out) {
  findings_.clear();
  for (const Table& table : tables) {
    GridFinding finding{table.name, error_.allowed(table)};
    for (std::size_t i = known_; i < held_out.size(); ++i)
      for (const Table& measured : held_out[i].measured) {
        if (measured.name != table.name) continue;
        const double error = held_out_error(table, measured, held_out[i].where);
        if (std::isnan(error)) continue;
        finding.bound = std::max(finding.bound, kMargin * error);
        ++finding.points;
      }
    findings_.push_back(std::move(finding));
  }
}

std::vector<GridSearch::Coarse> GridSearch::coarse_intervals(const std::vector<Table>& tables,
                                                             const std::vector<HeldOut>& held_out) {
  std::vector<Coarse> coarse;
  for (std::size_t number = 0; number < tables.size(); ++number)
    if (!is_hopeless(number)) add_coarse(number, tables[number], held_out, coarse);
  return coarse;
}

// Intervals that leaving out finds too coarse, and one around each held-out point that is missed.
void GridSearch::add_coarse(std::size_t number, const Table& table, const std::vector<HeldOut>& held_out,
                            std::vector<Coarse>& coarse) {
  const double allowed = error_.allowed(table);
  if (allowed == 0) return;
  std::map<bool, std::vector<double>> estimates;  // by axis
  for (const bool vdd : {true, false}) {
    estimates[vdd] = interval_errors(table, axis_name(vdd));
    for (std::size_t left = 0; left < estimates[vdd].size(); ++left) {
      const Coarse c{number, vdd, false, left, estimates[vdd][left] / allowed};
      if (c.ratio > 1 && can_bisect(c)) coarse.push_back(c);
    }
  }
  for (const HeldOut& point : held_out)
    for (const Table& measured : point.measured) {
      if (measured.name != table.name) continue;
      const double ratio = kMargin * held_out_error(table, measured, point.where) / allowed;
      if (!(ratio > 1)) continue;
      // Along the axis that leaving out finds worse; the other one, if that can't be bisected.
      std::vector<std::pair<double, Coarse>> sides;
      for (const bool vdd : {true, false}) {
        if (nodes(vdd).size() == 1) continue;
        const double x = std::get<double>(point.where.at(axis_name(vdd)));
        const Coarse c{number, vdd, true, interval_of(nodes(vdd), x), ratio};
        const double estimate = estimates[vdd][c.left];
        sides.emplace_back(std::isnan(estimate) ? 0 : estimate, c);
      }
      if (sides.size() == 2 && sides[1].first > sides[0].first) std::swap(sides[0], sides[1]);
      for (const auto& [estimate, c] : sides)
        if (can_bisect(c)) {
          coarse.push_back(c);
          break;
        }
    }
}

// Wide enough, within the limit of nodes, and not where bisecting did not help before, which this notes.
bool GridSearch::can_bisect(const Coarse& interval) {
  const std::vector<double>& axis = nodes(interval.vdd);
  const double low = axis[interval.left], high = axis[interval.left + 1];
  if (high - low < 2 * (interval.vdd ? least_vdd_ : least_temp_)) return false;
  if ((axis.size() + 1) * nodes(!interval.vdd).size() > most_) return false;
  for (Bisected& parent : bisected_) {
    const Coarse& c = parent.what;
    if (c.table != interval.table || c.vdd != interval.vdd || c.held_out != interval.held_out) continue;
    if (low < parent.low || high > parent.high || interval.ratio <= kHelps * c.ratio) continue;
    parent.helped = false;
    return false;
  }
  return true;
}

bool GridSearch::is_hopeless(std::size_t table) const {
  return std::count_if(bisected_.begin(), bisected_.end(),
                       [&](const Bisected& b) { return b.what.table == table && !b.helped; }) >= kMostStuck;
}

}  // namespace mavis::plan
