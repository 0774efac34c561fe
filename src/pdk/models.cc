#include "pdk/models.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "spice/listing.h"
#include "spice/netlist.h"
#include "util/error.h"

namespace mavis::pdk {
namespace {

// MOS levels that ngspice 39.3 itself lists as supported, tried one by one.
const std::set<int> kLevels = {1, 2, 3, 4, 5, 6, 8, 9, 10, 14, 49, 54, 55, 56, 57, 58, 60, 68, 73};

constexpr const char* kDefaultLevel = "1";

// Families with versions: ngspice compares the text before it chooses the code; without one it takes the
// newest.
struct Family {
  std::string_view name;
  std::set<int> levels;
  std::set<std::string> versions;  // leading characters that are accepted
  std::set<std::string> mismatch;  // of these, the ones whose devices know delvto and mulu0
};
const Family kFamilies[] = {{"BSIM4",
                             {14, 54},
                             {"4.0", "4.1", "4.2", "4.3", "4.4", "4.5", "4.6", "4.7", "4.8"},
                             {"4.0", "4.1", "4.2", "4.3", "4.4", "4.5", "4.6", "4.7", "4.8"}},
                            {"BSIM3", {8, 49}, {"3.0", "3.1", "3.2", "3.3"}, {"3.2", "3.3"}}};

[[noreturn]] void refuse(const spice::Line& line, std::string_view reason_and_remedy) {
  throw InputError(fmt::format("{}:{}: {}", line.file, line.number, reason_and_remedy));
}

// The card in lower case, parentheses blanked: ".MODEL nch NMOS(LEVEL=54)" reads like one without.
std::string plain(const spice::Line& line) {
  std::string card = spice::lower(line.text);
  for (char& c : card)
    if (c == '(' || c == ')' || c == '\t') c = ' ';
  return card;
}

std::string_view without_leading_blanks(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(' '), text.size()));
}

// The text after `name =` up to the next blank.
std::optional<std::string> assigned(std::string_view card, const std::string& name) {
  for (std::size_t at = card.find(" " + name); at != card.npos; at = card.find(" " + name, at + 1)) {
    std::string_view rest = without_leading_blanks(card.substr(at + 1 + name.size()));
    if (!rest.starts_with('=')) continue;
    rest = without_leading_blanks(rest.substr(1));
    return std::string(rest.substr(0, rest.find(' ')));
  }
  return std::nullopt;
}

bool starts_with_any(const std::string& text, const std::set<std::string>& starts) {
  return std::any_of(starts.begin(), starts.end(), [&](const auto& s) { return text.starts_with(s); });
}

// Refuses a model that ngspice lacks; says whether its devices can have mismatch.
bool check_model(const spice::Line& line, const std::string& card, const std::string& name) {
  const std::string written = assigned(card, "level").value_or(kDefaultLevel);
  if (written.find_first_not_of("0123456789.") != written.npos)
    refuse(line,
           fmt::format("model '{}': level '{}' is not a plain number; write the number", name, written));
  const double level = spice::parse_spice_number(written);
  if (level != std::floor(level) || !kLevels.contains(static_cast<int>(level)))
    refuse(line,
           fmt::format("model '{}': ngspice 39 has no MOS level {} (it has {}); use a model card at one of "
                       "these, for BSIM4 level 54",
                       name, written, fmt::join(kLevels, ", ")));
  for (const Family& family : kFamilies) {
    if (!family.levels.contains(static_cast<int>(level))) continue;
    const auto version = assigned(card, "version");
    if (!version) return true;
    if (!starts_with_any(*version, family.versions))
      refuse(line, fmt::format("model '{}': ngspice 39 has no {} version {} (it has {}); use a model card of "
                               "one of these",
                               name, family.name, *version, fmt::join(family.versions, ", ")));
    return starts_with_any(*version, family.mismatch);
  }
  return false;
}

std::string place_of(const Corner& corner) {
  return corner.kit ? corner.kit->label : corner.include.string();
}

