#include "spice/deck.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <sstream>
#include <utility>

#include "spice/extracted.h"
#include "spice/roles.h"
#include "util/error.h"
#include "util/files.h"
#include "util/hash.h"
#include "util/home.h"

namespace mavis::spice {
namespace fs = std::filesystem;

namespace {

// Cards of the bench that serve a run by hand; the session says what to run.
const std::set<std::string> kByHand = {".tran", ".dc",  ".op",    ".ac",   ".noise", ".meas", ".measure",
                                       ".temp", ".end", ".print", ".plot", ".save",  ".title"};

// A block of the bench's own that a block of the subject takes the place of.
struct Swap {
  Block ours;
  const Block* theirs;
  std::map<std::string, std::string> files;  // that theirs consists of; it may contain ours
};

// The bench's own top-level includes, resolved.
std::vector<fs::path> includes_of(const fs::path& bench) {
  std::map<std::string, std::string> files;
  std::vector<fs::path> paths;
  std::istringstream in(read_text(bench, "bench netlist"));
  for (std::string text; std::getline(in, text);) {
    const std::vector<std::string> words = words_of(text);
    if (words.size() == 2 && lower(words[0]) == ".include")
      paths.push_back(fs::weakly_canonical(bench.parent_path() / words[1]));
  }
  return paths;
}

// What a bench says about the blocks that may take the place of its own.
struct BenchRoles {
  std::set<std::string> optional;  // `*@ optional: ROLE ...`: roles that a block may lack
  // `*@ node NODE: ROLE [of INSTANCE]`: where roles go that ours lack, by instance (empty: any) and role.
  std::map<std::pair<std::string, std::string>, std::string> nodes;
};

BenchRoles bench_roles(const std::vector<Line>& lines) {
  BenchRoles roles;
  for (const Line& line : lines) {
    const std::vector<std::string> words = words_of(line.text);
    if (words.size() > 2 && words[0] == "*@" && words[1] == "optional:")
      roles.optional.insert(words.begin() + 2, words.end());
    if (words.size() < 4 || words[0] != "*@" || words[1] != "node") continue;
    const std::string instance = words.size() == 6 && words[4] == "of" ? words[5] : "";
    roles.nodes[{instance, words[3]}] = words[2].substr(0, words[2].find(':'));
  }
  return roles;
}

// Node of the port for computing `port` of the instance, where the bench does not compute.
std::string rest_node(const std::string& instance, const std::string& port) {
  return fmt::format("{}{}_{}", kRestNode, instance, port);
}

// The sources that hold such nodes of the instance at rest: lines after its own.
std::vector<Line> rest_sources(const Line& line, const std::string& instance, const Block& block) {
  std::vector<Line> sources;
  for (const auto& [name, port] : block.compute) {
    const auto same = [&](const Port& p) { return p.name == name && p.role == kComputeRole; };
    if (std::none_of(block.ports.begin(), block.ports.end(), same)) continue;
    sources.push_back(line);
    sources.back().text = fmt::format("v{0} {0} 0 {{{1:.17g}+{2:.17g}*vdd}}", rest_node(instance, name),
                                      port.rest.volts, port.rest.of_vdd);
  }
  return sources;
}

// `xcell pl cl ... sram_8t m=7` with the nodes put in the order of the new block's ports, matched by role.
std::string rewired(const Line& line, const std::vector<std::string>& words, const Swap& swap,
                    const BenchRoles& bench) {
  const auto& ours = swap.ours.ports;
  const auto node_of = [&](std::string_view role) -> std::string {
    const auto same = std::find_if(ours.begin(), ours.end(), [&](const Port& p) { return p.role == role; });
    if (same != ours.end()) return words[1 + static_cast<std::size_t>(same - ours.begin())];
    for (const std::string& instance : {words[0], std::string()})
      if (const auto extra = bench.nodes.find({instance, std::string(role)}); extra != bench.nodes.end())
        return extra->second;
    return "";
  };
  std::string text = words[0];
  for (const Port& port : swap.theirs->ports) {
    std::string node = node_of(port.role);
    for (const std::string_view role : well_follows(port.role))
      if (node.empty()) node = node_of(role);
    // Ports for computing alone rest elsewhere.
    if (node.empty() && port.role == kComputeRole) node = rest_node(words[0], port.name);
    if (node.empty())
      throw InputError(
          fmt::format("{}: port '{}' has the role '{}', which the bench {} does not drive; correct the role",
                      swap.theirs->path.string(), port.name, port.role, line.file));
    text += " " + node;
  }
  for (const Port& port : ours)
    if (!bench.optional.contains(port.role)) swap.theirs->port_with(port.role);  // throws where it is missing
  text += " " + swap.theirs->subckt;
  for (std::size_t i = 2 + ours.size(); i < words.size(); ++i) text += " " + words[i];
  return text;
}

// Puts `to` wherever the node `from` stands in a line.
void rename(std::string& text, const std::string& from, const std::string& to) {
  for (auto at = find_name(text, from); at != text.npos; at = find_name(text, from, at + to.size()))
    text.replace(at, from.size(), to);
}

// Puts what the circuit needs of the kit at the end of the deck's lines.
void add_kit(const Kit& kit, const std::vector<Line>& circuit, Deck& deck) {
  for (Line& line : needed_lines(kit, circuit))
    if (!kByHand.contains(lower(words_of(line.text)[0]))) deck.lines.push_back(std::move(line));
  deck.files[kit.label] = kit.summary;
}

}  // namespace

Deck build_deck(const DeckSpec& spec) {
  std::map<fs::path, fs::path> replace;
  std::vector<Swap> swaps;
  for (const fs::path& include : includes_of(spec.bench)) {
    if (include.parent_path().parent_path().filename() == "pdk") {
      if (spec.kit || !spec.process.empty()) replace[include] = spec.process;
      continue;
    }
    Block ours = read_block(include);
    const auto theirs = spec.blocks.find(ours.kind);
    if (theirs == spec.blocks.end() || theirs->second.path == ours.path) continue;
    replace[include] = theirs->second.path;
    swaps.push_back({std::move(ours), &theirs->second, {}});
    read_netlist(theirs->second.path, {}, swaps.back().files);
  }

  Deck deck;
  std::vector<Line> lines = joined_lines(read_netlist(spec.bench, replace, deck.files));
  const BenchRoles roles = bench_roles(lines);
  std::vector<std::pair<std::string, std::string>> renames;  // internal nodes of swapped blocks
  std::vector<Line> with_sources;
  for (Line& line : lines) {
    with_sources.push_back(line);
    const std::vector<std::string> words = words_of(line.text);
    if (words.empty() || lower(words[0])[0] != 'x') continue;
    for (const Swap& swap : swaps) {
      const std::size_t at = 1 + swap.ours.ports.size();
      if (words.size() <= at || lower(words[at]) != swap.ours.subckt || swap.files.contains(line.file))
        continue;
      for (const auto& [role, node] : swap.ours.states) {
        const auto theirs = swap.theirs->states.find(role);
        if (theirs != swap.theirs->states.end() && theirs->second != node)
          renames.emplace_back(words[0] + "." + node, words[0] + "." + theirs->second);
      }
      with_sources.back().text = rewired(line, words, swap, roles);
      for (Line& source : rest_sources(line, words[0], *swap.theirs))
        with_sources.push_back(std::move(source));
    }
  }
  lines = std::move(with_sources);

  tidy_elements(lines);
  translate_devices(lines, spec.devices);
  deck.lines.push_back({"* " + spec.title, "deck", 1});
  const std::size_t kit_begin = deck.lines.size();
  if (spec.kit) add_kit(*spec.kit, lines, deck);
  const std::size_t kit_end = deck.lines.size();
  bool first = true;
  for (Line& line : lines) {
    const std::vector<std::string> words = words_of(line.text);
    const bool title = std::exchange(first, false);  // ngspice takes a deck's first line as its title
    if (words.empty() || line.text[0] == '*' || title || kByHand.contains(lower(words[0]))) continue;
    for (const auto& [ours, theirs] : renames) rename(line.text, ours, theirs);
    deck.lines.push_back(std::move(line));
  }
  const auto append = [&](std::string text) { deck.lines.push_back({std::move(text), "deck", 0}); };
  for (const auto& [name, value] : spec.params) append(fmt::format(".param {}={:.17g}", name, value));
  append(fmt::format(".temp {:.17g}", spec.temp_c));
  for (const std::string& card : spec.cards) append(card);
  if (!spec.options.empty()) append(fmt::format(".options {}", fmt::join(spec.options, " ")));
  if (!spec.saves.empty()) append(fmt::format(".save {}", fmt::join(spec.saves, " ")));
  append(".end");
  for (const Line& line : deck.lines) deck.text += line.text + "\n";
  deck.hash = hash_hex(deck.text);
  deck.kit = spec.kit;
  for (std::size_t i = kit_begin; i < kit_end; ++i)
    deck.lines[i].text = std::string();  // megabytes, in hundreds of decks
  return deck;
}

}  // namespace mavis::spice
