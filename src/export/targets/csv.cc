// Comma-separated values: a file for each table, a row for each cell.
#include <fmt/format.h>

#include <cmath>

#include "export/target.h"

namespace mavis::exports {
namespace {

using tables::Axis;
using tables::Table;

std::string field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == text.npos) return text;
  std::string to = "\"";
  for (const char c : text) to += c == '"' ? "\"\"" : std::string(1, c);
  return to + '"';
}

// The shortest that reads back the same; nothing for no number.
std::string number(double value) {
  return std::isfinite(value) ? fmt::format("{}", value) : "";
}

std::string with_unit(const std::string& name, const std::string& unit) {
  return unit.empty() || unit == "1" ? name : fmt::format("{} ({})", name, unit);
}

std::string table_text(const Table& table, const std::string& head) {
  std::string text = head + fmt::format("# {}: {}\n", table.name, table.long_name);
  if (table.scale == tables::Scale::log)
    text += "# on a log scale: value is the geometric mean, stderr and sigma are in natural logarithms\n";
  std::vector<std::string> names;
  for (const Axis& axis : table.axes) names.push_back(with_unit(axis.name, axis.unit));
  names.push_back(with_unit("value", table.unit));
  names.emplace_back("status");
  if (!table.n.empty()) names.emplace_back("n");
  for (const auto& [plane, values] : table.planes) names.push_back(with_unit(plane, table.plane_unit(plane)));
  for (std::size_t i = 0; i < names.size(); ++i) text += (i == 0 ? "" : ",") + field(names[i]);
  text += '\n';
  for (std::size_t cell = 0; cell < table.cells(); ++cell) {
    const std::vector<std::size_t> index = table.index(cell);
    for (std::size_t a = 0; a < index.size(); ++a) {
      const Axis& axis = table.axes[a];
      text += (axis.discrete() ? field(axis.labels[index[a]]) : number(axis.values[index[a]])) + ',';
    }
    text += fmt::format("{},{}", number(table.values[cell]), name_of(table.status_at(cell)));
    if (!table.n.empty()) text += fmt::format(",{}", table.n[cell]);
    for (const auto& [plane, values] : table.planes) text += ',' + number(values[cell]);
    text += '\n';
  }
  return text;
}

std::string one_line(std::string text) {
  for (char& c : text)
    if (c == '\n') c = ';';
  return text;
}

std::vector<File> make(const Source& source, const Target& target) {
  const std::string head = header_text(source, target, "# ");
  std::string facts = head + "fact,text\n";
  for (const auto& [name, text] : source.library->provenance.facts)
    facts += field(name) + ',' + field(one_line(text)) + '\n';
  for (const tables::Failure& failure : source.library->failures)
    facts += "failed sample," +
             field(fmt::format("{} {} sample {}: {}", failure.bench, failure.point, failure.sample,
                               one_line(failure.message))) +
             '\n';
  std::vector<File> files = {{"library.csv", facts}};
  for (const auto& [name, table] : source.library->tables())
    files.push_back({table.bench() + "." + table.quantity() + ".csv", table_text(table, head)});
  return files;
}

const bool registered = register_target(
    {.name = "csv",
     .summary = "every table of any library as comma-separated values",
     .needs_macro = false,
     .limits = {"responses to device draws, interpolation errors and noise floors: they stay in the library",
                "texts of netlists and model cards"},
     .make = make});

}  // namespace
}  // namespace mavis::exports
