#include "report/area.h"

#include <fmt/format.h>

#include <sstream>

#include "util/error.h"
#include "util/toml_fields.h"

namespace mavis::report {
namespace {

constexpr int kDriversPerColumn = 3;  // precharge, pull-down, column line
constexpr int kSwitchDrivers = 3;     // of a half: switches on, off; sum-line precharge

const std::string& kept_text(const tables::Library& library, const std::string& label) {
  const auto found = library.provenance.files.find(label);
  if (found == library.provenance.files.end())
    throw InputError(
        fmt::format("the library of {} keeps no text '{}', so its area is not known; characterize the "
                    "macro again",
                    library.macro(), label));
  return found->second;
}

// The one kept process description.
std::string process_label(const tables::Library& library) {
  for (const auto& [label, text] : library.provenance.files)
    if (label.starts_with("pdk/") && label.ends_with("/pdk.toml")) return label;
  return "pdk/pdk.toml";
}

// Transistors written out in a netlist: lines that begin with m.
int transistors(const tables::Library& library, const std::string& label) {
  std::istringstream lines(kept_text(library, label));
  int count = 0;
  for (std::string line; std::getline(lines, line);)
    count += !line.empty() && (line[0] == 'm' || line[0] == 'M');
  if (count == 0)
    throw InputError(
        fmt::format("the library of {}: '{}' has no transistor of its own, so its area is not known",
                    library.macro(), label));
  return count;
}

}  // namespace

AreaModel::AreaModel(const tables::Library& library) {
  const std::string macro = fmt::format("netlists/macros/{}.toml", library.macro()),
                    process = process_label(library);
  const TomlFields fields = TomlFields::parse(kept_text(library, macro), macro, "macro"),
                   pdk = TomlFields::parse(kept_text(library, process), process, "process description");
  const auto of = [&](const char* folder, const char* field) {
    return transistors(library, fmt::format("netlists/{}/{}.cir", folder, fields.text(field)));
  };
  per_cell_ = of("bitcells", "bitcell");
  per_line_ = of("lines", "line");
  per_gate_ = of("gates", "gate");
  per_driver_ = of("drivers", "driver");
  per_sum_line_ = of("sum_lines", "sum_line");
  per_comparator_ = of("comparators", "comparator");
  per_slice_ = of("logics", "logic");
  dummy_rows_ = fields.integer("dummy_rows", 0, 1000);
  const TomlFields geometry = pdk.table("geometry");
  const auto pitch = [&](const char* field) {
    return geometry.table(field).quantity("value", "m", kPositive);
  };
  cell_ = pitch("cell_width") * pitch("cell_height");
}

Area AreaModel::of(int rows, int columns, int adc_bits) const {
  const int column = per_line_ + per_gate_ + kDriversPerColumn * per_driver_;
  const int half = per_sum_line_ + (rows + kSwitchDrivers) * per_driver_ + column + dummy_rows_ * per_cell_;
  const int others = columns * column + 2 * half + per_comparator_ + adc_bits * per_slice_;
  return {rows * columns * cell_, others * cell_ / per_cell_};
}

}  // namespace mavis::report
