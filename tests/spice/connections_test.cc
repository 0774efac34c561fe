#include "spice/connections.h"

#include <gtest/gtest.h>

#include "spice/listing.h"

namespace mavis::spice {
namespace {

std::vector<std::string> floating(const std::vector<std::string>& cards) {
  std::vector<std::string> lines, names;
  for (const std::string& card : cards) lines.push_back("  1 : " + card);
  for (const FloatingNode& node : floating_nodes(parse_listing(lines), "xdut.")) names.push_back(node.node);
  return names;
}

const char* const kInverterN = "m.xdut.mn xdut.out in 0 0 nch w=1u l=1u";
const char* const kInverterP = "m.xdut.mp xdut.out in vdd vdd pch w=1u l=1u";

TEST(Connections, AnOutputIsHeld) {
  EXPECT_TRUE(floating({kInverterN, kInverterP, "c.xdut.c1 xdut.out 0 1e-15"}).empty());
}

TEST(Connections, AGateThatNothingDrivesFloats) {
  EXPECT_EQ(floating({kInverterN, kInverterP, "m.xdut.m3 out xdut.ot 0 0 nch w=1u l=1u",
                      "c.xdut.c1 xdut.ot 0 1e-15"}),
            std::vector<std::string>{"xdut.ot"});
}

TEST(Connections, ASourceThatEndsNowhereFloats) {
  EXPECT_EQ(floating({kInverterP, "m.xdut.mn xdut.out in xdut.vs 0 nch w=1u l=1u"}),
            std::vector<std::string>{"xdut.vs"});
  // A source that leads to a gate is what a charge pump looks like.
  EXPECT_TRUE(floating({kInverterP, "m.xdut.mn xdut.out in xdut.vs 0 nch w=1u l=1u",
                        "m.xdut.m2 xdut.out xdut.vs 0 0 nch w=1u l=1u"})
                  .empty());
}

TEST(Connections, WiresAndSourcesHold) {
  EXPECT_TRUE(floating({"m.xdut.mn out xdut.g 0 0 nch w=1u l=1u", "r.xdut.r1 xdut.g in 10"}).empty());
  EXPECT_TRUE(floating({"m.xdut.mn out xdut.g 0 0 nch w=1u l=1u", "v.xdut.v1 xdut.g 0 dc 1"}).empty());
  EXPECT_TRUE(floating({"m.xdut.mn out xdut.g 0 0 nch w=1u l=1u", "b.xdut.b1 xdut.g 0 v=v(in)"}).empty());
}

TEST(Connections, WhatLiesOutsideIsNotJudged) {
  EXPECT_TRUE(floating({"m.xtop.mn a b c d nch w=1u l=1u"}).empty());
}

}  // namespace
}  // namespace mavis::spice
