// External sources, which only the shared library has, in text: so that a deck with them runs in plain
// ngspice. Pure, thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mavis::spice {

// What a source follows: straight lines, constant after the last value.
struct ExternalValues {
  double step = 0;             // s between values; 0: `values` holds pairs of a time, ascending, and a value
  std::vector<double> values;  // A or V
  double at(double time) const;  // 0 without values
};

// A comment line (without the line feed) that keeps them, and back: an empty source if the line is none.
std::string external_line(std::string_view source, const ExternalValues& values);
std::string parse_external_line(std::string_view line, ExternalValues& values);

// The deck with a behavioural source that follows the values in the place of `iname a b external`. Like an
// external source it forces no time points. A deck without that source is returned as it is.
std::string with_external(const std::string& deck_text, std::string_view source,
                          const ExternalValues& values);

}  // namespace mavis::spice
