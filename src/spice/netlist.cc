#include "spice/netlist.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <sstream>

#include "spice/roles.h"
#include "util/error.h"
#include "util/files.h"
#include "util/home.h"
#include "util/nearest.h"

namespace mavis::spice {
namespace fs = std::filesystem;

namespace {

constexpr int kDeepestInclude = 40;

[[noreturn]] void refuse(const Line& line, std::string_view reason) {
  throw InputError(fmt::format("{}:{}: {}", line.file, line.number, reason));
}

// The path of `.include 'path'`, with or without quotes.
std::string unquoted(std::string text) {
  if (text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front())
    return text.substr(1, text.size() - 2);
  return text;
}

// A path, which may contain blanks if it is quoted, and what follows it.
std::pair<std::string, std::string> first_argument(const std::string& text) {
  const bool quoted = text.front() == '"' || text.front() == '\'';
  std::size_t end = quoted ? text.find(text.front(), 1) : text.find_first_of(" \t");
  end = std::min(end, text.size());
  return {text.substr(quoted ? 1 : 0, end - (quoted ? 1 : 0)), text.substr(std::min(end + 1, text.size()))};
}

// What a user's netlist must not bring along: it would run commands on this machine.
void check_harmless(const Line& line, const std::string& card) {
  if (card == ".control" || card == ".endc")
    refuse(line,
           "a .control block would run commands on this machine; remove it (benches drive the analysis)");
  if (card == ".exec" || card == "shell")
    refuse(line, fmt::format("'{}' would run commands on this machine; remove it", card));
}

class Reader {
 public:
  // Files below `base`, if there is one, are labelled by their path from there.
  Reader(const std::map<fs::path, fs::path>& replace, fs::path base,
         std::map<std::string, std::string>& files)
      : replace_(replace), base_(std::move(base)), files_(files) {}

  // `section` empty: the whole file. Otherwise the lines between `.lib section` and `.endl`.
  void read(fs::path path, const std::string& section, const Line* from, int depth) {
    path = fs::weakly_canonical(path);
    if (const auto found = replace_.find(path); depth == 1 && found != replace_.end()) path = found->second;
    if (path.empty()) return;
    if (from && !fs::is_regular_file(path))
      refuse(*from, fmt::format("includes '{}', which does not exist; correct the path", path.string()));
    if (depth > kDeepestInclude) refuse(*from, "includes are nested endlessly; a file includes itself");
    const std::string text = read_text(path, "netlist");
    const std::string label = label_for(path);
    files_[label] = text;
    const bool found_section = take(text, path, label, section, depth);
    if (!found_section) refuse(*from, fmt::format("{} has no section '{}'", label, section));
  }

  // The lines of a text that stands at `path`; says whether the section was there.
  bool take(const std::string& text, const fs::path& path, const std::string& label,
            const std::string& section, int depth) {
    std::istringstream in(text);
    bool inside = section.empty(), found_section = inside;
    Line line{"", label, 0};
    while (std::getline(in, line.text)) {
      ++line.number;
      if (!inside && line.text.find('.') == line.text.npos) continue;  // libraries are long
      if (!line.text.empty() && line.text.back() == '\r') line.text.pop_back();
      const std::vector<std::string> words = words_of(line.text);
      const std::string card = words.empty() ? "" : lower(words[0]);
      if (!section.empty() && card == ".lib" && words.size() == 2) {
        inside = lower(unquoted(words[1])) == section;
        found_section = found_section || inside;
        continue;
      }
      if (!section.empty() && card == ".endl") inside = false;
      if (!inside || card == ".endl") continue;
      check_harmless(line, card);
      if ((card == ".include" || card == ".inc") && words.size() >= 2) {
        const auto [file, rest] = first_argument(line.text.substr(line.text.find(words[1])));
        read(path.parent_path() / file, "", &line, depth + 1);
      } else if (card == ".lib" && words.size() >= 3) {
        const auto [file, rest] = first_argument(line.text.substr(line.text.find(words[1])));
        const std::vector<std::string> sections = words_of(rest);
        if (sections.empty()) refuse(line, ".lib FILE names no section; add it");
        read(path.parent_path() / file, lower(unquoted(sections[0])), &line, depth + 1);
      } else if (card == ".end" && depth > 0) {
        refuse(line, ".end inside an included file ends the deck early; remove it");
      } else {
        lines.push_back(line);
      }
    }
    return found_section;
  }

