#include "stats/flatness.h"

#include <gtest/gtest.h>

#include <numeric>

#include "answer_limit.h"

namespace mavis::stats {
namespace {

constexpr std::size_t kDimensions = 40;

// At 4.5 sigma along the first axis.
Flatness look(const Limit& limit, const Point& seen = {}, std::uint64_t seed = 1) {
  std::vector<std::size_t> all(kDimensions);
  std::iota(all.begin(), all.end(), std::size_t{0});
  const Basis basis = axes(kDimensions, all);
  Point z(kDimensions, 0.0);
  z[0] = 4.5;
  Rounds rounds(kFlatnessRuns);
  return finish(flatness(rounds, z, limit(z).margin, seen, basis, seed), rounds, limit);
}

TEST(Flatness, OfAHalfSpace) {
  const Flatness f = look(margin([](const Point& z) { return 0.2 * (4.5 - z[0]); }));
  EXPECT_NEAR(f.turn, 0, 1e-12);
  EXPECT_NEAR(f.curvature, 0, 1e-12);
  EXPECT_FALSE(f.turned());
  EXPECT_FALSE(curved(f.curvature, 4.5));
}

TEST(Flatness, MeasuresTurnAndCurvature) {
  // Over many draws: the root mean square of the angle, and the sum of the curvatures.
  double square = 0, sum = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const Flatness f =
        look(margin([](const Point& z) {
               return 3 * (4.5 - z[0] - 0.05 * z[7] - 0.02 * z[30] * z[30] + 0.01 * z[9] * z[9]);
             }),
             {}, seed);
    square += f.turn * f.turn / 200;
    sum += f.curvature / 200;
  }
  EXPECT_NEAR(std::sqrt(square), 0.05, 0.01);
  EXPECT_NEAR(sum, 0.02, 0.005);
}

TEST(Flatness, SeesATurnAndACurvatureInEveryDraw) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    EXPECT_TRUE(look(margin([](const Point& z) { return 4.5 - z[0] - 0.3 * z[7]; }), {}, seed).turned());
    const Flatness f = look(margin([](const Point& z) { return 4.5 - z[0] - 0.1 * z[7] * z[7]; }), {}, seed);
    EXPECT_FALSE(f.turned());
    EXPECT_TRUE(curved(f.curvature, 4.5));
  }
}

TEST(Flatness, LeavesOutWhatWasSeen) {
  Point seen(kDimensions, 0.0);
  seen[7] = 1;
  const Flatness f = look(margin([](const Point& z) { return 4.5 - z[0] - 0.3 * z[7]; }), seen);
  EXPECT_FALSE(f.turned());
}

TEST(Flatness, IsUnknownWhereMarginsAre) {
  const Flatness f = look([](const Point& z) {
    return Answer{4.5 - z[0], z[1] == 0 ? Answer::Status::measured : Answer::Status::sign_only};
  });
  EXPECT_TRUE(f.turned());
  EXPECT_TRUE(curved(f.curvature, 4.5));
}

}  // namespace
}  // namespace mavis::stats
