#include "spice/device_lines.h"

#include <fmt/format.h>

#include <cctype>
#include <set>
#include <utility>

#include "util/error.h"

namespace mavis::spice {
namespace {

constexpr std::size_t kModelWord = 5;  // m d g s b MODEL

// By which power of the unit of length a parameter goes; those that a sub-circuit can pass on.
const std::map<std::string, int> kPowers = {{"w", 1},   {"l", 1},  {"pd", 1}, {"ps", 1}, {"sa", 1},
                                            {"sb", 1},  {"sd", 1}, {"ad", 2}, {"as", 2}, {"nrd", 0},
                                            {"nrs", 0}, {"nf", 0}, {"m", 0}};

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

// `name=value` behind the model; a word without `=` has no value.
struct Setting {
  std::string name, value;
};

// A value ends at a blank outside of {...} and '...'.
std::size_t end_of_value(const std::string& text, std::size_t at) {
  int braces = 0;
  bool quoted = false;
  for (; at < text.size(); ++at) {
    if (text[at] == '\'') quoted = !quoted;
    if (text[at] == '{') ++braces;
    if (text[at] == '}') --braces;
    if (is_blank(text[at]) && braces <= 0 && !quoted) break;
  }
  return at;
}

std::vector<Setting> settings_of(const std::string& text) {
  std::vector<Setting> settings;
  std::size_t at = 0;
  const auto skip_blanks = [&] {
    while (at < text.size() && is_blank(text[at])) ++at;
  };
  for (skip_blanks(); at < text.size(); skip_blanks()) {
    const std::size_t begin = at;
    while (at < text.size() && !is_blank(text[at]) && text[at] != '=') ++at;
    Setting setting = {text.substr(begin, at - begin), ""};
    skip_blanks();
    if (at < text.size() && text[at] == '=') {
      ++at;
      skip_blanks();
      const std::size_t end = end_of_value(text, at);
      setting.value = text.substr(at, end - at);
      at = end;
    }
    settings.push_back(std::move(setting));
  }
  return settings;
}

// "{w/2}" or "'w/2'" -> "w/2"; "90n" as it is.
std::string bare(const std::string& value) {
  const bool braced = value.size() >= 2 && value.front() == '{' && value.back() == '}';
  const bool quoted = value.size() >= 2 && value.front() == '\'' && value.back() == '\'';
  return braced || quoted ? value.substr(1, value.size() - 2) : value;
}

std::string in_unit(const std::string& value, int power, double per_metre) {
  if (power == 0 || per_metre == 1) return value;
  return fmt::format("{{({})*{:g}}}", bare(value), power == 1 ? per_metre : per_metre * per_metre);
}

// What follows the first `count` words.
std::string behind_words(const std::string& text, std::size_t count) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < count; ++i) {
    at = text.find_first_not_of(" \t", at);
    at = std::min(text.find_first_of(" \t", at), text.size());
  }
  return text.substr(at);
}

std::string translated(const Line& line, const std::vector<std::string>& words, const DeviceForm& form) {
  std::string text = form.inner.empty() ? words[0] : "x" + words[0];
  for (std::size_t i = 1; i < kModelWord; ++i) text += " " + words[i];
  text += " " + form.name;
  bool copies = false;
  for (const auto& [name, value] : settings_of(behind_words(line.text, kModelWord + 1))) {
    const auto power = kPowers.find(lower(name));
    if (power == kPowers.end() && !form.inner.empty())
      throw InputError(
          fmt::format("{}:{}: '{}' of {} can't be passed on: this process makes its transistors of the "
                      "sub-circuit {}; leave "
                      "it out",
                      line.file, line.number, name, words[0], form.name));
    text += " " + name;
    copies = copies || lower(name) == "m";
    if (value.empty()) continue;
    text += "=" + (power == kPowers.end() ? value : in_unit(value, power->second, form.per_metre));
  }
  // ngspice passes the m of a cell on to a sub-circuit inside only where the latter is called with an m
  // anywhere.
  if (!form.inner.empty() && !copies) text += " m=1";
  return text;
}

}  // namespace

void translate_devices(std::vector<Line>& lines, const std::map<std::string, DeviceForm>& forms) {
  if (forms.empty()) return;
  std::vector<std::set<std::string>> names(1);  // of instances, by depth of .subckt
  for (Line& line : lines) {
    const std::vector<std::string> words = words_of(line.text);
    if (words.empty()) continue;
    const std::string first = lower(words[0]);
    if (first == ".subckt") names.emplace_back();
    if (first == ".ends" && names.size() > 1) names.pop_back();
    if (first[0] != 'm' && first[0] != 'x') continue;
    std::string name = first;
    if (first[0] == 'm' && words.size() > kModelWord) {
      const auto form = forms.find(lower(words[kModelWord]));
      if (form != forms.end()) {
        if (!form->second.inner.empty()) name = "x" + first;
        line.text = translated(line, words, form->second);
      }
    }
    if (!names.back().insert(name).second)
      throw InputError(
          fmt::format("{}:{}: there are two '{}' here (transistors of this process become instances with an "
                      "x before their "
                      "name); rename one",
                      line.file, line.number, name));
  }
}

std::string netlist_name(const std::string& device, const std::map<std::string, DeviceForm>& forms) {
  for (const auto& [netlist, form] : forms) {
    if (form.inner.empty() || !device.ends_with("." + form.inner)) continue;
    std::string name = device.substr(0, device.size() - form.inner.size() - 1);
    const std::size_t own = name.rfind('.') + 1;  // 0 where there is no dot
    if (name.compare(own, 2, "xm") == 0) name.erase(own, 1);
    return name;
  }
  return device;
}

}  // namespace mavis::spice
