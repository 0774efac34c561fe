#include "stats/modes.h"

#include <gtest/gtest.h>

namespace mavis::stats {
namespace {

TEST(Modes, NearestIsTheDeepestHalfSpace) {
  const std::vector<Mode> modes = {{{1, 0}, 3, -1}, {{0, 1}, 5, -1}};
  EXPECT_EQ(nearest_mode({4, 4.5}, modes), 0u);
  EXPECT_EQ(nearest_mode({4, 6.5}, modes), 1u);
}

TEST(Modes, AddsSortsMergesAndForgets) {
  std::vector<Mode> modes;
  EXPECT_TRUE(add_mode(modes, {{1, 0}, 6, -1}));
  EXPECT_TRUE(add_mode(modes, {{0, 1}, 5, -1}));
  EXPECT_EQ(modes[0].beta, 5);
  EXPECT_FALSE(add_mode(modes, {{0.1, std::sqrt(0.99)}, 4.8, -1}));  // the same, nearer
  ASSERT_EQ(modes.size(), 2u);
  EXPECT_EQ(modes[0].beta, 4.8);
  EXPECT_FALSE(add_mode(modes, {{0, -1}, 8, -1}));  // does not matter
  EXPECT_EQ(modes.size(), 2u);
  EXPECT_TRUE(add_mode(modes, {{-1, 0}, 3, -1}));  // now the others do not
  EXPECT_EQ(modes.size(), 1u);
  EXPECT_TRUE(covered({-5, 1}, modes));
  EXPECT_FALSE(covered({5, 1}, modes));
}

TEST(Modes, OrthonormalSpansTheSame) {
  const Basis basis = orthonormal({{2, 0, 0}, {1, 1, 0}, {3, -1, 0}, {0, 0, 0}});
  ASSERT_EQ(basis.size(), 2u);
  EXPECT_NEAR(dot(basis[0], basis[1]), 0, 1e-15);
  EXPECT_NEAR(norm(basis[1]), 1, 1e-15);
}

TEST(Modes, OrthonormalIsNotMisledByNearlyParallelDirections) {
  const Basis basis = orthonormal({{1, 0, 0}, {1, 0, 0.02}, {0, 1, 0}, {1, 1, 0}});
  ASSERT_EQ(basis.size(), 2u);
  for (const Point& axis : basis) EXPECT_LT(std::fabs(axis[2]), 0.03);
}

}  // namespace
}  // namespace mavis::stats
