#include "report/statistics_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/grid.h"
#include "report/reading.h"
#include "report/summary.h"
#include "stats/accuracy.h"
#include "stats/spread.h"
#include "util/units.h"

namespace mavis::report {
namespace {

using tables::Table;

// The cell of the typical node on each axis, or the first with a number.
std::size_t typical_cell(const Table& table) {
  std::vector<std::size_t> index;
  for (const tables::Axis& axis : table.axes) index.push_back(typical_index(axis));
  const std::size_t cell = table.offset(index);
  if (std::isfinite(table.values[cell])) return cell;
  const auto found =
      std::find_if(table.values.begin(), table.values.end(), [](double v) { return std::isfinite(v); });
  return found == table.values.end() ? cell : static_cast<std::size_t>(found - table.values.begin());
}

// "q0_999" -> "q0.999"
std::string spoken(std::string name) {
  std::replace(name.begin(), name.end(), '_', '.');
  return name;
}

// Suffixes of the asked quantiles.
std::vector<std::string> quantiles_of(const Table& table) {
  std::vector<std::string> names;
  for (const auto& [suffix, plane] : table.planes)
    if (suffix.starts_with("q0_") && !suffix.ends_with("_low") && !suffix.ends_with("_high"))
      names.push_back(suffix);
  return names;
}

std::string interval_text(const Table& table, std::size_t cell, const std::string& quantile) {
  const auto number = [&](const std::string& suffix) {
    return format_quantity(table.plane(quantile + suffix)[cell], table.unit, 3);
  };
  return fmt::format("{} ({} to {})", number(""), number("_low"), number("_high"));
}

// Cells whose samples gave no surrogate that serves, with the squared correlation of the best.
std::string refusals(const Table& table) {
  std::size_t count = 0, worst = 0;
  const std::vector<double>& r2 = table.plane("surrogate_r2");
  for (std::size_t cell = 0; cell < r2.size(); ++cell) {
    if (!(r2[cell] < stats::kLeastR2)) continue;
    if (count++ == 0 || r2[cell] < r2[worst]) worst = cell;
  }
  if (count == 0) return "";
  return fmt::format(
      "SURROGATE REFUSED in {} of {} cells of {} (R2 {:.2f} against {} samples at {}; {} is needed): "
      "scrambled points alone\n",
      count, table.cells(), table.name, r2[worst], table.n[worst], place_text(table, worst), stats::kLeastR2);
}

// Where an asked accuracy was not reached.
std::string shortfall(const Table& table, const std::vector<stats::Target>& targets) {
  std::string text;
  const bool log = table.scale == tables::Scale::log;
  for (const stats::Target& target : targets) {
    std::size_t count = 0, worst = 0;
    double most = target.relative;
    for (std::size_t cell = 0; cell < table.cells(); ++cell) {
      if (!std::isfinite(table.values[cell]) || target.kind == stats::Target::Kind::quantile) continue;
      const bool sigma = target.kind == stats::Target::Kind::sigma;
      stats::Estimate estimate;
      estimate.value = sigma ? table.plane("sigma")[cell] : table.values[cell];
      estimate.standard_error = table.plane(sigma ? "sigma_stderr" : "stderr")[cell];
      const double error = stats::relative_error(target, estimate, log);
      if (error > target.relative) ++count;
      if (error > most) {
        most = error;
        worst = cell;
      }
    }
    if (count > 0)
      text += fmt::format("NOT REACHED: {} of {} in {} of {} cells, {:.2g} % at {} with {} samples\n",
                          target.name, table.name, count, table.cells(), 100 * most, place_text(table, worst),
                          table.n[worst]);
  }
  return text;
}

}  // namespace

bool has_statistics(const tables::Library& library) {
  return std::any_of(library.tables().begin(), library.tables().end(),
                     [](const auto& entry) { return entry.second.planes.contains("runs"); });
}

std::string statistics_text(const tables::Library& library, std::string_view of) {
  std::vector<std::vector<std::string>> rows = {
      {"figure", "mean", "sigma", "skew", "samples", "runs", "R2", "method", "saves"}};
  std::string trouble;
  const std::string* campaign = library.provenance.fact("accuracy");
  const std::vector<stats::Target> targets =
      campaign ? stats::parse_accuracy(*campaign) : std::vector<stats::Target>{};
  for (const auto& [name, table] : library.tables()) {
    if (!table.planes.contains("runs") || (!of.empty() && of != name && of != table.bench())) continue;
    const std::size_t cell = typical_cell(table);
    const Reading reading = read_cell(table, cell);
    const double r2 = table.plane("surrogate_r2")[cell], factor = table.plane("factor")[cell];
    rows.push_back({name, value_text(table, reading), sigma_text(table, reading),
                    fmt::format("{:.2f}", table.plane("skew")[cell]), fmt::format("{}", reading.n),
                    fmt::format("{:.0f}", table.plane("runs")[cell]),
                    std::isnan(r2) ? "-" : fmt::format("{:.4f}", r2),
                    std::string(tables::name_of(table.method[cell])),
                    std::isnan(factor) ? "-" : fmt::format("{:.3g} x", factor)});
    for (const std::string& quantile : quantiles_of(table))
      rows.push_back({"  " + spoken(quantile), interval_text(table, cell, quantile)});
    trouble += refusals(table);
    if (!table.response.empty()) trouble += shortfall(table, targets);
  }
  if (rows.size() == 1)
    return "the samples of this library were not taken to an accuracy; see mavis characterize --accuracy\n";
  return grid(rows, "llr") +
         "saves: plain Monte Carlo samples for as small an error of sigma, over the runs spent\n" + trouble;
}

}  // namespace mavis::report
