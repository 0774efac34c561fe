#include "stats/screening.h"

#include <gtest/gtest.h>

#include <set>

#include "stats/sobol.h"
#include "util/draws.h"

namespace mavis::stats {
namespace {

TEST(Screening, FindsWhatMattersByFallingShare) {
  EXPECT_EQ(screening_step_1(2), (std::vector<Shift>{{}, {{0, 1.0}}, {{1, 1.0}}}));
  // Slopes 1, 0.0099 (a share of 9.8e-5 / 10), -3, 0; nothing is known of the last.
  const std::vector<ShiftedRun> runs = {
      {{}, 5}, {{{0, 1.}}, 6}, {{{1, 1.}}, 5.0099}, {{{2, 1.}}, 2}, {{{3, 1.}}, 5}};
  EXPECT_EQ(active_parameters(5, runs), (std::vector<std::size_t>{2, 0, 4}));
  EXPECT_EQ(active_parameters(
                4, std::vector<ShiftedRun>{{{}, 1}, {{{0, 1.}}, 1}, {{{1, 1.}}, 1.01}, {{{2, 1.}}, 2}}),
            (std::vector<std::size_t>{2, 3}));
  EXPECT_THROW(active_parameters(1, std::vector<ShiftedRun>{{{{0, 1.}}, 1}}), std::invalid_argument);
}

TEST(Screening, WithoutAnyEffectNothingIsActive) {
  EXPECT_TRUE(active_parameters(2, std::vector<ShiftedRun>{{{}, 1}, {{{0, 1.}}, 1}, {{{1, 1.}}, 1}}).empty());
  EXPECT_TRUE(screening_step_2({}).empty());
}

TEST(Screening, AsksForOppositesAndForPairsOfTheFirst) {
  const std::vector<std::size_t> active = {7, 2, 9};
  EXPECT_EQ(
      screening_step_2(active),
      (std::vector<Shift>{
          {{7, -1.}}, {{2, -1.}}, {{9, -1.}}, {{2, 1.}, {7, 1.}}, {{7, 1.}, {9, 1.}}, {{2, 1.}, {9, 1.}}}));
  EXPECT_EQ(screening_step_2(active, 2), (std::vector<Shift>{{{7, -1.}}, {{2, -1.}}}));
  for (std::size_t a = 0; a < 40; ++a) {
    std::vector<std::size_t> many(a);
    for (std::size_t i = 0; i < a; ++i) many[i] = i;
    const std::vector<Shift> shifts = screening_step_2(many);
    EXPECT_LE(shifts.size(), 2 * a);
    EXPECT_EQ(std::set<Shift>(shifts.begin(), shifts.end()).size(), shifts.size());
  }
}

TEST(Screening, DrawsAreSobolForActiveAndOrdinaryForOtherParameters) {
  const std::vector<std::size_t> active = {3, 1};
  const std::vector<double> z = sample_draws(5, 2, 9, 5, active);
  ASSERT_EQ(z.size(), 5U);
  EXPECT_EQ(z[3], sobol_normal(5, 2, 9, 0));
  EXPECT_EQ(z[1], sobol_normal(5, 2, 9, 1));
  EXPECT_EQ(z, sample_draws(5, 2, 9, 5, active));
  // An inactive parameter's draw does not depend on which others are active.
  EXPECT_EQ(sample_draws(5, 2, 9, 5, std::vector<std::size_t>{1})[4], z[4]);
  const std::set<double> distinct = {z[0],
                                     z[2],
                                     z[4],
                                     sample_draws(5, 2, 8, 5, active)[0],
                                     sample_draws(5, 3, 9, 5, active)[0],
                                     sample_draws(6, 2, 9, 5, active)[0]};
  EXPECT_EQ(distinct.size(), 6U);
  EXPECT_THROW(sample_draws(1, 0, 0, 2, active), std::out_of_range);
}

}  // namespace
}  // namespace mavis::stats
