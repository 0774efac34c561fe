// Where lines cross the limit: a safeguarded secant on each, all lines in the same rounds.
#pragma once

#include "stats/rounds.h"

namespace mavis::stats {

// origin + c * direction, passing at small c and failing at large c.
struct Line {
  Point origin;
  Point direction;   // of length 1
  double guess = 0;  // first c to measure
  double slope = 0;  // of the margin along c, < 0; 0: unknown
  double low = 0;    // c is looked for between these
  double high = 0;
};

struct Crossing {
  bool found = false;   // false: passes at `high`, or nothing usable
  bool usable = false;  // some run on the line could be simulated
  double c = 0;         // best estimate of the crossing
  // The measured point nearest to it; NaN margin if none was measured.
  double nearest_c = 0;
  double nearest_margin = 0;
  double slope = 0;  // of the margin at the crossing, < 0; 0: unknown
};

struct CrossingAccuracy {
  double tolerance = 0.05;  // of c
  int most_runs = 8;        // a line
};

Task<std::vector<Crossing>> crossings(Rounds& rounds, const std::vector<Line>& lines,
                                      const CrossingAccuracy& accuracy);

}  // namespace mavis::stats
