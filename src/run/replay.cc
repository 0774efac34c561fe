#include "run/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <sstream>
#include <stdexcept>

#include "spice/external_source.h"
#include "spice/session.h"

namespace mavis::run {
namespace {

// Where the last `.end` line begins.
std::size_t end_card(std::string_view deck) {
  for (std::size_t end = deck.size(); end > 0;) {
    const std::size_t newline = deck.rfind('\n', end - 1);
    const std::size_t begin = newline == deck.npos ? 0 : newline + 1;
    std::string line(deck.substr(begin, end - begin));
    std::transform(line.begin(), line.end(), line.begin(), [](unsigned char c) { return std::tolower(c); });
    if (line.starts_with(".end") && line.find_first_not_of(" \t\r\n", 4) == line.npos) return begin;
    end = newline == deck.npos ? 0 : newline;
  }
  throw std::invalid_argument("the deck has no .end");
}

}  // namespace

std::string replay_deck(std::string_view deck, std::string_view control) {
  const std::size_t end = end_card(deck);
  std::string circuit(deck.substr(0, end)), commands;
  std::istringstream lines{std::string(control)};
  for (std::string line; std::getline(lines, line);) {
    spice::ExternalValues values;
    const std::string source = spice::parse_external_line(line, values);
    if (source.empty())
      commands += line + '\n';
    else
      circuit = spice::with_external(circuit, source, values);
  }
  return circuit + ".control\nset num_threads=1\n" + commands + "display\nquit\n.endc\n" +
         std::string(deck.substr(end));
}

std::string assignment_lines(const plan::Job& job) {
  std::string lines;
  for (const plan::Assignment& a : job.assignments)
    lines += a.device.empty() ? spice::redraw_commands(a.parameter, a.value)
                              : fmt::format("alter @{}[{}]={:.17g}\n", a.device, a.parameter, a.value);
  return lines;
}

}  // namespace mavis::run
