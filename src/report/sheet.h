// Rows of numbers and texts with named columns, printed for people or as comma-separated values. Pure.
#pragma once

#include <string>
#include <variant>
#include <vector>

namespace mavis::report {

struct SheetColumn {
  std::string name;
  std::string unit = {};  // SI, "%", or empty for pure numbers and texts
};

// NaN: no number.
using SheetCell = std::variant<double, std::string>;

struct Sheet {
  std::string title;
  std::vector<SheetColumn> columns;
  std::vector<std::vector<SheetCell>> rows;  // as long as columns
  std::vector<std::string> notes = {};       // lines below
};

// Title, header, rows with three significant digits and prefixes, "-" for no number, "< 1e-30" for smaller
// pure numbers, notes.
std::string sheet_text(const Sheet& sheet);
// RFC 4180: a header of "name (unit)", then rows, numbers the shortest that read back the same.
std::string sheet_csv(const Sheet& sheet);

}  // namespace mavis::report
