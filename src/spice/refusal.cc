#include "spice/refusal.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
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

// A number of digits that follows `before` in `text`, and where it ends.
struct Numbered {
  std::size_t number, end;
};
std::optional<Numbered> number_after(const std::string& text, std::string_view before) {
  for (std::size_t at = text.find(before); at != text.npos; at = text.find(before, at + 1)) {
    const std::size_t first = at + before.size();
    const std::size_t end = std::min(text.find_first_not_of("0123456789", first), text.size());
    if (end > first && end - first < 10) return Numbered{std::stoul(text.substr(first, end - first)), end};
  }
  return std::nullopt;
}

// The first word that stands between two signs.
std::string between(const std::string& text, char open, char close) {
  for (std::size_t first = text.find(open); first != text.npos; first = text.find(open, first + 1)) {
    const std::size_t last = text.find(close, first + 1);
    if (last == text.npos) break;
    const std::string inside = text.substr(first + 1, last - first - 1);
    if (!inside.empty() && inside.find(' ') == inside.npos) return inside;
  }
  return "";
}

// The name that ngspice stumbles over, in lower case: "[lmax]", "model 'nchannel'", "unknown subckt: x1 a b
// lost".
std::string culprit(const std::string& message) {
  for (const std::string& quoted : {between(message, '[', ']'), between(message, '\'', '\'')})
    if (!quoted.empty()) return lower(quoted);
  const std::size_t card = lower(message).find("unknown subckt:");
  std::string name;
  if (card == message.npos) return name;
  for (const std::string& word : words_of(message.substr(card)))
    if (word.find('=') == word.npos) name = word;
  return lower(name.substr(name.rfind('.') + 1));
}

bool mentions(const Line& line, const std::string& name) {
  return !line.text.starts_with('*') && find_name(line.text, name) != std::string::npos;
}

}  // namespace

std::string refusal_of(const std::vector<std::string>& output) {
  std::string where, model;
  for (const std::string& text : output) {
    auto place = number_after(text, "line ");
    if (!place) place = number_after(text, "line no. ");
    if (place) where = fmt::format("deck line {}: ", place->number);
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

namespace {

// What a user can do about a message on a kit's own models.
std::string kit_remedy(const std::string& reason) {
  const std::string name = culprit(reason);
  if (lower(reason).find("undefined parameter") == reason.npos) return "";
  return fmt::format(
      "; if '{}' is a switch of the kit, set it before the models: prelude = [\".param {}=0\"] in "
      "[kit] of pdk.toml",
      name, name);
}

}  // namespace

std::string located(const std::string& message, const Deck& deck) {
  const Line* line = nullptr;
  std::string reason = message;
  if (const auto place = number_after(message, "deck line ");
      place && message.compare(place->end, 2, ": ") == 0) {
    if (place->number >= 1 && place->number <= deck.lines.size()) line = &deck.lines[place->number - 1];
    if (line) reason = message.substr(place->end + 2);
  }
  // ngspice blames the instance for what is wrong inside its sub-circuit.
  const std::string name = culprit(reason);
  const auto mentioned_in = [&](const std::vector<Line>& lines) {
    const auto found =
        std::find_if(lines.begin(), lines.end(), [&](const Line& other) { return mentions(other, name); });
    return found == lines.end() ? nullptr : &*found;
  };
  if (!line || !mentions(*line, name))
    if (const Line* found = mentioned_in(deck.lines)) line = found;
  if (deck.kit && (!line || !mentions(*line, name)))
    if (const Line* found = mentioned_in(deck.kit->lines))
      return fmt::format("{}:{}: {}{}", found->file, found->number, reason, kit_remedy(reason));
  if (!line) return message;
  if (line->text.empty()) return fmt::format("{}:{}: {}", line->file, line->number, reason);
  return fmt::format("{}:{}: {} (in '{}')", line->file, line->number, reason, line->text);
}

}  // namespace mavis::spice
