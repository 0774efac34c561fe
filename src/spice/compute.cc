#include "spice/compute.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <sstream>

#include "util/error.h"
#include "util/units.h"

namespace mavis::spice {
namespace {

constexpr std::array<std::pair<Part, std::string_view>, 8> kParts = {{{Part::line, "line"},
                                                                      {Part::line_bar, "line_bar"},
                                                                      {Part::side_line, "side_line"},
                                                                      {Part::own_line, "own_line"},
                                                                      {Part::share, "share"},
                                                                      {Part::share_bar, "share_bar"},
                                                                      {Part::input, "input"},
                                                                      {Part::bias, "bias"}}};

constexpr std::array<std::pair<Start, std::string_view>, 3> kStarts = {
    {{Start::precharge, "precharge"}, {Start::floating, "float"}, {Start::act, "act"}}};

constexpr double kLeastTime = 50e-12;  // s: edges take 20 ps
constexpr double kLeastGap = 20e-12;   // s
constexpr double kMostTime = 1e-6;     // s
constexpr double kMostShared = 1024;   // cells
constexpr double kMostLoad = 1e-12;    // F

using Fields = std::map<std::string, std::function<void(const std::string&)>>;

// Reads words KEY=VALUE.
void read_fields(std::istringstream& words, const Fields& fields) {
  for (std::string word; words >> word;) {
    const std::size_t equal = word.find('=');
    const auto found = fields.find(word.substr(0, equal));
    if (equal == word.npos || found == fields.end()) {
      std::vector<std::string> known;
      for (const auto& [name, read] : fields) known.push_back(name + "=");
      throw InputError(fmt::format("'{}' is none of: {}", word, fmt::join(known, ", ")));
    }
    found->second(word.substr(equal + 1));
  }
}

Level parse_level(const std::string& text) {
  Level level;
  const bool volts = !text.empty() && text.back() == 'v';
  const double value =
      volts ? parse_quantity(text.substr(0, text.size() - 1), "V") : parse_quantity(text, "1");
  (volts ? level.volts : level.of_vdd) = value;
  return level;
}

double parse_within(const std::string& text, const char* unit, double least, double most) {
  const double value = parse_quantity(text, unit);
  if (!(value >= least && value <= most))
    throw InputError(fmt::format("{} is outside {} to {}", text, format_quantity(least, unit),
                                 format_quantity(most, unit)));
  return value;
}

bool parse_choice(const std::string& text, std::string_view no, std::string_view yes) {
  if (text != no && text != yes) throw InputError(fmt::format("'{}': write {} or {}", text, no, yes));
  return text == yes;
}

Start parse_start(const std::string& text) {
  for (const auto& [start, name] : kStarts)
    if (name == text) return start;
  throw InputError(fmt::format("'{}': write precharge, float or act", text));
}

// "11,00": stored bit and input bit of each.
std::vector<int> parse_pairs(const std::string& text) {
  std::vector<int> pairs;
  std::istringstream in(text);
  for (std::string pair; std::getline(in, pair, ',');) {
    const bool bits = pair.size() == 2 && pair.find_first_not_of("01") == pair.npos;
    if (!bits) throw InputError(fmt::format("'{}': write pairs of stored bit and input bit: 11,00", text));
    pairs.push_back(2 * (pair[0] - '0') + (pair[1] - '0'));
  }
  if (pairs.empty()) throw InputError("no pair of stored bit and input bit is given: 11,00");
  return pairs;
}

}  // namespace

std::string_view name_of(Part part) {
  return std::find_if(kParts.begin(), kParts.end(), [&](const auto& p) { return p.first == part; })->second;
}

ComputePort parse_compute_port(const std::string& text) {
  std::istringstream words(text);
  std::string name;
  words >> name;
  const auto part =
      std::find_if(kParts.begin(), kParts.end(), [&](const auto& p) { return p.second == name; });
  if (part == kParts.end()) {
    std::vector<std::string_view> names;
    for (const auto& known : kParts) names.push_back(known.second);
    throw InputError(fmt::format("'{}' is no part of an operation: {}", name, fmt::join(names, ", ")));
  }
  ComputePort port;
  port.part = part->first;
  const bool is_line = port.part != Part::input && port.part != Part::bias;
  const bool by_input = port.part == Part::input || port.part == Part::own_line || port.part == Part::share ||
                        port.part == Part::share_bar;
  if (is_line) port.rest.of_vdd = 1;
  if (port.part == Part::input) port.one.of_vdd = 1;
  bool has_one = port.part == Part::input, has_zero = false;
  Fields fields;
  fields[port.part == Part::bias    ? "level"
         : port.part == Part::input ? "rest"
                                    : "precharge"] = [&](const std::string& value) {
    port.rest = parse_level(value);
  };
  if (by_input) {
    fields["one"] = [&](const std::string& value) { port.one = parse_level(value), has_one = true; };
    fields["zero"] = [&](const std::string& value) { port.zero = parse_level(value), has_zero = true; };
  }
  if (port.part == Part::input) {
    fields["from"] = [&](const std::string& value) { port.start = parse_start(value); };
    fields["until"] = [&](const std::string& value) { port.holds = parse_choice(value, "end", "read"); };
  } else if (is_line && port.part != Part::side_line && port.part != Part::own_line) {
    fields["load"] = [&](const std::string& value) { port.load = parse_within(value, "F", 0, kMostLoad); };
  }
  read_fields(words, fields);
  if (!has_one) port.one = port.rest;
  if (!has_zero) port.zero = port.rest;
  return port;
}

Operation parse_operation(const std::string& text) {
  Operation operation;
  std::istringstream words(text);
  const auto time = [](double& field, double least) {
    return [&field, least](const std::string& value) { field = parse_within(value, "s", least, kMostTime); };
  };
  read_fields(words, {{"lead", time(operation.lead, kLeastGap)},
                      {"time", time(operation.time, kLeastTime)},
                      {"settle", time(operation.settle, kLeastGap)},
                      {"shared",
                       [&](const std::string& value) {
                         operation.shared = static_cast<int>(parse_within(value, "1", 1, kMostShared));
                       }},
                      {"ones", [&](const std::string& value) { operation.ones = parse_pairs(value); }},
                      {"zeros", [&](const std::string& value) { operation.zeros = parse_pairs(value); }}});
  if (operation.time == 0)
    throw InputError("has no time=; say how long the cells act on the line: time=0.2n");
  for (int one : operation.ones)
    if (std::find(operation.zeros.begin(), operation.zeros.end(), one) != operation.zeros.end())
      throw InputError(
          fmt::format("the pair {}{} is among ones= and zeros=; take it out of one", one / 2, one % 2));
  return operation;
}

}  // namespace mavis::spice
