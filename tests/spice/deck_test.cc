#include "spice/deck.h"

#include <gtest/gtest.h>

#include "expect_error.h"
#include "temporary_folder.h"
#include "util/files.h"

namespace mavis::spice {
namespace {

class DeckTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_.write("pdk/own/tt.inc", "* typical\n.param corner=0\n");
    folder_.write("pdk/own/ss.inc", "* slow\n.param corner=1\n");
    folder_.write(
        "cells/ours.cir",
        "* ours\n*@ kind: bitcell\n*@ port wl: word_line\n*@ port bl: bit_line\n*@ state q: storage\n"
        ".subckt ours wl bl\nr1 wl q 1\nr2 q bl 1\n.ends\n");
    theirs_ =
        folder_.write("user/theirs.cir",
                      "* theirs\n*@ kind: bitcell\n*@ port b: bit_line\n*@ port w: word_line\n"
                      "*@ state node1: storage\n.subckt theirs b w\nr1 w node1 1\nr2 node1 b 1\n.ends\n");
    spec_.bench =
        folder_.write("characterize/bench.cir",
                      "* bench\n.include ../pdk/own/tt.inc\n.include ../cells/ours.cir\n.param vdd=1\n"
                      "xdut word\n+ bit ours m=2\n.ic v(xdut.q)={vdd} v(xdut.qb)=0\n.temp 27\n.tran 1p 1n\n"
                      ".meas tran x find v(bit) at=1n\n.end\n");
    spec_.title = "golden";
    spec_.params = {{"vdd", 0.9}};
    spec_.temp_c = 120;
    spec_.saves = {"v(bit)"};
    spec_.options = {"reltol=1e-4"};
  }
  void replace_in_bench(const std::string& from, const std::string& to) {
    std::string text = read_text(spec_.bench, "bench");
    ASSERT_NE(text.find(from), text.npos);
    folder_.write("characterize/bench.cir", text.replace(text.find(from), from.size(), to));
  }
  TemporaryFolder folder_;
  std::filesystem::path theirs_;
  DeckSpec spec_;
};

TEST_F(DeckTest, GoldenWithTheBenchesOwnBlock) {
  EXPECT_EQ(
      build_deck(spec_).text,
      "* golden\n.param corner=0\n.subckt ours wl bl\nr1 wl q 1\nr2 q bl 1\n.ends\n.param vdd=1\n"
      "xdut word  bit ours m=2\n.ic v(xdut.q)={vdd} v(xdut.qb)=0\n.param vdd=0.90000000000000002\n.temp 120\n"
      ".options reltol=1e-4\n.save v(bit)\n.end\n");
}

TEST_F(DeckTest, PutsAUsersBlockAndCornerInByRole) {
  spec_.process = folder_.path() / "pdk/own/ss.inc";
  spec_.blocks["bitcell"] = read_block(theirs_);
  const Deck deck = build_deck(spec_);
  EXPECT_NE(deck.text.find(".param corner=1\n"), std::string::npos);
  EXPECT_EQ(deck.text.find("ours"), std::string::npos);
  EXPECT_NE(deck.text.find("\nxdut bit word theirs m=2\n"), std::string::npos) << deck.text;
  EXPECT_NE(deck.text.find(".ic v(xdut.node1)={vdd} v(xdut.qb)=0\n"), std::string::npos) << deck.text;
  EXPECT_TRUE(deck.files.contains("theirs.cir"));
  EXPECT_FALSE(deck.files.contains("ours.cir"));
}

TEST_F(DeckTest, HashFollowsTheCircuitAndNotItsComments) {
  const std::string before = build_deck(spec_).hash;
  folder_.write("pdk/own/tt.inc", "* typical, explained better\n.param corner=0\n");
  EXPECT_EQ(build_deck(spec_).hash, before);
  folder_.write("pdk/own/tt.inc", "* typical\n.param corner=0.1\n");
  EXPECT_NE(build_deck(spec_).hash, before);
}