  std::vector<Line> lines;

 private:
  std::string label_for(const fs::path& path) const {
    const fs::path below = base_.empty() ? fs::path() : path.lexically_relative(base_);
    return below.empty() || *below.begin() == ".." ? label_of(path) : below.generic_string();
  }

  const std::map<fs::path, fs::path>& replace_;
  fs::path base_;
  std::map<std::string, std::string>& files_;
};

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == text.npos) return "";
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

// "*@ port bl: bit_line" -> {"port bl", "bit_line"}
std::optional<std::pair<std::string, std::string>> role_comment(const Line& line) {
  if (!line.text.starts_with("*@")) return std::nullopt;
  const std::size_t colon = line.text.rfind(':');  // an extracted node may have one in its name
  if (colon == line.text.npos)
    refuse(line, "a role comment reads '*@ port NAME: ROLE', '*@ state NODE: ROLE' or '*@ kind: KIND'");
  return std::pair{lower(trimmed(line.text.substr(2, colon - 2))),
                   lower(trimmed(line.text.substr(colon + 1)))};
}

// What `parse` makes of the text after the colon; says where the text stands if it can't.
auto parsed(const Line& line, const std::string& text, const auto& parse) {
  try {
    return parse(text);
  } catch (const InputError& error) {
    refuse(line, error.what());
  }
}

// Refuses a role that blocks of this kind don't have.
void check_role(const Line& line, const Kind& kind, std::string_view what, const std::vector<Role>& known,
                const std::string& role) {
  if (has_role(known, role)) return;
  std::vector<std::string> names;
  for (const Role& r : known) names.emplace_back(r.name);
  const std::string near = nearest(role, names);
  refuse(line, fmt::format("no {} of a {} has the role '{}'; {}they have: {}", what, kind.name, role,
                           near.empty() ? "" : fmt::format("did you mean '{}'? ", near),
                           known.empty() ? "none" : text_of(known)));
}

// Do the comments of a cell that computes make an operation?
void check_computing(const Block& block, const Line& whole, const Line& operation,
                     const std::map<std::string, Line>& lines) {
  for (const auto& [name, line] : lines)
    if (std::none_of(block.ports.begin(), block.ports.end(), [&](const Port& p) { return p.name == name; }))
      refuse(line, fmt::format(".subckt {} has no port '{}'; correct the comment", block.subckt, name));
  for (const Port& port : block.ports)
    if (port.role == kComputeRole && !block.compute.contains(port.name))
      refuse(whole, fmt::format("port '{0}' has the role '{1}' but no comment '*@ compute {0}: PART'; add it "
                                "(see netlists/README.md)",
                                port.name, kComputeRole));
  if (!block.operation) {
    if (!lines.empty())
      refuse(lines.begin()->second, "no '*@ operation: time=...' says how long the cell acts; add it");
    return;
  }
  const auto count = [&](Part part) {
    return std::count_if(block.compute.begin(), block.compute.end(),
                         [&](const auto& port) { return port.second.part == part; });
  };
  if (block.kind != "bitcell") refuse(operation, "only a bitcell has an operation; remove the comment");
  if (count(Part::line) + count(Part::share) != 1)
    refuse(operation,
           "an operation needs one port with the part 'line' or 'share'; add '*@ compute PORT: line'");
  if (count(Part::line_bar) > count(Part::line) || count(Part::share_bar) > count(Part::share))
    refuse(operation, "'line_bar' is the one twin of 'line', 'share_bar' of 'share'; correct the parts");
  if (count(Part::input) == 0)
    refuse(operation, "an operation needs a port with the part 'input'; add '*@ compute PORT: input'");
}

std::vector<std::string> roles_of(const std::vector<Port>& ports) {
  std::vector<std::string> roles;
  for (const Port& port : ports) roles.push_back(port.role);
  return roles;
}

}  // namespace

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

