#include "report/compare.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "util/draws.h"
#include "util/error.h"
#include "util/nearest.h"
#include "util/toml_fields.h"
#include "util/units.h"

namespace mavis::report {
namespace {

using tables::Status;
using tables::Table;
using tables::Worse;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// Order of compare_figures().
enum Place {
  kSwing,
  kInl,
  kLeastStep,
  kSigma,
  kOverlap,
  kZeros,
  kTime,
  kOnOff,
  kBits,
  kEnergy,
  kEnergyALevel,
  kStatic,
  kRest,
  kDisturb,
  kHold,
  kRead,
  kTransistors,
  kCapacitance,
  kArea,
  kPitch,
};

// Cells that the process' pitch is of: pdk.toml says "widened for the two devices of the product stack".
constexpr int kTransistorsOfPitch = 8;

// One table at one PVT point: PVT axes come first, so its cells there lie together.
class Column {
 public:
  Column(const tables::Library& library, const std::string& name, const PvtNode& pvt) {
    const auto found = library.tables().find(name);
    if (found == library.tables().end()) return;
    table_ = &found->second;
    std::size_t first = 0;
    for (const tables::Axis& axis : table_->axes) {
      std::size_t place = 0;
      if (axis.name == "corner")
        place = axis.index_of(pvt.corner);
      else if (axis.name == "vdd")
        place = axis.index_of(pvt.vdd);
      else if (axis.name == "temp_c")
        place = axis.index_of(pvt.temp_c);
      else
        cells_ *= axis.size();
      first = first * axis.size() + place;
    }
    first_ = first;
  }

  bool there() const { return table_ != nullptr; }
  std::size_t size() const { return there() ? cells_ : 0; }
  double value(std::size_t i = 0) const { return there() ? table_->values[first_ + i] : kNone; }
  double plane(std::string_view name, std::size_t i = 0) const {
    if (!there()) return kNone;
    const auto found = table_->planes.find(name);
    return found == table_->planes.end() ? kNone : found->second[first_ + i];
  }
  std::int64_t n(std::size_t i = 0) const {
    return there() && !table_->n.empty() ? table_->n[first_ + i] : 0;
  }
  Status status(std::size_t i = 0) const {
    return there() ? table_->status_at(first_ + i) : Status::not_applicable;
  }
  ComparedValue read(std::size_t i = 0) const {
    if (!there()) return {kNone, kNone, 0, Status::not_applicable};
    const double error = plane("stderr", i);
    return {value(i), table_->scale == tables::Scale::log ? error * value(i) : error, n(i), status(i)};
  }
  // The largest value with its error; a status that is not ok of any cell.
  ComparedValue largest() const {
    std::size_t place = 0;
    Status status = Status::ok;
    for (std::size_t i = 0; i < size(); ++i) {
      status = std::max(status, this->status(i));
      if (!(value(i) <= value(place))) place = i;
    }
    ComparedValue worst = read(place);
    worst.status = there() ? status : Status::not_applicable;
    return worst;
  }

