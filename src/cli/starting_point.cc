#include "cli/starting_point.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <sstream>

#include "spice/netlist.h"
#include "util/error.h"
#include "util/files.h"
#include "util/home.h"
#include "util/nearest.h"

namespace mavis::cli {
namespace {

namespace fs = std::filesystem;

fs::path netlist_of(const std::string& kind, const std::string& from) {
  const std::string folder = "netlists/" + kind + "s";
  const std::vector<std::string> names = names_in(folder, ".cir");
  if (std::find(names.begin(), names.end(), from) == names.end()) {
    const std::string guess = nearest(from, names);
    throw InputError(fmt::format("--from {}: no {} of ours is called so; {}", from, kind,
                                 guess.empty() ? fmt::format("choose from {}", fmt::join(names, ", "))
                                               : fmt::format("did you mean '{}'?", guess)));
  }
  return home() / folder / (from + ".cir");
}

// A circuit around the block that has an operating point: a cell is written a 1, all else rests.
std::string deck_by_hand(const spice::Block& block, const std::string& name) {
  static const std::set<std::string> outputs = {"outp", "outn", "out"};
  static const std::set<std::string> high = {"vdd", "n_well", "cell_supply", "word_line", "bit_line"};
  std::string nodes, sources;
  for (const spice::Port& port : block.ports) {
    nodes += " " + port.name;
    if (outputs.contains(port.role)) continue;
    sources += fmt::format("v_{0} {0} 0 dc {1}\n", port.name, high.contains(port.role) ? "{vdd}" : "0");
  }
  return fmt::format(
      "{0} by hand\n.include {1}\n.include {0}.cir\n.param vdd=1.0\n{2}xdut{3} {0}\n.op\n.print op "
      "all\n.end\n",
      name, (home() / "pdk/ptm45hp/tt.inc").string(), sources, nodes);
}

std::string head(const spice::Block& block, const std::string& kind, const std::string& name,
                 const std::string& from) {
  std::string text = fmt::format(
      "* {0}: a {1} of your own, so far {2} under another name\n"
      "*\n"
      "* What to change: the sizes on the .subckt line, then devices and wires as you like.  Keep\n"
      "*   - one .subckt {0} in this file, with sizes as its default parameters\n"
      "*   - the models nch and pch, and AD AS PD PS on every transistor: junctions load every node\n"
      "*   - a line '*@ port NAME: ROLE' for each port, in the order of the .subckt line, and '*@ state "
      "NODE: ROLE'\n"
      "*     for inner nodes that are set or read.  Names are yours; benches connect by role.  The roles of "
      "a {1}\n"
      "*     are explained in {3}\n"
      "*   Capacitors named cwire* and cmom* take part in mismatch as every transistor does.\n"
      "*\n"
      "* To measure it, all that applies:   mavis characterize {0}.cir\n"
      "* over process and temperature:      mavis characterize {0}.cir --corners tt,ss,ff --temp -40,27,120\n"
      "*\n"
      "* --- by hand: these lines without '*   ' in a file run.cir beside this one, then  ngspice -b "
      "run.cir\n",
      name, kind, from, (home() / "netlists/README.md").string());
  std::istringstream deck(deck_by_hand(block, name));
  for (std::string line; std::getline(deck, line);) text += "*   " + line + "\n";
  return text + fmt::format("* ---\n*\n* What follows is {} of Mavis with its own explanation.\n*\n", from);
}

}  // namespace

void require_block_name(const std::string& kind, const std::string& name) {
  const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto fits = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; };
  if (!name.empty() && is_letter(name[0]) && std::all_of(name.begin(), name.end(), fits)) return;
  throw InputError(fmt::format(
      "'{0}' can't be the name of a .subckt and its file; use lower-case letters, digits and '_', "
      "a letter first: mavis new {1} my_{1}",
      name, kind));
}

std::string starting_point(const std::string& kind, const std::string& name, const std::string& from) {
  require_block_name(kind, name);
  const fs::path path = netlist_of(kind, from);
  const spice::Block block = spice::read_block(path);
  std::string text = head(block, kind, name, from);
  std::istringstream lines(read_text(path, "netlist"));
  for (std::string line; std::getline(lines, line);) {
    const std::vector<std::string> words = spice::words_of(line);
    const bool names_it = words.size() > 1 && (words[0] == ".subckt" || words[0] == ".ends");
    if (names_it && spice::lower(words[1]) == block.subckt)
      line.replace(spice::find_name(line, words[1], words[0].size()), words[1].size(), name);
    if (words.size() == 2 && spice::lower(words[0]) == ".include")
      line.replace(line.find(words[1]), words[1].size(),
                   (path.parent_path() / words[1]).lexically_normal().string());
    text += line + "\n";
  }
  return text;
}

}  // namespace mavis::cli
