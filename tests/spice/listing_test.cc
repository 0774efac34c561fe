#include "spice/listing.h"

#include <gtest/gtest.h>

namespace mavis::spice {
namespace {

TEST(Listing, ReadsDevicesAndSkipsTheRest) {
  const std::vector<Device> devices =
      parse_listing({"\t* a title : m not a device", "     1 : * mavis",
                     "    28 : .model nch nmos level=54 toxe=    1.25e-09",
                     "    34 : M.XDUT.m1 d g s b nch w=90n l=    4.5e-08 m=7 nf=2 ad=1p",
                     "    35 : c.xdut.cw a 0     2.82e-16", "    36 : r1 a b r=2k", "    37 : v1 a 0 1"});
  ASSERT_EQ(devices.size(), 4u);
  EXPECT_EQ(devices[0].name, "m.xdut.m1");
  EXPECT_EQ(devices[0].model, "nch");
  EXPECT_EQ(devices[0].nodes, (std::vector<std::string>{"d", "g", "s", "b"}));
  EXPECT_DOUBLE_EQ(devices[0].w, 90e-9);
  EXPECT_DOUBLE_EQ(devices[0].l, 45e-9);
  EXPECT_DOUBLE_EQ(devices[0].multiplier, 7);  // fingers share the width
  EXPECT_DOUBLE_EQ(devices[1].value, 2.82e-16);
  EXPECT_DOUBLE_EQ(devices[2].value, 2000);
  EXPECT_EQ(devices[3].letter, 'v');
  EXPECT_EQ(devices[3].nodes, (std::vector<std::string>{"a", "0", "1"}));
}

TEST(Listing, ReadsSpiceNumbers) {
  EXPECT_DOUBLE_EQ(parse_spice_number("1.5meg"), 1.5e6);
  EXPECT_DOUBLE_EQ(parse_spice_number("3m"), 3e-3);
  EXPECT_DOUBLE_EQ(parse_spice_number("10nF"), 10e-9);
  EXPECT_DOUBLE_EQ(parse_spice_number("4.5e-08"), 4.5e-8);
  EXPECT_DOUBLE_EQ(parse_spice_number("1a"), 1);
}

TEST(ModelName, LeavesOutScopeAndBin) {
  EXPECT_EQ(model_name("nch"), "nch");
  EXPECT_EQ(model_name("nch.12"), "nch");
  EXPECT_EQ(model_name("xdut.x1:nch.3"), "nch");
  EXPECT_EQ(model_name("n.lvt"), "n.lvt");
  EXPECT_EQ(model_name("n."), "n.");
}

TEST(NotFinite, FindsWhatNgspiceTakesForZero) {
  EXPECT_EQ(not_finite({"     4 : .model nx nmos level=54 vth0=                     -nan   k1=1"}),
            "'nx' has no finite vth0 (nan)");
  EXPECT_EQ(not_finite({"", "    12 : r.xdut.r1 a b                       inf"}),
            "'r1' has no finite value (inf)");
  EXPECT_EQ(not_finite({"    12 : m.x1.m0 d g s b x1:nx w=                      nan   l=1"}),
            "'m0' has no finite w (nan)");
  EXPECT_EQ(not_finite({"     1 : rnan nan inf 1k", "     2 : vinf inf 0     1.000000000000000e-01"}), "");
}

}  // namespace
}  // namespace mavis::spice
