#include "spice/external_source.h"

#include <fmt/format.h>

#include <sstream>

#include "spice/netlist.h"

namespace mavis::spice {
namespace {

constexpr std::string_view kMark = "*@ external ";

}  // namespace

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
    for (std::size_t i = 0; i < external.values.size(); ++i)
      text += fmt::format("{}{:.17g},{:.17g}", i % 4 == 0 ? "\n+ ," : ", ",
                          static_cast<double>(i) * external.step, external.values[i]);
    text += fmt::format("\n+ ,1,{:.17g})", external.values.empty() ? 0 : external.values.back());
  }
  return text;
}

}  // namespace mavis::spice
