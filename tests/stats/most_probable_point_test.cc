#include "stats/most_probable_point.h"

#include <gtest/gtest.h>

#include "answer_limit.h"

namespace mavis::stats {
namespace {

std::optional<Mode> find(const Start& start, const Limit& limit) {
  Rounds rounds(200);
  std::vector<std::size_t> all(start.z.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  const Basis basis = axes(all.size(), all);
  const FailureOptions options;
  const std::vector<Mode> known;
  return finish(most_probable_point(rounds, start, basis, options, known), rounds, limit);
}

TEST(MostProbablePoint, IsTheFootOfAPlane) {
  const auto mode = find({{0, 0, 0}, 10, {-1, -2, 2}},
                         margin([](const Point& z) { return 10 - z[0] - 2 * z[1] + 2 * z[2]; }));
  ASSERT_TRUE(mode);
  EXPECT_NEAR(mode->beta, 10.0 / 3, 1e-9);
  EXPECT_NEAR(mode->direction[1], 2.0 / 3, 1e-9);
  EXPECT_NEAR(mode->slope, -3, 1e-9);
}

TEST(MostProbablePoint, TurnsWithACurvedLimit) {
  // (z0 + 3)^2 / 2 + z1 = 12.5 from the gradient at 0: nearest point by a fine search along the parabola.
  const auto limit = margin([](const Point& z) { return 12.5 - (z[0] + 3) * (z[0] + 3) / 2 - z[1]; });
  double beta = 100;
  for (double x = 0; x < 3; x += 1e-4) beta = std::min(beta, std::hypot(x, 12.5 - (x + 3) * (x + 3) / 2));
  const auto mode = find({{0, 0}, 8, {-3, -1}}, limit);
  ASSERT_TRUE(mode);
  EXPECT_NEAR(mode->beta, beta, 0.02);
}

TEST(MostProbablePoint, MeasuresAGradientItWasNotGiven) {
  const auto mode = find({{1, 4}, 0.5, {}}, margin([](const Point& z) { return 4.5 - z[1]; }));
  ASSERT_TRUE(mode);
  EXPECT_NEAR(mode->beta, 4.5, 1e-9);
  EXPECT_NEAR(mode->direction[1], 1, 1e-9);
}

TEST(MostProbablePoint, SaysWhenThereIsNoneWithinReach) {
  EXPECT_FALSE(find({{0, 0}, 12, {-1, 0}}, margin([](const Point& z) { return 12 - z[0]; })));
}

}  // namespace
}  // namespace mavis::stats
