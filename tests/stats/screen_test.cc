#include "stats/screen.h"

#include <gtest/gtest.h>

#include "answer_limit.h"

namespace mavis::stats {
namespace {

TEST(Screen, FindsGradientCurvatureAndActiveDimensions) {
  Rounds rounds(100);
  const Screen s = finish(screen(rounds, 4), rounds, margin([](const Point& z) {
                            return 5 - 2 * z[0] + 0.01 * z[1] - std::fabs(z[2]) + 1e-3 * z[3] + z[0] * z[0];
                          }));
  EXPECT_EQ(rounds.left(), 100u - 9u);
  EXPECT_NEAR(s.gradient[0], -2, 1e-12);
  EXPECT_NEAR(s.curvature[0], 2, 1e-12);
  EXPECT_NEAR(s.gradient[2], 0, 1e-12);
  // An even response has no gradient and is active all the same; 1 % of the response is not.
  EXPECT_EQ(s.active, (std::vector<std::size_t>{0, 2}));
}

TEST(Screen, KeepsWhatItCannotMeasure) {
  Rounds rounds(100);
  const Screen s = finish(screen(rounds, 3), rounds, [](const Point& z) {
    const auto status = z[1] != 0    ? Answer::Status::unusable
                        : z[2] > 0.5 ? Answer::Status::sign_only
                                     : Answer::Status::measured;
    return Answer{3 - z[0] - 2 * z[2], status};
  });
  EXPECT_EQ(s.active, (std::vector<std::size_t>{0, 1, 2}));
  EXPECT_EQ(s.gradient[1], 0);
  EXPECT_NEAR(s.gradient[2], -2, 1e-12);
  EXPECT_EQ(rounds.unusable(), 2u);
}

TEST(Screen, ThrowsWhenTheRunsDoNotSuffice) {
  Rounds rounds(8);
  EXPECT_THROW(finish(screen(rounds, 4), rounds, margin([](const Point&) { return 1.0; })), OutOfRuns);
}

}  // namespace
}  // namespace mavis::stats
