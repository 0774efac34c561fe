#include "report/summary.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace mavis::report {
namespace {

using tables::Axis;
using tables::Status;
using tables::Table;
using tables::Worse;

constexpr std::size_t kMostShares = 2;

bool at_nominal(const Table& table, std::size_t cell) {
  const std::vector<std::size_t> index = table.index(cell);
  for (std::size_t k = 0; k < index.size(); ++k)
    if (is_pvt(table.axes[k]) && index[k] != typical_index(table.axes[k])) return false;
  return true;
}

// The cell of the nominal PVT point that is the same on all other axes.
std::size_t moved_to_nominal(const Table& table, std::size_t cell) {
  std::vector<std::size_t> index = table.index(cell);
  for (std::size_t k = 0; k < index.size(); ++k)
    if (is_pvt(table.axes[k])) index[k] = typical_index(table.axes[k]);
  return table.offset(index);
}

void widen(std::optional<Ends>& ends, const Table& table, std::size_t cell) {
  if (!ends) ends = Ends{cell, cell};
  if (table.values[cell] < table.values[ends->low]) ends->low = cell;
  if (table.values[cell] > table.values[ends->high]) ends->high = cell;
}

std::optional<std::size_t> widest(const Table& table) {
  std::optional<std::size_t> cell;
  const auto found = table.planes.find("sigma");
  if (found == table.planes.end()) return cell;
  const std::vector<double>& sigma = found->second;
  for (std::size_t i = 0; i < sigma.size(); ++i)
    if (std::isfinite(sigma[i]) && (!cell || sigma[i] > sigma[*cell])) cell = i;
  return cell;
}

std::vector<std::pair<std::string, double>> shares_at(const Table& table, std::size_t cell) {
  std::vector<std::pair<std::string, double>> shares;
  for (const auto& [p, share] : tables::response_shares(table, cell))
    shares.emplace_back(table.parameters.labels[p], share);
  return shares;
}

constexpr std::string_view kDetail = "_by_";

// The figure that `name` is a detail of; empty if it is none.
std::string figure_of(std::string_view name) {
  const std::size_t at = name.rfind(kDetail);
  return std::string(at == name.npos ? "" : name.substr(0, at));
}

void take_shares(TableSummary& summary, const Table& table, std::size_t cell) {
  summary.shares = shares_at(table, cell);
  if (summary.shares.empty() && !at_nominal(table, cell)) {
    summary.shares = shares_at(table, moved_to_nominal(table, cell));
    summary.shares_at_nominal = !summary.shares.empty();
  }
  summary.shares.resize(std::min(summary.shares.size(), kMostShares));
}

TableSummary summary_of(const Table& table) {
  TableSummary summary;
  summary.table = &table;
  for (std::size_t cell = 0; cell < table.cells(); ++cell) {
    if (const Status status = table.status_at(cell); status != Status::ok) {
      ++summary.not_ok[status];
      if (!summary.first_not_ok) summary.first_not_ok = cell;
    }
    if (!std::isfinite(table.values[cell])) continue;
    widen(summary.all, table, cell);
    if (at_nominal(table, cell)) widen(summary.nominal, table, cell);
  }
  if (table.worse == Worse::none)
    summary.point = widest(table);
  else if (summary.all)
    summary.point = worst_of(table, *summary.all);
  if (summary.point) take_shares(summary, table, *summary.point);
  return summary;
}

// The cell of a detail at the point of its figure: the worst on its further axes, or the first if none has a
// number.
std::size_t detail_cell(const Table& figure, std::size_t point, const Table& detail) {
  const std::vector<std::size_t> place = figure.index(point);
  const auto is_there = [&](const std::vector<std::size_t>& index) {
    for (std::size_t k = 0; k < place.size(); ++k)
      if (const Axis* axis = detail.find_axis(figure.axes[k].name))
        if (index[static_cast<std::size_t>(axis - detail.axes.data())] != place[k]) return false;
    return true;
  };
  std::optional<Ends> ends;
  std::optional<std::size_t> first;
  for (std::size_t cell = 0; cell < detail.cells(); ++cell) {
    if (!is_there(detail.index(cell))) continue;
    if (!first) first = cell;
    if (std::isfinite(detail.values[cell])) widen(ends, detail, cell);
  }
  return ends ? worst_of(detail, *ends) : first.value_or(0);
}

}  // namespace

std::vector<TableSummary> summarize(const tables::Library& library, std::string_view of) {
  std::vector<TableSummary> summaries;
  for (const auto& [name, table] : library.tables()) {
    if (!of.empty() && of != name && of != table.bench()) continue;
    TableSummary summary = summary_of(table);
    summary.is_detail = library.tables().contains(figure_of(name));
    const auto detail = library.tables().lower_bound(name + std::string(kDetail));
    if (table.response.empty() && summary.point && detail != library.tables().end() &&
        figure_of(detail->first) == name) {
      take_shares(summary, detail->second, detail_cell(table, *summary.point, detail->second));
      if (!summary.shares.empty()) summary.shares_of = &detail->second;
    }
    summaries.push_back(std::move(summary));
  }
  return summaries;
}

std::size_t worst_of(const Table& table, const Ends& ends) {
  return table.worse == Worse::low ? ends.low : ends.high;
}

double beyond(const Table& table, std::size_t cell, double sigmas) {
  const auto found = table.planes.find("sigma");
  if (found == table.planes.end()) return std::numeric_limits<double>::quiet_NaN();
  const double spread = sigmas * found->second[cell];
  return table.scale == tables::Scale::log ? table.values[cell] * std::exp(spread)
                                           : table.values[cell] + spread;
}

bool is_pvt(const Axis& axis) {
  return axis.name == "corner" || axis.name == "vdd" || axis.name == "temp_c";
}

std::string place_text(const Table& table, std::size_t cell) {
  const std::vector<std::size_t> index = table.index(cell);
  std::string pvt, others;
  for (std::size_t k = 0; k < index.size(); ++k) {
    const Axis& axis = table.axes[k];
    if (is_pvt(axis))
      pvt += (pvt.empty() ? "" : " ") + node_text(axis, index[k]);
    else if (axis.size() > 1)
      others += ", " + axis.name + " " + node_text(axis, index[k]);
  }
  return pvt.empty() && !others.empty() ? others.substr(2) : pvt + others;
}

}  // namespace mavis::report
