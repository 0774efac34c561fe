// A deck: the complete netlist text of one bench at one point, ready for ngspice. It contains every included
// file, so its text (with the ngspice version) decides every number that comes from it.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "spice/device_lines.h"
#include "spice/kit.h"
#include "spice/netlist.h"

namespace mavis::spice {

// "rest_" + instance + "_" + port: the node where a port for computing alone rests; "v" before it is its
// source.
inline constexpr std::string_view kRestNode = "rest_";

struct DeckSpec {
  std::string title = {};               // first line of the deck
  std::filesystem::path bench = {};     // the bench netlist, characterize/<bench>.cir
  std::filesystem::path process = {};   // corner file that replaces the bench's `.include ../pdk/...`
  std::shared_ptr<const Kit> kit = {};  // or an installed kit, of which the deck takes what it needs
  std::map<std::string, DeviceForm> devices = {};  // how the process spells `nch` and `pch`; none: so
  std::map<std::string, Block> blocks = {};        // by kind; replaces the bench's default block of that kind
  std::vector<std::pair<std::string, double>> params =
      {};  // appended as .param: they override the bench's defaults
  double temp_c = 27;
  std::vector<std::string> cards = {};    // further lines, appended
  std::vector<std::string> saves = {};    // vectors to keep, `v(pl)`, `i(vdd)`; empty keeps ngspice's default
  std::vector<std::string> options = {};  // extra .options, `reltol=1e-4`: they override the bench's
};

struct Deck {
  std::string text;         // lines joined by '\n'; runs by hand in plain ngspice
  std::vector<Line> lines;  // the same, with their origin, for error messages; a kit's without text
  std::map<std::string, std::string> files;  // label -> text of every file that went into it; a kit's summary
  std::shared_ptr<const Kit> kit;            // what the lines without text are from; null: there are none
  std::string hash;                          // hash_hex(text)
};

// Assembles the deck. The X line of a replaced block is rewritten by port roles; roles that the bench netlist
// lists in a comment `*@ optional: ROLE ...` may be missing from the block; its comments `*@ node NODE: ROLE
// [of INSTANCE]` say where ports go whose roles our own block lacks. Taps of wells without a node of their
// own join their supply; ports for computing alone (kComputeRole) that the bench lacks get a source at their
// rest level. Throws InputError.
Deck build_deck(const DeckSpec& spec);

}  // namespace mavis::spice
