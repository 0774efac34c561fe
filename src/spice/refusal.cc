#include "spice/refusal.h"

#include <fmt/format.h>

#include <array>
#include <regex>
#include <string_view>

#include "spice/netlist.h"

namespace mavis::spice {
namespace {

constexpr std::array<std::string_view, 16> kWrong = {"undefined parameter",
                                                     "misplaced operator",
                                                     "expression err",
                                                     "cannot compute",
                                                     "unknown subckt",
                                                     "too few parameters",
                                                     "too many parameters",
                                                     "can't find model",
                                                     "valid modelname",
                                                     "unrecognized parameter",
                                                     "unknown parameter",
                                                     "mismatch of .subckt",
                                                     "are supported in this binary",
                                                     "no such function",
                                                     "could not find include",
                                                     "unknown device type"};

}  // namespace

std::string refusal_of(const std::vector<std::string>& output) {
  static const std::regex place("line (?:no\\. )?([0-9]+)");
  std::string where;
  for (const std::string& text : output) {
    std::smatch match;
    if (std::regex_search(text, match, place)) where = fmt::format("deck line {}: ", match[1].str());
    for (std::string_view wrong : kWrong) {
      if (lower(text).find(wrong) == std::string::npos) continue;
      // "can't find model" comes before ngspice says which line it means.
      if (wrong == "can't find model" && where.empty()) break;
      return where + text;
    }
  }
  for (const std::string& text : output)
    if (lower(text).find("error") != std::string::npos) return where + text;
  return "";
}

std::string located(const std::string& message, const Deck& deck) {
  static const std::regex place("deck line ([0-9]+)");
  std::smatch match;
  if (!std::regex_search(message, match, place)) return message;
  const std::size_t number = std::stoul(match[1].str());
  if (number < 1 || number > deck.lines.size()) return message;
  const Line& line = deck.lines[number - 1];
  return fmt::format("{}:{}:{} (in '{}')", line.file, line.number, match.suffix().str().substr(1), line.text);
}

}  // namespace mavis::spice
