#include "stats/line_sampling.h"

#include <gtest/gtest.h>

#include "answer_limit.h"

namespace mavis::stats {
namespace {

TEST(LineSampling, IsExactForHalfSpaces) {
  Rounds rounds(1000);
  LineSampling lines(3, {{{1, 0, 0}, 4.0, -1}, {{-1, 0, 0}, 4.5, -1}}, 1);
  finish(lines.add(rounds, 8), rounds,
         margin([](const Point& z) { return std::min(4.0 - z[0], 4.5 + z[0]); }));
  EXPECT_EQ(lines.lines(), 8u);
  EXPECT_NEAR(lines.p() / (normal_tail(4.0) + normal_tail(4.5)), 1, 1e-9);
  EXPECT_NEAR(lines.shares()[0], normal_tail(4.0) / (normal_tail(4.0) + normal_tail(4.5)), 1e-9);
  EXPECT_NEAR(lines.stderr_of_p() / lines.p(), 0, 1e-6);
}

TEST(LineSampling, MeansWhatItsErrorSays) {
  // 4 + (z1^2 - 1) / 10 - z0 > 0: p = E[tail(4 + (N^2 - 1) / 10)], by quadrature.
  double truth = 0;
  for (double y = -9; y < 9; y += 1e-3)
    truth +=
        normal_tail(4 + (y * y - 1) / 10) * std::exp(-y * y / 2) / std::sqrt(2 * std::numbers::pi) * 1e-3;
  double squares = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    Rounds rounds(1000);
    LineSampling lines(2, {{{1, 0}, 4.0, -1}}, seed);
    finish(lines.add(rounds, 40), rounds,
           margin([](const Point& z) { return 4 + (z[1] * z[1] - 1) / 10 - z[0]; }));
    const double error = (lines.p() - truth) / lines.stderr_of_p();
    squares += error * error / 40;
  }
  EXPECT_NEAR(std::sqrt(squares), 1, 0.3);
}

}  // namespace
}  // namespace mavis::stats
