// A block of the user's own to begin with, made from one that comes with Mavis. Pure but for reading that.
#pragma once

#include <string>

namespace mavis::cli {

// Throws InputError for a name that can't be that of a .subckt and its file: other than lower-case letters,
// digits and '_', or not a letter first. `kind` and `name` stand for what the user typed.
void require_block_name(const std::string& kind, const std::string& name);

// The netlist of our block `from` (a name in netlists/<kind>s) as that of a block `name`: the .subckt is
// renamed, and a comment at the head says what to change, how to run it and where roles are explained; its
// other lines stay. The comment contains a deck that runs it by hand: the lines after "* --- by hand", each
// behind "*   ". Throws InputError for a bad name and for an unknown `from`, with those that there are.
std::string starting_point(const std::string& kind, const std::string& name, const std::string& from);

}  // namespace mavis::cli
