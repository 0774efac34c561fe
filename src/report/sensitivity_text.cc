#include "report/sensitivity_text.h"

#include <fmt/format.h>

#include <sstream>

#include "report/grid.h"
#include "report/summary.h"
#include "util/units.h"

namespace mavis::report {
namespace {

using tables::Sensitivity;
using tables::Table;

std::string response_text(const Table& table, double response) {
  const bool relative = table.scale == tables::Scale::log;
  return (response < 0 ? "" : "+") +
         (relative ? format_quantity(100 * response, "%", 3) : format_quantity(response, table.unit, 3));
}

}  // namespace

std::string sensitivity_text(const tables::Library& library, std::string_view of) {
  // One grid, so that the columns of all tables are aligned; headings go between its lines.
  std::vector<std::vector<std::string>> rows = {
      {"rank", "device parameter", "of the variance", "by +1 sigma"}};
  std::vector<std::string> headings = {""};
  for (const Sensitivity& s : library.sensitivities) {
    const Table& table = library.find(s.table);
    if (!of.empty() && of != s.table && of != table.bench()) continue;
    headings.push_back(s.rank > 1 ? ""
                                  : fmt::format("{}, at {}\n", s.table,
                                                place_text(table, static_cast<std::size_t>(s.cell))));
    rows.push_back({fmt::format("{}", s.rank), s.parameter, fmt::format("{:.1f} %", 100 * s.share),
                    response_text(table, s.response)});
  }
  if (rows.size() == 1) return "no response to device parameters is in this library\n";
  std::istringstream lines(grid(rows, "rlrr"));
  std::string text, line;
  for (const std::string& heading : headings) {
    std::getline(lines, line);
    text += heading + line + '\n';
  }
  return text;
}

}  // namespace mavis::report