 private:
  const Table* table_ = nullptr;
  std::size_t first_ = 0, cells_ = 1;
};

double probability_apart(double distance, double sigma) {
  return sigma > 0 ? normal_tail(distance / sigma) : distance > 0 ? 0 : 1;
}

// Worst probability that a level is read as another, thresholds midway between mean levels.
double overlap(const std::vector<double>& levels, const std::vector<double>& sigmas) {
  const double sign = levels.back() < levels.front() ? -1 : 1;
  double worst = 0;
  for (std::size_t k = 0; k < levels.size(); ++k) {
    double p = 0;
    if (k > 0) p += probability_apart(sign * (levels[k] - levels[k - 1]) / 2, sigmas[k]);
    if (k + 1 < levels.size()) p += probability_apart(sign * (levels[k + 1] - levels[k]) / 2, sigmas[k]);
    worst = std::max(worst, std::min(p, 1.0));
  }
  return worst;
}

struct Pitch {
  double width = 0, height = 0;  // m, of a cell of kTransistorsOfPitch
};

Pitch pitch_of(const tables::Library& library) {
  for (const auto& [label, text] : library.provenance.files)
    if (label.ends_with("pdk.toml")) {
      const TomlFields geometry = TomlFields::parse(text, label, "process description").table("geometry");
      const auto length = [&](const char* field) {
        return geometry.table(field).quantity("value", "m", kPositive);
      };
      return {length("cell_width"), length("cell_height")};
    }
  throw InputError(
      fmt::format("the library of {} keeps no pdk.toml, so its area is not known; characterize it again",
                  library.macro()));
}

const Table& transfer(const tables::Library& library) {
  const auto found = library.tables().find("compute/level");
  if (found != library.tables().end()) return found->second;
  throw InputError(fmt::format(
      "the library of {} has no table compute/level; characterize a cell whose netlist says how it computes "
      "(netlists/README.md)",
      library.macro()));
}

void add_levels(const Column& level, ComparedCell& cell) {
  for (std::size_t k = 0; k < level.size(); ++k) {
    cell.levels.push_back(level.value(k));
    cell.sigmas.push_back(level.plane("sigma", k));
  }
  const double whole = level.plane("nominal", level.size() - 1) - level.plane("nominal");
  for (std::size_t k = 1; k < level.size(); ++k)
    if (!((level.plane("nominal", k) - level.plane("nominal", k - 1)) * whole > 0))
      cell.turns.push_back(static_cast<int>(k));
}

}  // namespace

const std::vector<CompareFigure>& compare_figures() {
  static const std::vector<CompareFigure> figures = {
      {"swing", "V", "level with every product less that with none", "compute/swing", Worse::none},
      {"inl", "1", "largest distance from the straight line between the ends, steps", "compute/inl",
       Worse::high},
      {"least_step", "1", "smallest step over the mean one; 0 or less: not monotone", "compute/step",
       Worse::low},
      {"sigma_level", "1", "largest spread of a level, in mean steps", "compute/level", Worse::high},
      {"overlap", "1", "P(level read as another), worst level, normal distribution", "compute/level",
       Worse::high},
      {"zeros_spread", "1", "what the level owes to the kind of zeros, steps", "compute/zeros_spread",
       Worse::high},
      {"time_sensitivity", "1", "relative change of swing over that of evaluation time",
       "compute_drive/time_sensitivity", Worse::high},
      {"on_off", "1", "current of a product over that of none", "compute_drive/on_off", Worse::low},
      {"resolved_bits", "1", "log2(levels) - log2(1 + 12 e^2) / 2, e = rms of INL and spread, steps",
       "compute/level", Worse::low},
      {"energy", "J", "of an operation a row, mean over levels", "compute/energy", Worse::high},
      {"energy_a_level", "J", "of an operation of the column over 2^resolved_bits", "compute/energy",
       Worse::high},
      {"static_current", "A", "a row at the end of the evaluation, worst level", "compute/static_current",
       Worse::high},
      {"rest_power", "W", "a row at rest: cell, its part of the lines, what its mload* stand for",
       "compute_drive/rest_power", Worse::high},
      {"disturb", "V", "excursion of a storage node in an operation, worst level", "compute/disturb",
       Worse::high},
      {"hold_margin", "V", "static noise margin at rest", "noise_margin/hold", Worse::low},
      {"read_margin", "V", "static noise margin in a read", "noise_margin/read", Worse::low},
      {"transistors", "1", "of a cell", "compute_drive/transistors", Worse::high},
      {"capacitance", "F", "metal capacitors of a cell, over it and not in its area",
       "compute_drive/capacitance", Worse::high},
      {"area", "m2", "estimate: transistors as dense as the process' 8T pitch, longer gates added",
       "compute_drive/transistors", Worse::high},
      {"pitch", "m", "estimate: height of a row of the process' cell width", "compute_drive/transistors",
       Worse::high},
  };
  return figures;
}

int rows_of(const tables::Library& library) {
  const tables::Axis* products = transfer(library).find_axis("products");
  return products ? static_cast<int>(products->size()) - 1 : 0;
}

ComparedCell compared_cell(const tables::Library& library, const PvtNode& pvt) {
  transfer(library);
  const auto column = [&](std::string_view name) { return Column(library, std::string(name), pvt); };
  ComparedCell cell;
  cell.name = library.macro();
  cell.figures.resize(compare_figures().size(), {kNone, kNone, 0, Status::not_applicable});
  auto& figures = cell.figures;
  const Column level = column("compute/level");
  add_levels(level, cell);
  const double levels = static_cast<double>(cell.levels.size()), rows = levels - 1;
  const double step = std::abs(cell.levels.back() - cell.levels.front()) / rows;
  const Status status = level.largest().status;

  for (const auto& [place, name] : {std::pair{kSwing, "compute/swing"},
                                    {kInl, "compute/inl"},
                                    {kZeros, "compute/zeros_spread"},
                                    {kTime, "compute_drive/time_sensitivity"},
                                    {kOnOff, "compute_drive/on_off"},
                                    {kRest, "compute_drive/rest_power"},
                                    {kHold, "noise_margin/hold"},
                                    {kRead, "noise_margin/read"},
                                    {kTransistors, "compute_drive/transistors"},
                                    {kCapacitance, "compute_drive/capacitance"}})
    figures[place] = column(name).read();
  // A sensitivity counts by its size.
  figures[kTime].value = std::abs(figures[kTime].value);

  const Column steps = column("compute/step");
  for (std::size_t k = 0; k < steps.size(); ++k)
    if (!(steps.value(k) >= figures[kLeastStep].value)) figures[kLeastStep] = steps.read(k);

  double squares = 0, sigma = 0, sigma_error = kNone;
  for (std::size_t k = 0; k < cell.levels.size(); ++k) {
    const double inl = (cell.levels[k] - cell.levels[0]) / (cell.levels.back() - cell.levels[0]) * rows -
                       static_cast<double>(k);
    squares += inl * inl + std::pow(cell.sigmas[k] / step, 2);
    if (!(cell.sigmas[k] <= sigma)) sigma = cell.sigmas[k], sigma_error = level.plane("sigma_stderr", k);
  }
  figures[kSigma] = {sigma / step, sigma_error / step, level.n(), status};
  figures[kOverlap] = {overlap(cell.levels, cell.sigmas), kNone, level.n(), status};
  // A quantizer's own error is 1/12 of a squared step; levels that err by e resolve as many as a coarser one.
  figures[kBits] = {std::log2(levels) - std::log2(1 + 12 * squares / levels) / 2, kNone, level.n(), status};

  const Column energy = column("compute/energy");
  double joules = 0, variance = 0;
  for (std::size_t k = 0; k < energy.size(); ++k) {
    joules += energy.value(k) / levels;
    variance += energy.plane("stderr", k) / levels;  // levels of one sample go together
  }
  figures[kEnergy] = {joules / rows, variance / rows, energy.n(), energy.largest().status};
  figures[kEnergyALevel] = {joules / std::exp2(figures[kBits].value), kNone, energy.n(),
                            figures[kEnergy].status};
  figures[kStatic] = column("compute/static_current").largest();
  figures[kStatic].value /= rows, figures[kStatic].standard_error /= rows;
  figures[kDisturb] = column("compute/disturb").largest();
  cell.lost = figures[kDisturb].status == Status::censored;

  if (const Column gates = column("compute_drive/gate_area"); gates.there()) {
    const Pitch pitch = pitch_of(library);
    const double area =
        figures[kTransistors].value * pitch.width * pitch.height / kTransistorsOfPitch + gates.value();
    figures[kArea] = {area, kNone, 1, Status::ok};
    figures[kPitch] = {area / pitch.width, kNone, 1, Status::ok};
  }
  return cell;
}

std::size_t figure_named(std::string_view name) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < compare_figures().size(); ++i) {
    if (compare_figures()[i].name == name && compare_figures()[i].worse != Worse::none) return i;
    if (compare_figures()[i].worse != Worse::none) names.emplace_back(compare_figures()[i].name);
  }
  const std::string guess = nearest(std::string(name), names);
  throw InputError(fmt::format("no figure to rank by is called '{}'; {}there are: {}", name,
                               guess.empty() ? "" : fmt::format("did you mean '{}'? ", guess),
                               fmt::join(names, ", ")));
}

