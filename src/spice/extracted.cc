#include "spice/extracted.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <string>

namespace mavis::spice {
namespace {

bool is_fit(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// Names of the elements of each .subckt, the outermost level first.
using Scopes = std::vector<std::set<std::string>>;

// Where an element's name ends; 0 for a line that is none.
std::size_t end_of_name(const std::string& text) {
  if (text.empty() || std::isalpha(static_cast<unsigned char>(text[0])) == 0) return 0;
  return std::min(text.find_first_of(" \t"), text.size());
}

}  // namespace

void tidy_elements(std::vector<Line>& lines) {
  // Names that are fit are taken first: what others refer to must not move.
  Scopes scopes(1);
  std::vector<std::size_t> scope_of(lines.size());
  std::vector<std::size_t> open = {0};
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::vector<std::string> words = words_of(lines[i].text);
    const std::string card = words.empty() ? "" : lower(words[0]);
    if (card == ".subckt") {
      open.push_back(scopes.size());
      scopes.emplace_back();
    } else if (card == ".ends" && open.size() > 1) {
      open.pop_back();
    }
    scope_of[i] = open.back();
    const std::string name = lower(lines[i].text.substr(0, end_of_name(lines[i].text)));
    if (std::all_of(name.begin(), name.end(), is_fit)) scopes[open.back()].insert(name);
  }
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::string& text = lines[i].text;
    const std::size_t end = end_of_name(text);
    if (end == 0) continue;
    if (const std::size_t comment = text.find(" $"); comment != text.npos) text.resize(comment);
    std::string name = text.substr(0, end);
    if (std::all_of(name.begin(), name.end(), is_fit)) continue;
    std::replace_if(
        name.begin(), name.end(), [](char c) { return !is_fit(c); }, '_');
    std::set<std::string>& taken = scopes[scope_of[i]];
    const std::string base = name;
    for (int n = 2; !taken.insert(lower(name)).second; ++n) name = fmt::format("{}_{}", base, n);
    text.replace(0, end, name);
  }
}

}  // namespace mavis::spice
