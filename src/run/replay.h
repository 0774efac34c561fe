// Decks that show a failed sample to a person, in plain ngspice. Pure, thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "plan/bench.h"

namespace mavis::run {

// A deck that plain `ngspice -b` runs by hand: `deck` with `control` (lines, as of Outcome::transcript) in a
// .control block before its .end and external sources (external_source.h) in a form that it knows. It lists
// the vectors that came out.
std::string replay_deck(std::string_view deck, std::string_view control);

// The .control lines that set a job's assignments, for a worker that died without a transcript.
std::string assignment_lines(const plan::Job& job);

}  // namespace mavis::run
