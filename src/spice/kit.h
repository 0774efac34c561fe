// The model text of a process that is installed elsewhere, at one corner: a foundry's libraries, far larger
// than what a circuit uses of them. Read once and shared by all decks of the corner; a deck takes what it
// needs.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "spice/netlist.h"

namespace mavis::spice {

inline constexpr std::string_view kKitLabel = "kit ";  // what labels of kits begin with

// A `.subckt` with all its lines, or a `.model` outside of any: what a deck may leave out.
struct KitPart {
  std::string name;  // in lower case; bins of a model, nch.3, have the model's name
  std::size_t first = 0, last = 0;
};

struct Kit {
  std::string label;        // "kit sky130 tt": what stands for it among a deck's files
  std::string summary;      // a line a file that was read: its label and hash; the kit's text is its owner's
  std::vector<Line> lines;  // continuations joined, comments and repeated parts left out
  std::vector<KitPart> parts;

  // The lines of the part called `name`, the last one of that name; empty if there is none.
  std::vector<Line> part(const std::string& name) const;
};

// Reads `cards`, the lines that put the kit into a deck, as of a file `origin`; paths are relative to `root`.
// Throws InputError as read_netlist does. The result is immutable, so thread-safe.
std::shared_ptr<const Kit> read_kit(const std::vector<std::string>& cards, const std::filesystem::path& root,
                                    const std::string& origin, const std::string& label);

// The lines of the kit that a circuit of these lines needs, in order: parts that it or another needed part
// names, and everything outside of parts.
std::vector<Line> needed_lines(const Kit& kit, const std::vector<Line>& circuit);

}  // namespace mavis::spice