TEST_F(DeckTest, RefusesABlockWithoutARoleThatTheBenchDrives) {
  folder_.write(
      "cells/ours.cir",
      "* ours\n*@ kind: bitcell\n*@ port wl: word_line\n*@ port bl: bit_line\n*@ port rl: row_line\n"
      ".subckt ours wl bl rl\nr1 wl q 1\nr2 q bl 1\n.ends\n");
  replace_in_bench("+ bit ours", "+ bit row ours");
  spec_.blocks["bitcell"] = read_block(theirs_);
  expect_input_error([&] { build_deck(spec_); }, {"theirs.cir", "row_line", "word_line"});
  replace_in_bench("xdut word", "*@ optional: row_line\nxdut word");
  EXPECT_NE(build_deck(spec_).text.find("\nxdut bit word theirs m=2\n"), std::string::npos);
}

TEST_F(DeckTest, DrivesRolesThatItsOwnBlockLacksByNode) {
  spec_.blocks["bitcell"] =
      read_block(folder_.write("user/odd.cir",
                               "* odd\n*@ kind: bitcell\n*@ port w: word_line\n*@ port b: bit_line\n"
                               "*@ port z: read_word_line\n.subckt odd w b z\nr1 w b 1\nr2 z b 1\n.ends\n"));
  expect_input_error([&] { build_deck(spec_); }, {"odd.cir", "'z'", "read_word_line", "does not drive"});
  replace_in_bench("xdut word", "*@ node rwl: read_word_line\nxdut word");
  EXPECT_NE(build_deck(spec_).text.find("\nxdut word bit rwl odd m=2\n"), std::string::npos);
}

TEST_F(DeckTest, PortsForComputingAloneRestWhereTheirCommentsSay) {
  spec_.blocks["bitcell"] = read_block(folder_.write(
      "user/computing.cir",
      "* computing\n*@ kind: bitcell\n*@ port w: word_line\n*@ port b: bit_line\n*@ port x: compute\n"
      "*@ port o: compute\n*@ operation: time=1n\n*@ compute w: input\n*@ compute x: input rest=0.25 one=1\n"
      "*@ compute o: line precharge=0.6v\n.subckt computing w b x o\nr1 w b 1\nr2 x o 1\n.ends\n"));
  const std::string text = build_deck(spec_).text;
  EXPECT_NE(text.find("\nxdut word bit rest_xdut_x rest_xdut_o computing m=2\n"
                      "vrest_xdut_o rest_xdut_o 0 {0.59999999999999998+0*vdd}\n"
                      "vrest_xdut_x rest_xdut_x 0 {0+0.25*vdd}\n"),
            std::string::npos)
      << text;
}

TEST_F(DeckTest, AUsersBlockMayContainOurs) {
  spec_.blocks["bitcell"] = read_block(folder_.write(
      "user/wrapped.cir",
      "* wrapped\n*@ kind: bitcell\n*@ port w: word_line\n*@ port b: bit_line\n.include ../cells/ours.cir\n"
      ".subckt wrapped w b\nxin w b ours\n.ends\n"));
  const std::string text = build_deck(spec_).text;
  EXPECT_NE(text.find("\nxin w b ours\n"), std::string::npos) << text;
  EXPECT_NE(text.find("\nxdut word bit wrapped m=2\n"), std::string::npos) << text;
}

TEST_F(DeckTest, WellsJoinTheirSupply) {
  folder_.write(
      "cells/ours.cir",
      "* ours\n*@ kind: bitcell\n*@ port wl: word_line\n*@ port bl: bit_line\n*@ port v: cell_supply\n"
      "*@ port g: ground\n.subckt ours wl bl v g\nr1 wl v 1\nr2 g bl 1\n.ends\n");
  replace_in_bench("+ bit ours", "+ bit up 0 ours");
  spec_.blocks["bitcell"] = read_block(folder_.write(
      "user/extracted.cir",
      "* extracted\n*@ kind: bitcell\n*@ port w: word_line\n*@ port b: bit_line\n*@ port v: cell_supply\n"
      "*@ port g: ground\n*@ port nw: n_well\n*@ port pw: p_well\n.subckt extracted w b v g nw pw\n"
      "r1 w b 1\nr2 v nw 1\nr3 g pw 1\n.ends\n"));
  EXPECT_NE(build_deck(spec_).text.find("\nxdut word bit up 0 up 0 extracted m=2\n"), std::string::npos);
}

}  // namespace
}  // namespace mavis::spice
