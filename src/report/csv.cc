#include "report/csv.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "report/summary.h"

namespace mavis::report {
namespace {

using tables::Axis;
using tables::Table;
using tables::Worse;

constexpr double kSigmas = 3;

// What a row has beside its cell.
struct Extra {
  std::string not_ok, shares;
};

class Writer {
 public:
  Writer(const tables::Library& library, std::string_view of) : summaries_(summarize(library, of)) {
    for (const TableSummary& summary : summaries_)
      for (const Axis& axis : summary.table->axes)
        if (std::find(axes_.begin(), axes_.end(), axis.name) == axes_.end()) axes_.push_back(axis.name);
    std::stable_sort(axes_.begin(), axes_.end(), [](const std::string& a, const std::string& b) {
      const bool pvt_a = is_pvt({.name = a}), pvt_b = is_pvt({.name = b});
      return pvt_a != pvt_b ? pvt_a : !pvt_a && a < b;
    });
  }

  std::string write() {
    std::vector<std::string> names = {"row", "bench", "quantity"};
    names.insert(names.end(), axes_.begin(), axes_.end());
    for (const char* name : {"value", "unit", "sigma", "stderr", "spread_unit", "low_3_sigma", "high_3_sigma",
                             "n", "status", "nominal", "not_ok", "spread_from"})
      names.push_back(name);
    add(names);
    for (const TableSummary& summary : summaries_) add_summary(summary);
    for (const TableSummary& summary : summaries_)
      for (std::size_t cell = 0; cell < summary.table->cells(); ++cell)
        add_cell("cell", *summary.table, cell, {});
    return std::move(text_);
  }

 private:
  void add(const std::vector<std::string>& fields) {
    for (std::size_t i = 0; i < fields.size(); ++i) text_ += (i == 0 ? "" : ",") + csv_field(fields[i]);
    text_ += "\r\n";
  }

  void add_summary(const TableSummary& summary) {
    const Table& table = *summary.table;
    std::size_t bad = 0;
    for (const auto& [status, count] : summary.not_ok) bad += count;
    Extra extra{fmt::format("{}", bad), ""};
    const auto row = [&](const char* name, std::size_t cell) { add_cell(name, table, cell, extra); };
    if (!summary.all) {
      std::vector<std::string> fields = {"worst", table.bench(), table.quantity()};
      fields.resize(fields.size() + axes_.size() + 1);
      fields.push_back(table.unit);
      fields.resize(fields.size() + 8);
      fields.insert(fields.end(), {extra.not_ok, ""});
      add(fields);
      return;
    }
    const bool directed = table.worse != Worse::none;
    if (summary.nominal && directed) row("nominal", worst_of(table, *summary.nominal));
    if (summary.nominal && !directed) {
      row("nominal_low", summary.nominal->low);
      row("nominal_high", summary.nominal->high);
    }
    if (!directed) {
      row("low", summary.all->low);
      row("high", summary.all->high);
    }
    if (!summary.point) return;
    std::vector<std::string> parts;
    for (const auto& [name, share] : summary.shares) parts.push_back(fmt::format("{} {:.4g}", name, share));
    extra.shares = fmt::format("{}{}{}", fmt::join(parts, "; "),
                               summary.shares_of ? " (of " + summary.shares_of->quantity() + ")" : "",
                               summary.shares_at_nominal ? " (as at nominal)" : "");
    row(directed ? "worst" : "widest", *summary.point);
  }

  void add_cell(const char* row, const Table& table, std::size_t cell, const Extra& extra) {
    std::vector<std::string> fields = {row, table.bench(), table.quantity()};
    const std::vector<std::size_t> index = table.index(cell);
    for (const std::string& name : axes_) {
      const Axis* axis = table.find_axis(name);
      if (!axis) {
        fields.emplace_back();
        continue;
      }
      const std::size_t node = index[static_cast<std::size_t>(axis - table.axes.data())];
      fields.push_back(axis->discrete() ? axis->labels[node] : csv_number(axis->values[node]));
    }
    const auto plane = [&](const char* name) {
      const auto found = table.planes.find(name);
      return found == table.planes.end() ? "" : csv_number(found->second[cell]);
    };
    fields.insert(
        fields.end(),
        {csv_number(table.values[cell]), table.unit, plane("sigma"), plane("stderr"), table.spread_unit(),
         csv_number(beyond(table, cell, -kSigmas)), csv_number(beyond(table, cell, kSigmas)),
         table.n.empty() ? "" : fmt::format("{}", table.n[cell]), std::string(name_of(table.status_at(cell))),
         plane("nominal"), extra.not_ok, extra.shares});
    add(fields);
  }

  std::vector<TableSummary> summaries_;
  std::vector<std::string> axes_;  // corner, vdd and temp_c first
  std::string text_;
};

}  // namespace

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == text.npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

std::string csv_number(double value) {
  return std::isfinite(value) ? fmt::format("{}", value) : "";
}

std::string csv_text(const tables::Library& library, std::string_view of) {
  return Writer(library, of).write();
}

}  // namespace mavis::report
