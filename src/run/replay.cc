#include "run/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <stdexcept>

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
  std::string text(deck.substr(0, end));
  text += ".control\nset num_threads=1\n";
  text += control;
  if (!text.ends_with('\n')) text += '\n';
  text += "display\nquit\n.endc\n";
  return text.append(deck.substr(end));
}

std::string assignment_lines(const plan::Job& job) {
  std::string lines;
  for (const plan::Assignment& a : job.assignments)
    lines += fmt::format("alter @{}[{}]={:.17g}\n", a.device, a.parameter, a.value);
  return lines;
}

}  // namespace mavis::run
