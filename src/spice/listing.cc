#include "spice/listing.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <sstream>
#include <string_view>

namespace mavis::spice {
namespace {

// Words of a line, with "name=   value" and "name = value" joined to "name=value".
std::vector<std::string> words_of(std::string_view line) {
  std::string joined;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] != '=') {
      joined += static_cast<char>(std::tolower(static_cast<unsigned char>(line[i])));
      continue;
    }
    while (!joined.empty() && joined.back() == ' ') joined.pop_back();
    joined += '=';
    while (i + 1 < line.size() && line[i + 1] == ' ') ++i;
  }
  std::istringstream in(joined);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

}  // namespace

double parse_spice_number(const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  std::string suffix(end);
  std::transform(suffix.begin(), suffix.end(), suffix.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  if (suffix.starts_with("meg")) return value * 1e6;
  if (suffix.starts_with("mil")) return value * 25.4e-6;
  switch (suffix.empty() ? ' ' : suffix[0]) {
    case 't':
      return value * 1e12;
    case 'g':
      return value * 1e9;
    case 'k':
      return value * 1e3;
    case 'm':
      return value * 1e-3;
    case 'u':
      return value * 1e-6;
    case 'n':
      return value * 1e-9;
    case 'p':
      return value * 1e-12;
    case 'f':
      return value * 1e-15;
    default:
      return value;
  }
}

std::string not_finite(const std::vector<std::string>& lines) {
  // Computed values stand in a wide field, which tells them from nodes of such names.
  constexpr std::string_view kPadding = "        ";
  for (const std::string& line : lines)
    for (const std::string_view value : {"nan", "inf"}) {
      for (std::size_t at = line.find(value); at != line.npos; at = line.find(value, at + 1)) {
        const std::size_t end = at + value.size();
        const std::size_t begin = at > 0 && line[at - 1] == '-' ? at - 1 : at;
        const bool whole = end == line.size() || line[end] == ' ';
        if (!whole || begin < kPadding.size() ||
            line.substr(begin - kPadding.size(), kPadding.size()) != kPadding)
          continue;
        const std::vector<std::string> words = words_of(line.substr(0, begin));
        std::string owner = words.size() > 2 ? words[2] : "";  // 12 : r1 a b
        if (owner == ".model" && words.size() > 3) owner = words[3];
        const std::string& last = words.empty() ? owner : words.back();
        const bool named = last.ends_with('=');
        return fmt::format("'{}' has no finite {} ({})", owner.substr(owner.rfind('.') + 1),
                           named ? last.substr(0, last.size() - 1) : "value", value);
      }
    }
  return "";
}

std::string model_name(const std::string& listed) {
  std::string name = listed.substr(listed.rfind(':') + 1);  // npos + 1 is 0
  const std::size_t dot = name.rfind('.');
  const bool bin =
      dot != name.npos && dot + 1 < name.size() && name.find_first_not_of("0123456789", dot + 1) == name.npos;
  return bin ? name.substr(0, dot) : name;
}

std::vector<Device> parse_listing(const std::vector<std::string>& lines) {
  std::vector<Device> devices;
  for (const std::string& line : lines) {
    const std::size_t colon = line.find(" : ");
    if (colon == line.npos) continue;
    const std::vector<std::string> words = words_of(std::string_view(line).substr(colon + 3));
    if (words.size() < 4) continue;
    const char letter = words[0][0];
    if (std::isalpha(static_cast<unsigned char>(letter)) == 0) continue;
    if (letter != 'm' && letter != 'c' && letter != 'r') {
      devices.push_back(
          {.name = words[0], .model = {}, .letter = letter, .nodes = {words.begin() + 1, words.end()}});
      continue;
    }
    const std::size_t nodes = letter == 'm' ? 4 : 2;
    if (words.size() < nodes + 2) continue;
    Device device;
    device.name = words[0];
    device.letter = letter;
    device.nodes.assign(words.begin() + 1, words.begin() + 1 + static_cast<std::ptrdiff_t>(nodes));
    for (std::size_t i = nodes + 1; i < words.size(); ++i) {
      const std::size_t equal = words[i].find('=');
      const std::string key = words[i].substr(0, equal);
      if (equal == words[i].npos) {
        if (i != nodes + 1) continue;
        if (letter == 'm')
          device.model = key;
        else
          device.value = parse_spice_number(key);
        continue;
      }
      const double value = parse_spice_number(words[i].substr(equal + 1));
      if (key == "w") device.w = value;
      if (key == "l") device.l = value;
      if (key == "m") device.multiplier = value;
      if (letter != 'm' && (key == "c" || key == "r")) device.value = value;
    }
    devices.push_back(std::move(device));
  }
  return devices;
}

}  // namespace mavis::spice
