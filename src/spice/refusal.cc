#include "spice/refusal.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
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

// The name that ngspice stumbles over, in lower case: "[lmax]", "model 'nchannel'", "unknown subckt: x1 a b
// lost".
std::string culprit(const std::string& message) {
  static const std::regex quoted("\\[([^\\]]+)\\]|'([^' ]+)'");
  std::smatch match;
  if (std::regex_search(message, match, quoted)) return lower(match[1].matched ? match[1] : match[2]);
  const std::size_t card = lower(message).find("unknown subckt:");
  std::string name;
  if (card == message.npos) return name;
  for (const std::string& word : words_of(message.substr(card)))
    if (word.find('=') == word.npos) name = word;
  return lower(name.substr(name.rfind('.') + 1));
}

bool mentions(const Line& line, const std::string& name) {
  if (name.empty() || line.text.starts_with('*')) return false;
  const std::string text = lower(line.text);
  const auto is_letter = [&](std::size_t i) {
    return i < text.size() && (std::isalnum(static_cast<unsigned char>(text[i])) || text[i] == '_');
  };
  for (std::size_t at = text.find(name); at != text.npos; at = text.find(name, at + 1))
    if (!is_letter(at - 1) && !is_letter(at + name.size())) return true;
  return false;
}

}  // namespace

std::string refusal_of(const std::vector<std::string>& output) {
  static const std::regex place("line (?:no\\. )?([0-9]+)");
  std::string where, model;
  for (const std::string& text : output) {
    std::smatch match;
    if (std::regex_search(text, match, place)) where = fmt::format("deck line {}: ", match[1].str());
    for (std::string_view wrong : kWrong) {
      if (lower(text).find(wrong) == std::string::npos) continue;
      // A warning first, where ngspice says the name, and an error only if it stands by it.
      if (wrong == "can't find model") {
        model = text.substr(lower(text).find(wrong), text.find(" from line") - lower(text).find(wrong));
        break;
      }
      return where + (wrong == "valid modelname" && !model.empty() ? model : text);
    }
  }
  for (const std::string& text : output)
    if (lower(text).find("error") != std::string::npos) return where + text;
  return "";
}

std::string located(const std::string& message, const Deck& deck) {
  static const std::regex place("deck line ([0-9]+): ");
  std::smatch match;
  const Line* line = nullptr;
  std::string reason = message;
  if (std::regex_search(message, match, place)) {
    const std::size_t number = std::stoul(match[1].str());
    if (number >= 1 && number <= deck.lines.size()) line = &deck.lines[number - 1];
    if (line) reason = match.suffix();
  }
  // ngspice blames the instance for what is wrong inside its sub-circuit.
  const std::string name = culprit(reason);
  if (!line || !mentions(*line, name)) {
    const auto found = std::find_if(deck.lines.begin(), deck.lines.end(),
                                    [&](const Line& other) { return mentions(other, name); });
    if (found != deck.lines.end()) line = &*found;
  }
  if (!line) return message;
  return fmt::format("{}:{}: {} (in '{}')", line->file, line->number, reason, line->text);
}

}  // namespace mavis::spice