std::size_t find_name(std::string_view text, std::string_view name, std::size_t from) {
  const auto same = [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
  };
  const auto inside_name = [&](std::size_t i) {
    return i < text.size() && (std::isalnum(static_cast<unsigned char>(text[i])) || text[i] == '_');
  };
  if (name.empty()) return text.npos;
  for (auto at = text.begin() + static_cast<std::ptrdiff_t>(std::min(from, text.size()));; ++at) {
    at = std::search(at, text.end(), name.begin(), name.end(), same);
    if (at == text.end()) return text.npos;
    const auto found = static_cast<std::size_t>(at - text.begin());
    if ((found == 0 || !inside_name(found - 1)) && !inside_name(found + name.size())) return found;
  }
}

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream in(line);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

std::vector<Line> joined_lines(const std::vector<Line>& lines) {
  std::vector<Line> joined;
  std::size_t last = 0;  // behind the last line that a `+` continues
  for (const Line& line : lines) {
    const std::size_t first = line.text.find_first_not_of(" \t");
    if (first != line.text.npos && line.text[first] == '+' && last > 0) {
      joined[last - 1].text += " " + line.text.substr(first + 1);
      continue;
    }
    joined.push_back(line);
    if (first != line.text.npos && line.text[first] != '*') last = joined.size();
  }
  return joined;
}

std::vector<Line> read_netlist(const fs::path& path, const std::map<fs::path, fs::path>& replace,
                               std::map<std::string, std::string>& files) {
  Reader reader(replace, {}, files);
  reader.read(path, "", nullptr, 0);
  return std::move(reader.lines);
}

std::vector<Line> read_cards(const std::vector<std::string>& cards, const fs::path& folder,
                             const std::string& label, std::map<std::string, std::string>& files) {
  const std::map<fs::path, fs::path> as_written;
  Reader reader(as_written, fs::weakly_canonical(folder), files);
  reader.take(fmt::format("{}\n", fmt::join(cards, "\n")), folder / label, label, "", 0);
  return std::move(reader.lines);
}

const std::string& Block::port_with(std::string_view role) const {
  for (const Port& port : ports)
    if (port.role == role) return port.name;
  throw InputError(fmt::format("{}: no port has the role '{}' (roles here: {}); add '*@ port NAME: {}'",
                               path.string(), role, fmt::join(roles_of(ports), ", "), role));
}

bool Block::has_port(std::string_view role) const {
  return std::any_of(ports.begin(), ports.end(), [&](const Port& port) { return port.role == role; });
}

const std::string& Block::state_with(std::string_view role) const {
  const auto found = states.find(std::string(role));
  if (found != states.end()) return found->second;
  throw InputError(fmt::format("{}: no internal node has the role '{}'; add '*@ state NODE: {}'",
                               path.string(), role, role));
}

