#include "report/sheet.h"

#include <fmt/format.h>

#include <cmath>

#include "report/csv.h"
#include "report/grid.h"
#include "util/units.h"

namespace mavis::report {
namespace {

constexpr int kDigits = 3;
constexpr double kNever = 1e-30;  // a pure number below is a probability of what never happens

std::string text_of(const SheetCell& cell, const std::string& unit) {
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  const double value = std::get<double>(cell);
  if (!std::isfinite(value)) return "-";
  if (unit.empty() && value > 0 && value < kNever) return fmt::format("< {:g}", kNever);
  return unit.empty() || unit == "TOPS/W" ? fmt::format("{:.3g}", value)
                                          : format_quantity(value, unit, kDigits);
}

}  // namespace

std::string sheet_text(const Sheet& sheet) {
  std::vector<std::vector<std::string>> rows(1);
  std::string alignment;
  for (std::size_t c = 0; c < sheet.columns.size(); ++c) {
    rows[0].push_back(sheet.columns[c].name);
    const bool is_text = !sheet.rows.empty() && std::holds_alternative<std::string>(sheet.rows[0][c]);
    alignment += is_text ? 'l' : 'r';
  }
  for (const std::vector<SheetCell>& row : sheet.rows) {
    std::vector<std::string>& cells = rows.emplace_back();
    for (std::size_t c = 0; c < row.size(); ++c) cells.push_back(text_of(row[c], sheet.columns[c].unit));
  }
  std::string text = sheet.title + '\n' + grid(rows, alignment);
  for (const std::string& note : sheet.notes) text += "  " + note + '\n';
  return text;
}

std::string sheet_csv(const Sheet& sheet) {
  std::string text;
  const auto add = [&](const std::vector<std::string>& fields) {
    for (std::size_t i = 0; i < fields.size(); ++i) text += (i == 0 ? "" : ",") + csv_field(fields[i]);
    text += "\r\n";
  };
  std::vector<std::string> fields;
  for (const SheetColumn& column : sheet.columns)
    fields.push_back(column.unit.empty() ? column.name : fmt::format("{} ({})", column.name, column.unit));
  add(fields);
  for (const std::vector<SheetCell>& row : sheet.rows) {
    fields.clear();
    for (const SheetCell& cell : row) {
      const auto* text_cell = std::get_if<std::string>(&cell);
      fields.push_back(text_cell ? *text_cell : csv_number(std::get<double>(cell)));
    }
    add(fields);
  }
  return text;
}

}  // namespace mavis::report
