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
      "deck line 3: can't find model 'x'");
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

TEST(Refusal, LocatesTheNameThatIsWrongInsideASubcircuit) {
  Deck deck;
  deck.lines = {{"xdut a cell", "bench.cir", 3},
                {"* lmax is a comment", "cell.cir", 1},
                {".subckt cell a l={lmax}", "cell.cir", 2},
                {"m1 a a 0 0 nchannel l={l}", "cell.cir", 3},
                {"xlost a Lost_Block", "cell.cir", 4}};
  EXPECT_EQ(located("deck line 1: Undefined parameter [lmax]", deck),
            "cell.cir:2: Undefined parameter [lmax] (in '.subckt cell a l={lmax}')");
  EXPECT_EQ(
      located("ngspice refuses the deck: can't find model 'nchannel'", deck),
      "cell.cir:3: ngspice refuses the deck: can't find model 'nchannel' (in 'm1 a a 0 0 nchannel l={l}')");
  EXPECT_EQ(
      located("Error: unknown subckt: xdut.xlost xdut.a xdut.lost_block m={m}", deck),
      "cell.cir:4: Error: unknown subckt: xdut.xlost xdut.a xdut.lost_block m={m} (in 'xlost a Lost_Block')");
  EXPECT_EQ(located("deck line 1: Undefined parameter [max]", deck),
            "bench.cir:3: Undefined parameter [max] (in 'xdut a cell')");
}

}  // namespace
}  // namespace mavis::spice
