#include "spice/external_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "spice/netlist.h"

namespace mavis::spice {
namespace {

constexpr std::string_view kMark = "*@ external ";

}  // namespace

double ExternalValues::at(double time) const {
  if (values.empty()) return 0;
  if (step > 0) {
    const double position = std::max(0.0, time / step);
    const auto left = static_cast<std::size_t>(position);
    if (left + 1 >= values.size()) return values.back();
    const double part = position - static_cast<double>(left);
    return values[left] * (1 - part) + values[left + 1] * part;
  }
  std::size_t right = 0;
  while (right < values.size() && values[right] <= time) right += 2;
  if (right == 0) return values[1];
  if (right == values.size()) return values.back();
  const double from = values[right - 2], part = (time - from) / (values[right] - from);
  return values[right - 1] * (1 - part) + values[right + 1] * part;
}

std::string external_line(std::string_view source, const ExternalValues& external) {
  std::string line = fmt::format("{}{} {:.17g}", kMark, source, external.step);
  for (double value : external.values) line += fmt::format(" {:.17g}", value);
  return line;
}

std::string parse_external_line(std::string_view line, ExternalValues& external) {
  if (!line.starts_with(kMark)) return "";
  std::istringstream words{std::string(line.substr(kMark.size()))};
  std::string source;
  external.values.clear();
  words >> source >> external.step;
  for (double value; words >> value;) external.values.push_back(value);
  return source;
}

std::string with_external(const std::string& deck_text, std::string_view source,
                          const ExternalValues& external) {
  std::string text;
  std::istringstream lines(deck_text);
  for (std::string line; std::getline(lines, line); text += '\n') {
    const std::vector<std::string> words = words_of(lower(line));
    if (words.size() != 4 || words[0] != source || words[3] != "external") {
      text += line;
      continue;
    }
    text += fmt::format("b{} {} {} {}=pwl(time", words[0], words[1], words[2], words[0][0]);
    const std::size_t each = external.step > 0 ? 1 : 2;
    for (std::size_t i = 0; i < external.values.size(); i += each)
      text += fmt::format("{}{:.17g},{:.17g}", i / each % 4 == 0 ? "\n+ ," : ", ",
                          each == 1 ? static_cast<double>(i) * external.step : external.values[i],
                          external.values[i + each - 1]);
    text += fmt::format("\n+ ,1,{:.17g})", external.values.empty() ? 0 : external.values.back());
  }
  return text;
}

}  // namespace mavis::spice
