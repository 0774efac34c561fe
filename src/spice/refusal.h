// Why ngspice refused a deck, put together from the messages it printed while loading.
#pragma once

#include <string>
#include <vector>

#include "spice/deck.h"

namespace mavis::spice {

// "deck line 12: Undefined parameter [nope]" from the output of loading a deck; empty if nothing there is
// wrong. ngspice returns success for unknown models, sub-circuits and parameters, and goes on with another
// circuit than the one meant: only its messages tell.
std::string refusal_of(const std::vector<std::string>& output);

// `message` with file and line of the netlist in front: those of the name that it complains about, where a
// line of the deck has that name, else those of its "deck line N". As it is if it has neither.
std::string located(const std::string& message, const Deck& deck);

}  // namespace mavis::spice
