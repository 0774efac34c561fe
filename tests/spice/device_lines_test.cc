#include "spice/device_lines.h"

#include <gtest/gtest.h>

#include "expect_error.h"

namespace mavis::spice {
namespace {

using Forms = std::map<std::string, DeviceForm>;
const Forms kSubcircuits = {{"nch", {"kit_n", "m0", 1e6}}, {"pch", {"kit_p", "m0", 1e6}}};

std::string translated(const std::string& text, const Forms& forms) {
  std::vector<Line> lines = {{text, "cell.cir", 7}};
  translate_devices(lines, forms);
  return lines[0].text;
}

TEST(TranslateDevices, MakesInstancesOfSubcircuits) {
  EXPECT_EQ(
      translated("mpd q qb vss vss nch w={wpd} l=45n ad={wpd*ldif/2} ps='2*(wpd + ldif)' m=2", kSubcircuits),
      "xmpd q qb vss vss kit_n w={(wpd)*1e+06} l={(45n)*1e+06} ad={(wpd*ldif/2)*1e+12} "
      "ps={(2*(wpd + ldif))*1e+06} m=2");
  EXPECT_EQ(translated("M1 a b c d PCH W = { w * 2 }  nf=2  L= 0.1u", kSubcircuits),
            "xM1 a b c d kit_p W={( w * 2 )*1e+06} nf=2 L={(0.1u)*1e+06} m=1");
}

TEST(TranslateDevices, RenamesModels) {
  EXPECT_EQ(translated("mpd q qb 0 0 nch w={w} l=45n off", {{"nch", {"NFET_LP", "", 1}}}),
            "mpd q qb 0 0 NFET_LP w={w} l=45n off");
  EXPECT_EQ(translated("mpd q qb 0 0 nch w={w}  delvto=1m", {{"nch", {"n", "", 1e6}}}),
            "mpd q qb 0 0 n w={(w)*1e+06} delvto=1m");
}

TEST(TranslateDevices, LeavesTheRest) {
  for (const char* line : {"xm1 d g s b kit_n w=0.5 l=0.15", "m1 d g s b kit_n__model w=1", "rnch a b 1k",
                           "xcell a b c d nch m=3", ".param nch=1", "", "* mpd q qb 0 0 nch w=1u"})
    EXPECT_EQ(translated(line, kSubcircuits), line);
  EXPECT_EQ(translated("mpd q qb 0 0 nch  w=1u", {}), "mpd q qb 0 0 nch  w=1u");
}

TEST(TranslateDevices, RefusesWhatASubcircuitCannotPassOn) {
  expect_input_error([] { translated("mpd q qb 0 0 nch w=1u delvto=1m", kSubcircuits); },
                     {"cell.cir:7", "'delvto' of mpd", "kit_n", "leave it out"});
  expect_input_error([] { translated("mpd q qb 0 0 nch w=1u off", kSubcircuits); }, {"'off'"});
}

TEST(TranslateDevices, RefusesTwoInstancesOfAName) {
  std::vector<Line> lines = {{"xm1 a b cell", "a.cir", 1},
                             {".subckt cell a b", "a.cir", 2},
                             {"m1 a b 0 0 nch w=1u l=1u", "a.cir", 3},
                             {".ends", "a.cir", 4}};
  EXPECT_NO_THROW(translate_devices(lines, kSubcircuits));
  lines = {{"xm1 a b cell", "a.cir", 1}, {"m1 a b 0 0 nch w=1u l=1u", "a.cir", 3}};
  expect_input_error([&] { translate_devices(lines, kSubcircuits); }, {"a.cir:3", "two 'xm1'", "rename"});
}

TEST(NetlistName, LeavesOutTheSubcircuit) {
  EXPECT_EQ(netlist_name("xcell.xmpd.m0", kSubcircuits), "xcell.mpd");
  EXPECT_EQ(netlist_name("xmpd.m0", kSubcircuits), "mpd");
  EXPECT_EQ(netlist_name("xcell.xpull.m0", kSubcircuits), "xcell.xpull");  // the netlist's own instance
  EXPECT_EQ(netlist_name("xcell.mpd", kSubcircuits), "xcell.mpd");
  EXPECT_EQ(netlist_name("", kSubcircuits), "");
  EXPECT_EQ(netlist_name("xcell.mpd", {}), "xcell.mpd");
}

}  // namespace
}  // namespace mavis::spice
