#include "spice/external_source.h"

#include <gtest/gtest.h>

namespace mavis::spice {
namespace {

TEST(ExternalSource, ALineKeepsItsBits) {
  const ExternalValues values{2e-12, {0, 0.1, -1.0 / 3}};
  ExternalValues read;
  EXPECT_EQ(parse_external_line(external_line("in_m1", values), read), "in_m1");
  EXPECT_EQ(read.step, values.step);
  EXPECT_EQ(read.values, values.values);
  EXPECT_EQ(parse_external_line("* a comment", read), "");
  EXPECT_EQ(parse_external_line("alter @m1[delvto]=0", read), "");
}

TEST(ExternalSource, IsStraightBetweenPointsAndConstantBeyond) {
  const ExternalValues even{1e-12, {1, 3}}, points{0, {1e-12, 1, 3e-12, 5, 3e-12, 7}};
  EXPECT_EQ(ExternalValues{}.at(1), 0);
  for (const auto& [time, value] : {std::pair(0.0, 1.0), {0.5e-12, 2.0}, {1e-12, 3.0}, {1.0, 3.0}})
    EXPECT_DOUBLE_EQ(even.at(time), value) << time;
  for (const auto& [time, value] : {std::pair(0.0, 1.0), {2e-12, 3.0}, {3e-12, 7.0}, {1.0, 7.0}})
    EXPECT_DOUBLE_EQ(points.at(time), value) << time;
  ExternalValues read;
  EXPECT_EQ(parse_external_line(external_line("v1", points), read), "v1");
  EXPECT_EQ(read.values, points.values);
  EXPECT_EQ(with_external("t\nv1 a b external\n", "v1", {0, {0, 1, 0.5, 2}}),
            "t\nbv1 a b v=pwl(time\n+ ,0,1, 0.5,2\n+ ,1,2)\n");
}

TEST(ExternalSource, BecomesABehaviouralSource) {
  const ExternalValues values{1e-12, {0, 1, 2, 3, 4}};
  EXPECT_EQ(with_external("t\nIn1 a b external\nin2 c d external\n", "in1", values),
            "t\nbin1 a b i=pwl(time\n+ ,0,0, 9.9999999999999998e-13,1, 2e-12,2, 3.0000000000000001e-12,3\n"
            "+ ,3.9999999999999999e-12,4\n+ ,1,4)\nin2 c d external\n");
  EXPECT_EQ(with_external("t\nvn1 a b external\n", "vn1", {1, {}}), "t\nbvn1 a b v=pwl(time\n+ ,1,0)\n");
}

}  // namespace
}  // namespace mavis::spice
