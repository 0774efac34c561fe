#include "stats/subset_simulation.h"

#include <gtest/gtest.h>

#include "answer_limit.h"

namespace mavis::stats {
namespace {

TEST(SubsetSimulation, FindsARareEventWithinItsError) {
  double squares = 0, mean = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Rounds rounds(10000);
    const auto s = finish(subset_simulation(rounds, 4, seed, 1e-9), rounds,
                          margin([](const Point& z) { return 3.719016 - std::fabs(z[2]); }));
    ASSERT_TRUE(s);
    const double error = (s->p - 2e-4) / s->stderr_of_p;
    squares += error * error / 20;
    mean += s->p / 20;
  }
  EXPECT_NEAR(mean / 2e-4, 1, 0.25);
  EXPECT_NEAR(std::sqrt(squares), 1, 0.5);
}

TEST(SubsetSimulation, GivesUpWhereMarginsTellNothing) {
  Rounds rounds(10000);
  EXPECT_FALSE(
      finish(subset_simulation(rounds, 2, 1, 1e-6), rounds, margin([](const Point&) { return 1.0; })));
  EXPECT_GT(rounds.left(), 8000u);
}

}  // namespace
}  // namespace mavis::stats