Block read_block(const fs::path& path) {
  Block block;
  block.path = fs::weakly_canonical(path);
  std::map<std::string, std::string> files;
  std::map<std::string, std::pair<std::string, Line>> port_roles;
  std::map<std::string, Line> state_lines, cell_lines;  // by role
  std::map<std::string, Line> compute_lines;            // by port
  Line operation_line;
  const std::vector<Line> lines = joined_lines(read_netlist(path, {}, files));
  const std::string name = label_of(path);
  const Line whole{"", name, 1};
  if (lines.empty()) refuse(whole, "the file is empty; a block holds one .subckt");
  int open = 0;
  for (const Line& line : lines) {
    if (line.file == name) {
      if (const auto comment = role_comment(line)) {
        const std::vector<std::string> what = words_of(comment->first);
        if (what.size() == 1 && what[0] == "kind")
          block.kind = comment->second;
        else if (what.size() == 2 && what[0] == "port")
          port_roles[what[1]] = {comment->second, line};
        else if (what.size() == 2 && what[0] == "state")
          block.states[comment->second] = what[1], state_lines[comment->second] = line;
        else if (what.size() == 2 && what[0] == "cell")
          block.cells[comment->second] = what[1], cell_lines[comment->second] = line;
        else if (what.size() == 2 && what[0] == "compute")
          block.compute[what[1]] = parsed(line, comment->second, parse_compute_port),
          compute_lines[what[1]] = line;
        else if (what.size() == 1 && what[0] == "operation")
          block.operation = parsed(line, comment->second, parse_operation), operation_line = line;
        else
          refuse(line,
                 fmt::format(
                     "unknown role comment '{}'; use 'kind', 'port NAME', 'state NODE', 'cell INSTANCE', "
                     "'operation' or 'compute PORT'",
                     comment->first));
        continue;
      }
    }
    const std::vector<std::string> words = words_of(line.text);
    if (words.empty()) continue;
    const std::string card = lower(words[0]);
    if (card == ".ends" && --open < 0) refuse(line, ".ends without .subckt; remove it");
    if (card == ".end") refuse(line, ".end ends the deck early; a block is only a .subckt, remove it");
    if (card != ".subckt") continue;
    ++open;
    if (line.file != name || open > 1) continue;
    if (!block.subckt.empty())
      refuse(line, fmt::format("a second .subckt beside '{}'; keep one block a file and .include the other",
                               block.subckt));
    if (words.size() < 3) refuse(line, "a .subckt needs a name and ports");
    block.subckt = lower(words[1]);
    for (std::size_t i = 2; i < words.size(); ++i) {
      if (lower(words[i]) == "params:" || words[i].find('=') != std::string::npos) break;
      if (i + 1 < words.size() && words[i + 1].starts_with("=")) break;
      block.ports.push_back({lower(words[i]), ""});
    }
  }
  if (block.subckt.empty()) refuse(whole, "no .subckt; a block holds one, with its ports' roles in comments");
  if (open != 0) refuse(whole, fmt::format(".subckt {} has no .ends; add it", block.subckt));
  const auto kind_names = [] {
    std::vector<std::string_view> names;
    for (const Kind& kind : kinds()) names.push_back(kind.name);
    return fmt::format("{}", fmt::join(names, ", "));
  };
  if (block.kind.empty()) refuse(whole, fmt::format("no '*@ kind:' comment; say one of: {}", kind_names()));
  const Kind* kind = find_kind(block.kind);
  if (!kind) refuse(whole, fmt::format("unknown kind '{}'; it is one of: {}", block.kind, kind_names()));
  for (Port& port : block.ports) {
    const auto found = port_roles.find(port.name);
    if (found == port_roles.end())
      refuse(whole, fmt::format("port '{}' has no role; add '*@ port {}: ROLE' (see netlists/README.md)",
                                port.name, port.name));
    port.role = found->second.first;
    check_role(found->second.second, *kind, "port", kind->ports, port.role);
    port_roles.erase(found);
  }
  if (!port_roles.empty())
    refuse(port_roles.begin()->second.second,
           fmt::format(".subckt {} has no port '{}'; correct the comment or the .subckt line", block.subckt,
                       port_roles.begin()->first));
  for (const auto& [role, line] : state_lines) check_role(line, *kind, "inner node", kind->states, role);
  for (const auto& [role, line] : cell_lines) check_role(line, *kind, "inner cell", kind->cells, role);
  for (const Role& role : kind->ports)
    if (role.required && !block.has_port(role.name))
      refuse(whole, fmt::format("no port has the role '{}'; add '*@ port NAME: {}' (ports of a {}: {})",
                                role.name, role.name, kind->name, text_of(kind->ports)));
  check_computing(block, whole, operation_line, compute_lines);
  return block;
}

}  // namespace mavis::spice