void check_models(const Pdk& pdk, Corner& corner, const std::vector<spice::Line>& lines) {
  corner.n = corner.p = {};
  for (const spice::Line& line : lines) {
    const std::size_t first = line.text.find_first_not_of(" \t");
    if (first == line.text.npos || line.text[first] != '.') continue;
    const std::string card = plain(line);
    const std::vector<std::string> words = spice::words_of(card.substr(0, 400));
    if (words.size() < 3 || words[0] != ".model" || (words[2] != "nmos" && words[2] != "pmos")) continue;
    const std::string &name = words[1], &type = words[2], base = spice::model_name(name);
    const bool is_n = base == pdk.nmos, is_p = base == pdk.pmos;
    if (corner.kit && !is_n && !is_p) continue;
    const bool movable = check_model(line, card, name);
    if (!is_n && !is_p) continue;
    if ((is_n && type != "nmos") || (is_p && type != "pmos"))
      refuse(line, fmt::format("model '{}' is {}, but pdk.toml names it as {}; correct [devices] there", name,
                               type, type == "nmos" ? "pmos" : "nmos"));
    if (!movable)
      refuse(line, fmt::format("model '{}': devices of this level and version know no delvto and mulu0, so "
                               "mismatch can't be applied; use BSIM4 (level 54) or BSIM3 from version 3.2",
                               name));
    ModelFacts& facts = is_n ? corner.n : corner.p;
    facts = {base, assigned(card, "level").value_or(kDefaultLevel), assigned(card, "version").value_or(""),
             facts.cards + 1};
  }
  for (const auto& [name, found] : {std::pair{pdk.nmos, corner.n.cards}, std::pair{pdk.pmos, corner.p.cards}})
    if (found == 0)
      throw InputError(
          fmt::format("{}: defines no transistor model '{}', which pdk.toml names; correct [devices] "
                      "there or add the .model",
                      place_of(corner), name));
}

void check_params(const Pdk& pdk, const Corner& corner, const std::vector<spice::Line>& lines) {
  for (const auto& [name, value] : pdk.netlist_params) {
    const spice::Line* place = nullptr;
    std::string written;
    for (const spice::Line& line : lines) {
      const std::string card = plain(line);
      if (!without_leading_blanks(card).starts_with(".param ")) continue;
      if (const auto text = assigned(card, name)) {
        place = &line;
        written = *text;
      }
    }
    if (!place)
      throw InputError(
          fmt::format("{}: does not define the parameter '{}', which netlists use; add '.param {}={}'",
                      corner.include.string(), name, name, value));
    if (const double found = spice::parse_spice_number(written); std::fabs(found - value) > 1e-9 * value)
      refuse(*place,
             fmt::format("{}={} disagrees with pdk.toml, which says {}; make them agree, as plain numbers",
                         name, written, value));
  }
}

double scale_of(const std::vector<spice::Line>& lines) {
  double scale = 1;
  for (const spice::Line& line : lines) {
    const std::size_t first = line.text.find_first_not_of(" \t");
    if (first == line.text.npos || line.text[first] != '.') continue;
    if (!spice::lower(line.text.substr(first, 7)).starts_with(".option")) continue;
    if (const auto written = assigned(plain(line), "scale")) scale = spice::parse_spice_number(*written);
  }
  return scale;
}

}  // namespace

std::string find_inner(const spice::Kit& kit, spice::DeviceForm& form) {
  const std::vector<spice::Line> lines = kit.part(spice::lower(form.name));
  if (lines.empty())
    throw InputError(
        fmt::format("{}: has no sub-circuit '{}'; correct [devices] in pdk.toml", kit.label, form.name));
  std::vector<std::string> names;
  std::string model;
  for (const spice::Line& line : lines) {
    const std::vector<std::string> words = spice::words_of(line.text);
    if (words.size() < 6 || spice::lower(words[0])[0] != 'm') continue;
    names.push_back(spice::lower(words[0]));
    if (form.inner.empty() || form.inner == names.back()) model = spice::lower(words[5]);
  }
  if (form.inner.empty() && names.size() == 1) form.inner = names[0];
  if (names.empty() || std::find(names.begin(), names.end(), form.inner) == names.end())
    refuse(lines[0],
           fmt::format("sub-circuit '{}' has no transistor '{}' (it has: {}); set inner = \"NAME\" in "
                       "[devices] of pdk.toml",
                       form.name, form.inner, fmt::join(names, ", ")));
  return model;
}

double check_corner(const Pdk& pdk, Corner& corner) {
  std::map<std::string, std::string> files;
  std::vector<spice::Line> read;
  if (!corner.kit) read = spice::joined_lines(spice::read_netlist(corner.include, {}, files));
  const std::vector<spice::Line>& lines = corner.kit ? corner.kit->lines : read;
  check_models(pdk, corner, lines);
  if (!corner.kit) check_params(pdk, corner, lines);
  return scale_of(lines);
}

}  // namespace mavis::pdk
