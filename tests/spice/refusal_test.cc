#include "spice/refusal.h"

#include <gtest/gtest.h>

namespace mavis::spice {
namespace {

TEST(Refusal, NamesTheLineAndTheReason) {
  EXPECT_EQ(refusal_of({"Circuit: * t", "Netlist line no. 2:", "Undefined parameter [nope]"}),
            "deck line 2: Undefined parameter [nope]");
  EXPECT_EQ(
      refusal_of({"warning, can't find model 'x' from line", "m1 a a 0 0 x",
                  "Error on line 3 or its substitute:", "m1 a a 0 0 x", "could not find a valid modelname"}),
      "deck line 3: could not find a valid modelname");
}

TEST(Refusal, AcceptsNotesAndAnnouncements) {
  EXPECT_EQ(refusal_of({"Note: No compatibility mode selected!", "Circuit: * t"}), "");
}

TEST(Refusal, LocatesADeckLineInItsFile) {
  Deck deck;
  deck.lines = {{"* title", "deck", 1}, {"r1 a 0 {nope}", "cells/x.cir", 7}};
  EXPECT_EQ(located("ngspice refuses the deck: deck line 2: Undefined parameter [nope]", deck),
            "cells/x.cir:7: Undefined parameter [nope] (in 'r1 a 0 {nope}')");
  EXPECT_EQ(located("no place here", deck), "no place here");
}

}  // namespace
}  // namespace mavis::spice
