#include "spice/kit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <tuple>

#include "spice/listing.h"
#include "util/hash.h"

namespace mavis::spice {
namespace fs = std::filesystem;

namespace {

// The line up to a comment at its end: `;`, or a `$` with a blank behind it.
std::string without_end_comment(const std::string& text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool before = i == 0 || text[i - 1] == ' ' || text[i - 1] == '\t';
    const bool after = i + 1 == text.size() || text[i + 1] == ' ' || text[i + 1] == '\t';
    if (text[i] == ';' || (text[i] == '$' && before && after)) return text.substr(0, i);
  }
  return text;
}

std::vector<Line> without_comments(const std::vector<Line>& lines) {
  std::vector<Line> kept;
  for (const Line& line : lines) {
    const std::size_t first = line.text.find_first_not_of(" \t");
    if (first == line.text.npos || line.text[first] == '*') continue;
    Line bare = {without_end_comment(line.text), line.file, line.number};
    if (bare.text.find_first_not_of(" \t") != bare.text.npos) kept.push_back(std::move(bare));
  }
  return kept;
}

std::vector<KitPart> parts_of(const std::vector<Line>& lines) {
  std::vector<KitPart> parts;
  int depth = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::size_t first = lines[i].text.find_first_not_of(" \t");
    if (lines[i].text[first] != '.') continue;
    const std::vector<std::string> words = words_of(lines[i].text.substr(0, first + 400));
    const std::string card = lower(words[0]);
    if (card == ".subckt" && words.size() > 1 && depth++ == 0) parts.push_back({lower(words[1]), i, i});
    if (card == ".model" && words.size() > 1 && depth == 0)
      parts.push_back({model_name(lower(words[1])), i, i});
    if (card == ".ends" && depth > 0 && --depth == 0) parts.back().last = i;
  }
  return parts;
}

// Libraries include a device's file several times over; the first time counts.
std::vector<Line> without_repeats(const std::vector<Line>& lines) {
  std::set<std::tuple<std::string, std::string, int>> seen;
  std::vector<bool> repeated(lines.size(), false);
  for (const KitPart& part : parts_of(lines)) {
    const Line& head = lines[part.first];
    if (!seen.emplace(part.name, head.file, head.number).second)
      for (std::size_t i = part.first; i <= part.last; ++i) repeated[i] = true;
  }
  std::vector<Line> kept;
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (!repeated[i]) kept.push_back(lines[i]);
  return kept;
}

}  // namespace

std::vector<Line> Kit::part(const std::string& name) const {
  for (auto at = parts.rbegin(); at != parts.rend(); ++at)
    if (at->name == name)
      return {lines.begin() + static_cast<std::ptrdiff_t>(at->first),
              lines.begin() + static_cast<std::ptrdiff_t>(at->last) + 1};
  return {};
}

std::shared_ptr<const Kit> read_kit(const std::vector<std::string>& cards, const fs::path& root,
                                    const std::string& origin, const std::string& label) {
  Kit kit;
  kit.label = label;
  std::map<std::string, std::string> files;
  kit.lines = without_repeats(joined_lines(without_comments(read_cards(cards, root, origin, files))));
  kit.parts = parts_of(kit.lines);
  for (const std::string& card : cards) kit.summary += card + "\n";
  for (const auto& [file, text] : files) kit.summary += fmt::format("{} {}\n", hash_hex(text), file);
  return std::make_shared<const Kit>(std::move(kit));
}

std::vector<Line> needed_lines(const Kit& kit, const std::vector<Line>& circuit) {
  std::multimap<std::string, std::size_t> by_name;
  for (std::size_t i = 0; i < kit.parts.size(); ++i) by_name.emplace(kit.parts[i].name, i);
  std::vector<bool> needed(kit.parts.size(), false);
  std::vector<std::size_t> open;
  const auto look = [&](const Line& line) {
    const std::size_t first = line.text.find_first_not_of(" \t");
    if (first == line.text.npos || line.text[first] == '.' || line.text[first] == '*') return;
    for (const std::string& word : words_of(line.text)) {
      const auto [begin, end] = by_name.equal_range(lower(word));
      for (auto at = begin; at != end; ++at) {
        if (needed[at->second]) continue;
        needed[at->second] = true;
        open.push_back(at->second);
      }
    }
  };
  for (const Line& line : circuit) look(line);
  std::size_t next = 0;  // lines outside of parts may be instances too
  for (const KitPart& part : kit.parts) {
    for (; next < part.first; ++next) look(kit.lines[next]);
    next = part.last + 1;
  }
  for (; next < kit.lines.size(); ++next) look(kit.lines[next]);
  while (!open.empty()) {
    const KitPart part = kit.parts[open.back()];
    open.pop_back();
    for (std::size_t i = part.first; i <= part.last; ++i) look(kit.lines[i]);
  }

  std::vector<bool> left_out(kit.lines.size(), false);
  for (std::size_t i = 0; i < kit.parts.size(); ++i)
    if (!needed[i])
      std::fill(left_out.begin() + static_cast<std::ptrdiff_t>(kit.parts[i].first),
                left_out.begin() + static_cast<std::ptrdiff_t>(kit.parts[i].last) + 1, true);
  std::vector<Line> lines;
  for (std::size_t i = 0; i < kit.lines.size(); ++i)
    if (!left_out[i]) lines.push_back(kit.lines[i]);
  return lines;
}

}  // namespace mavis::spice
