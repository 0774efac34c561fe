// Netlist files: read with their includes, checked, and described by their role comments.
//
// A block is one `.subckt` with machine-readable comments (netlists/README.md):
//   *@ kind: bitcell            what it is
//   *@ port bl: bit_line        one a port, in the order of the .subckt line
//   *@ state q: storage         an internal node that benches must reach
//   *@ cell xcell: active       an instance of another block inside this one
//   *@ operation: time=0.2n     of a cell that computes: how (compute.h), and
//   *@ compute rbl: line        what a port does there
// Nothing here runs ngspice.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "spice/compute.h"

namespace mavis::spice {

// One physical line of an assembled netlist and where it came from.
struct Line {
  std::string text;
  std::string file;  // label of the file (home-relative, or the user's own file name)
  int number = 0;    // 1-based
};

// A file's lines with every `.include` and `.lib FILE SECTION` replaced by the lines it names; paths are
// relative to the including file. The top file's own includes go through `replace` first: a path found there
// is read instead of the one written, and nothing where that is empty. Each file that was read is added to
// `files` (label -> text). Throws InputError "file:line: reason; remedy" for a missing or endlessly nested
// include and for what a netlist must not contain:
// `.control` blocks and shell escapes (they would run commands on this machine), `.end` before the last line
// of the top file.
std::vector<Line> read_netlist(const std::filesystem::path& path,
                               const std::map<std::filesystem::path, std::filesystem::path>& replace,
                               std::map<std::string, std::string>& files);

// The lines of `cards` as of a file called `label` in `folder`, their includes replaced in the same way.
// Files below `folder` are labelled by their path from there.
std::vector<Line> read_cards(const std::vector<std::string>& cards, const std::filesystem::path& folder,
                             const std::string& label, std::map<std::string, std::string>& files);

struct Port {
  std::string name;
  std::string role;
};

// A user's or our own circuit block.
struct Block {
  std::filesystem::path path;
  std::string kind;    // bitcell, line, comparator, dac, logic, driver
  std::string subckt;  // name on the .subckt line
  std::vector<Port> ports;
  std::map<std::string, std::string> states;   // role -> internal node
  std::map<std::string, std::string> cells;    // role -> instance of a bitcell inside a line
  std::optional<Operation> operation;          // of a cell that computes
  std::map<std::string, ComputePort> compute;  // port name -> what it does in it

  // The port with this role; throws InputError listing the roles that the block has.
  const std::string& port_with(std::string_view role) const;
  bool has_port(std::string_view role) const;
  const std::string& state_with(std::string_view role) const;
  bool has_state(std::string_view role) const { return states.contains(std::string(role)); }
};

// Reads a block's role comments and checks them against its .subckt line. Throws InputError naming file, line
// and remedy: no or several .subckt, missing .ends, no kind, a port without role or a role without port,
// unknown kind, a role that blocks of this kind do not have or lack (roles.h).
Block read_block(const std::filesystem::path& path);

// --- text of netlists -------------------------------------------------------------------------------------

std::string lower(std::string text);
std::vector<std::string> words_of(const std::string& line);
// Where `name` first stands in `text` at or after `from` with no letter, digit or underscore beside it, in
// whatever case; npos where it does not.
std::size_t find_name(std::string_view text, std::string_view name, std::size_t from = 0);
// The lines with `+` continuations joined to the line they continue; comments may stand between.
std::vector<Line> joined_lines(const std::vector<Line>& lines);

}  // namespace mavis::spice
