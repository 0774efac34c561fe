// Netlists as layout extractors write them.
#pragma once

#include <vector>

#include "spice/netlist.h"

namespace mavis::spice {

// Makes element lines fit for ngspice's `alter`, which takes `mpd<1>`, `mpd[0]` or `mpd/2` for something
// else: every character of an element's name but letters, digits and `_` becomes `_`, with a number behind it
// where that name is taken in its .subckt. Comments that begin with ` $` go. Node names stay. Lines that are
// fit already are left as they are. REQUIRES joined lines.
void tidy_elements(std::vector<Line>& lines);

}  // namespace mavis::spice
