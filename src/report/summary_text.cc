#include "report/summary_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <sstream>

#include "report/grid.h"
#include "report/summary.h"
#include "util/units.h"

namespace mavis::report {
namespace {

using tables::Table;
using tables::Worse;

constexpr double kSigmas = 3;
constexpr int kDigits = 3;

std::string number_text(const Table& table, double value) {
  return std::isfinite(value) ? format_quantity(value, table.unit, kDigits) : "-";
}

std::string range_text(const Table& table, double low, double high) {
  const std::string a = number_text(table, low), b = number_text(table, high);
  return a == b ? a : a + " to " + b;
}

// Did samples give no number where one could be worse than all that there are?
bool may_be_worse(const TableSummary& summary) {
  for (const auto& [status, count] : summary.not_ok)
    if (status != tables::Status::not_applicable && status != tables::Status::no_margin) return true;
  return false;
}

// The worst value with its status, or the range of values where none is worse.
std::string ends_text(const Table& table, const std::optional<Ends>& ends, bool or_worse = false) {
  if (!ends) return "-";
  if (table.worse == Worse::none) return range_text(table, table.values[ends->low], table.values[ends->high]);
  const std::size_t cell = worst_of(table, *ends);
  const tables::Status status = table.status_at(cell);
  return number_text(table, table.values[cell]) +
         (status == tables::Status::ok ? "" : fmt::format(" ({})", tables::name_of(status))) +
         (or_worse ? " or worse" : "");
}

std::string beyond_text(const Table& table, std::size_t cell) {
  const double low = beyond(table, cell, -kSigmas), high = beyond(table, cell, kSigmas);
  if (table.worse == Worse::none) return range_text(table, low, high);
  return number_text(table, table.worse == Worse::low ? low : high);
}

std::string shares_text(const TableSummary& summary) {
  std::vector<std::string> parts;
  for (const auto& [name, share] : summary.shares)
    parts.push_back(fmt::format("{} {:.0f} %", name, 100 * share));
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string pvt_text(const Table& table) {
  std::string text;
  for (const tables::Axis& axis : table.axes)
    if (is_pvt(axis)) text += (text.empty() ? "" : " ") + node_text(axis, typical_index(axis));
  return text;
}

// Where the worst is and what makes it spread, if there is anything to say.
std::string explanation(const TableSummary& summary) {
  const Table& table = *summary.table;
  std::vector<std::string> parts;
  if (summary.point && table.cells() > 1)
    parts.push_back((table.worse == Worse::none ? "widest at " : "worst at ") +
                    place_text(table, *summary.point));
  if (!summary.shares.empty())
    parts.push_back(
        (summary.shares_of ? "spread of " + summary.shares_of->quantity() + " from " : "spread from ") +
        shares_text(summary) +
        (summary.shares_at_nominal ? fmt::format(" (as at {})", pvt_text(table)) : ""));
  return fmt::format("{}", fmt::join(parts, "; "));
}

std::string trouble(const TableSummary& summary) {
  const Table& table = *summary.table;
  std::vector<std::string> counts;
  for (const auto& [status, count] : summary.not_ok)
    counts.push_back(fmt::format("{} {}", count, tables::name_of(status)));
  return fmt::format("{} of {} cells{}", fmt::join(counts, ", "), table.cells(),
                     table.cells() > 1 ? ", the first at " + place_text(table, *summary.first_not_ok) : "");
}

std::string title(const tables::Library& library, const std::vector<TableSummary>& summaries) {
  std::string text = library.macro();
  if (const std::string* process = library.provenance.fact("process")) text += " in " + *process;
  if (const std::string* samples = library.provenance.fact("samples")) text += ", " + *samples + " samples";
  const std::string nominal = summaries.empty() ? "" : pvt_text(*summaries.front().table);
  if (!nominal.empty()) text += ", nominal at " + nominal;
  return text + "; 95 % intervals\n";
}

}  // namespace

std::string summary_text(const tables::Library& library, std::string_view of) {
  const std::vector<TableSummary> summaries = summarize(library, of);
  std::vector<std::vector<std::string>> rows = {
      {"figure", "nominal", "worst (or range)", "sigma there", "mean and 3 sigma"}};
  std::vector<TableSummary> shown;
  std::vector<std::string> details;
  for (const TableSummary& summary : summaries)
    if (summary.is_detail && !summary.first_not_ok && summary.table->name != of)
      details.push_back(summary.table->name);
    else
      shown.push_back(summary);
  for (const TableSummary& summary : shown) {
    const Table& table = *summary.table;
    rows.push_back({table.name, ends_text(table, summary.nominal),
                    ends_text(table, summary.all, may_be_worse(summary))});
    const bool spreads = summary.point && std::isfinite(read_cell(table, *summary.point).sigma);
    rows.back().push_back(spreads ? sigma_text(table, read_cell(table, *summary.point)) : "-");
    rows.back().push_back(spreads ? beyond_text(table, *summary.point) : "-");
  }
  std::istringstream lines(grid(rows, "lr"));
  std::string line, text = title(library, summaries);
  std::getline(lines, line);
  text += line + '\n';
  for (const TableSummary& summary : shown) {
    std::getline(lines, line);
    text += line + '\n';
    if (const std::string why = explanation(summary); !why.empty()) text += "    " + why + '\n';
    if (summary.first_not_ok) text += "    NOT OK: " + trouble(summary) + '\n';
  }
  if (!details.empty()) text += fmt::format("in more detail: {}\n", fmt::join(details, ", "));
  return text;
}

}  // namespace mavis::report
