#include "plan/activity.h"

#include <gtest/gtest.h>

namespace mavis::plan {
namespace {

Measurement number(double value) {
  return {{"time", {.values = {value}, .status = {}}}};
}

TEST(ActiveParameters, ComeByFallingShare) {
  const Measurement centre = number(1);
  const Measurement up[] = {number(1.004), number(1.5), number(1.1)};
  const Measurement down[] = {number(0.996), number(0.5), number(0.9)};
  Screening point{&centre, {}};
  for (int p = 0; p < 3; ++p) point.moved.emplace_back(&up[p], &down[p]);
  const std::vector<Quantity> time = {{.name = "time", .unit = "s"}};
  // The first has (0.004 / 0.5)^2 = 6e-5 of the squared gradient.
  EXPECT_EQ(active_parameters(time, std::vector{point}, 3), (std::vector<std::size_t>{1, 2}));
  // One whose run failed counts as without effect.
  point.moved[1].first = nullptr;
  EXPECT_EQ(active_parameters(time, std::vector{point}, 3), (std::vector<std::size_t>{2, 0}));
}

TEST(ActiveParameters, NoneWhereNothingMovesAndWhereNothingResponds) {
  const Measurement same = number(1), other = number(2);
  const std::vector<Quantity> time = {{.name = "time", .unit = "s"}};
  const std::vector<Quantity> aside = {{.name = "time", .unit = "s", .responds = false}};
  EXPECT_TRUE(active_parameters(time, std::vector{Screening{&same, {{&same, &same}}}}, 1).empty());
  EXPECT_TRUE(active_parameters(aside, std::vector{Screening{&same, {{&other, &same}}}}, 1).empty());
  EXPECT_TRUE(active_parameters(time, std::vector{Screening{nullptr, {{&other, &same}}}}, 1).empty());
}

}  // namespace
}  // namespace mavis::plan
