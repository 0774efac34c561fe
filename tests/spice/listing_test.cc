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

}  // namespace
}  // namespace mavis::spice
