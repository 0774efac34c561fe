// Reads ngspice's `listing expand`: the flat circuit as the simulator has it.
#pragma once

#include <string>
#include <vector>

#include "spice/session.h"

namespace mavis::spice {

// The elements of an expanded listing, in its order. Lines look like
// "    34 : m.xdut.m1 d g 0 0 nch w=1u l=    4.5e-08 m=7". Pure, thread-safe.
std::vector<Device> parse_listing(const std::vector<std::string>& lines);

// "'nx' has no finite vth0 (nan)" for the first value in an expanded listing that is no number; empty if all
// are numbers. ngspice itself takes such a value for 0, without a word.
std::string not_finite(const std::vector<std::string>& lines);

// The model that a listing or a card names, without scope and bin: "xdut.x1:nch.3" -> "nch".
std::string model_name(const std::string& listed);

// A SPICE number with scale suffix: "1.5meg", "90n", "2.2k". Trailing letters after the suffix are a unit; so
// is 'a', which is not atto in ngspice 39.
double parse_spice_number(const std::string& text);

}  // namespace mavis::spice