std::vector<std::size_t> ranked(const std::vector<ComparedCell>& cells, std::size_t figure) {
  std::vector<std::size_t> order(cells.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const double sign = compare_figures()[figure].worse == Worse::high ? 1 : -1;
  const auto key = [&](std::size_t i) {
    const double value = cells[i].figures[figure].value;
    return std::isfinite(value) ? sign * value : std::numeric_limits<double>::infinity();
  };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return key(a) < key(b); });
  return order;
}

namespace {

// A number with its status where that is not ok.
std::string value_text(const ComparedValue& value, std::string_view unit) {
  if (!std::isfinite(value.value)) return "-";
  if (value.status == Status::not_applicable || value.status == Status::failed ||
      value.status == Status::unfinished)
    return std::string(name_of(value.status));
  std::string text;
  if (unit == "m2")
    text = fmt::format("{:.3g} um2", value.value * 1e12);
  else if (unit == "1")
    text = value.value > 0 && value.value < 1e-30 ? "< 1e-30" : fmt::format("{:.3g}", value.value);
  else
    text = format_quantity(value.value, unit, 3);
  return value.status == Status::ok ? text : fmt::format("{} ({})", text, name_of(value.status));
}

Sheet sheet_of(const std::string& title, const std::vector<ComparedCell>& cells,
               const std::vector<std::size_t>& order, const std::vector<Place>& places) {
  Sheet sheet;
  sheet.title = title;
  sheet.columns = {{"cell"}};
  for (Place place : places) sheet.columns.push_back({std::string(compare_figures()[place].name)});
  for (std::size_t i : order) {
    std::vector<SheetCell>& row = sheet.rows.emplace_back();
    row.emplace_back(cells[i].name);
    for (Place place : places)
      row.emplace_back(value_text(cells[i].figures[place], compare_figures()[place].unit));
  }
  for (Place place : places) {
    const CompareFigure& figure = compare_figures()[place];
    std::int64_t least = std::numeric_limits<std::int64_t>::max(), most = 0;
    double error = 0;
    for (const ComparedCell& cell : cells) {
      const ComparedValue& value = cell.figures[place];
      if (!std::isfinite(value.value)) continue;
      least = std::min(least, value.n), most = std::max(most, value.n);
      const double relative = std::abs(value.standard_error / value.value);
      if (std::isfinite(relative)) error = std::max(error, relative);
    }
    std::string rests = "of none of these cells";
    if (most > 0) rests = least == most ? fmt::format("n {}", most) : fmt::format("n {} to {}", least, most);
    if (error > 0) rests += fmt::format(", standard error up to {:.2g} %", 100 * error);
    sheet.notes.push_back(fmt::format("{}: {}; {}, {}", figure.name, figure.text, figure.rests, rests));
  }
  return sheet;
}

}  // namespace

