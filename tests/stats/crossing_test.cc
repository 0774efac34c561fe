#include "stats/crossing.h"

#include <gtest/gtest.h>

#include "answer_limit.h"

namespace mavis::stats {
namespace {

Crossing cross(const Line& line, const Limit& limit, std::size_t* runs = nullptr) {
  Rounds rounds(100);
  const std::vector<Line> lines(1, line);
  const Crossing found = finish(crossings(rounds, lines, {0.02, 12}), rounds, limit)[0];
  if (runs != nullptr) *runs = 100 - rounds.left();
  return found;
}

TEST(Crossings, TakesOneRunWhereTheGuessIsRight) {
  std::size_t runs = 0;
  const Crossing c =
      cross({{0, 1}, {1, 0}, 3, -1, 0, 8}, margin([](const Point& z) { return 3 - z[0]; }), &runs);
  EXPECT_TRUE(c.found);
  EXPECT_NEAR(c.c, 3, 1e-12);
  EXPECT_EQ(runs, 1u);
}

TEST(Crossings, FollowsACurvedMargin) {
  const Crossing c =
      cross({{0}, {1}, 1, 0, 0, 8}, margin([](const Point& z) { return 50 - std::exp(z[0]); }));
  EXPECT_TRUE(c.found);
  EXPECT_NEAR(c.c, std::log(50), 0.02);
  EXPECT_LT(c.slope, 0);
}

TEST(Crossings, BisectsWhereOnlySignsAreKnown) {
  const Crossing c = cross({{0}, {1}, 5, 0, 0, 8}, [](const Point& z) {
    return Answer{z[0] < 3.3 ? 1.0 : -1.0, Answer::Status::sign_only};
  });
  EXPECT_TRUE(c.found);
  EXPECT_NEAR(c.c, 3.3, 0.02);
  EXPECT_TRUE(std::isnan(c.nearest_margin));
}

TEST(Crossings, SaysWhenNothingFails) {
  EXPECT_FALSE(cross({{0}, {1}, 5, 0, 0, 8}, margin([](const Point&) { return 1.0; })).found);
  EXPECT_FALSE(cross({{0}, {1}, 5, -1, 0, 8}, margin([](const Point& z) { return 9 - z[0]; })).found);
}

TEST(Crossings, StepsBackFromUnusableRuns) {
  const Crossing c = cross({{0}, {1}, 8, 0, 0, 8}, [](const Point& z) {
    return Answer{3 - z[0], z[0] > 5 ? Answer::Status::unusable : Answer::Status::measured};
  });
  EXPECT_TRUE(c.found);
  EXPECT_NEAR(c.c, 3, 0.02);
}

}  // namespace
}  // namespace mavis::stats
