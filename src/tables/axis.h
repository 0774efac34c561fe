// One axis of a table. The axis owns its variable, unit and bounds; tables of one bench share it by name.
//
// A numeric axis has `values`, finite and strictly ascending; tables are interpolated along it. A discrete
// axis has `labels`, unique and not empty, in the order of the table; nothing is interpolated along it.
// Exactly one of the two lists is filled. Plain data, thread-safe as such.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mavis::tables {

struct Axis {
  std::string name;                      // "vdd", "corner": an identifier
  std::string unit = {};                 // SI, Celsius "C" for temperature; "1" or empty for none
  std::string long_name = {};            // a line for people
  std::vector<double> values = {};       // numeric
  std::vector<std::string> labels = {};  // discrete

  bool discrete() const { return !labels.empty(); }
  std::size_t size() const { return discrete() ? labels.size() : values.size(); }

  // Position of a value, equal to within 1e-9 of the axis' largest magnitude; empty if none is.
  std::optional<std::size_t> find(double value) const;

  // Position of a label, or of a value as by find(). Throws InputError naming the axis, what was asked for
  // and what the axis has.
  std::size_t index_of(std::string_view label) const;
  std::size_t index_of(double value) const;

  // "0.9 to 1.1 V" or "tt, ss, ff".
  std::string range() const;

  // Throws std::invalid_argument where the rules above are broken: a mistake of the program that made it.
  void check() const;

  bool operator==(const Axis&) const = default;
};

// Letters, digits and '_' only, not empty: names of axes, benches and quantities.
bool is_identifier(std::string_view name);

}  // namespace mavis::tables