std::vector<Sheet> compare_sheets(const std::vector<ComparedCell>& cells, const PvtNode& pvt, int rows,
                                  std::size_t rank_by) {
  const std::vector<std::size_t> order = ranked(cells, rank_by);
  const std::string at = fmt::format("{} rows, {} levels, {} {:g} V {:g} C; best {} first", rows, rows + 1,
                                     pvt.corner, pvt.vdd, pvt.temp_c, compare_figures()[rank_by].name);
  std::vector<Sheet> sheets = {
      sheet_of("how well cells compute: " + at, cells, order,
               {kSwing, kInl, kLeastStep, kSigma, kOverlap, kZeros, kTime, kOnOff, kBits}),
      sheet_of("what that costs: " + at, cells, order,
               {kEnergy, kEnergyALevel, kStatic, kRest, kDisturb, kHold, kRead, kTransistors, kCapacitance,
                kArea, kPitch})};
  for (std::size_t i : order) {
    if (!cells[i].turns.empty())
      sheets[0].notes.push_back(
          fmt::format("{} is not monotone: the step to {} products goes the wrong way (nominal)",
                      cells[i].name, fmt::join(cells[i].turns, ", ")));
    if (cells[i].lost)
      sheets[1].notes.push_back(fmt::format("{} loses stored bits while it computes", cells[i].name));
  }
  return sheets;
}

Sheet compare_csv_sheet() {
  Sheet sheet;
  sheet.columns = {{"cell"},           {"corner"}, {"vdd", "V"}, {"temperature", "C"},
                   {"rows"},           {"figure"}, {"value"},    {"unit"},
                   {"standard_error"}, {"n"},      {"status"},   {"rests_on"}};
  return sheet;
}

void add_csv_rows(const std::vector<ComparedCell>& cells, const PvtNode& pvt, int rows, Sheet& sheet) {
  const auto add = [&](const std::string& cell, const std::string& figure, const ComparedValue& value,
                       std::string_view unit, std::string_view rests) {
    sheet.rows.push_back({cell, pvt.corner, pvt.vdd, pvt.temp_c, static_cast<double>(rows), figure,
                          value.value, std::string(unit), value.standard_error, static_cast<double>(value.n),
                          std::string(name_of(value.status)), std::string(rests)});
  };
  for (const ComparedCell& cell : cells) {
    for (std::size_t i = 0; i < compare_figures().size(); ++i)
      add(cell.name, std::string(compare_figures()[i].name), cell.figures[i], compare_figures()[i].unit,
          compare_figures()[i].rests);
    for (std::size_t k = 0; k < cell.levels.size(); ++k) {
      const std::int64_t n = cell.figures[kSigma].n;
      add(cell.name, fmt::format("level_{}", k),
          {cell.levels[k], cell.sigmas[k] / std::sqrt(static_cast<double>(n)), n}, "V", "compute/level");
      add(cell.name, fmt::format("sigma_{}", k), {cell.sigmas[k], kNone, n}, "V", "compute/level");
    }
  }
}

}  // namespace mavis::report
