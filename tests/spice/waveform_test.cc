#include "spice/waveform.h"

#include <gtest/gtest.h>

#include <vector>

namespace mavis::spice {
namespace {

const std::vector<double> kTime = {0, 1, 2, 4}, kWave = {0, 2, 0, -4};

TEST(Waveform, FindsCrossingsBetweenPoints) {
  EXPECT_DOUBLE_EQ(*crossing(kTime, kWave, 1, Edge::rising), 0.5);
  EXPECT_DOUBLE_EQ(*crossing(kTime, kWave, 1, Edge::falling), 1.5);
  EXPECT_DOUBLE_EQ(*crossing(kTime, kWave, 1, Edge::either), 0.5);
  EXPECT_DOUBLE_EQ(*crossing(kTime, kWave, 1, Edge::either, 0.6), 1.5);
  EXPECT_DOUBLE_EQ(*crossing(kTime, kWave, -2, Edge::falling), 3);
  EXPECT_FALSE(crossing(kTime, kWave, 3, Edge::either));
  EXPECT_FALSE(crossing(kTime, kWave, 1, Edge::either, 1.6));
}

TEST(Waveform, CountsACrossingInTheIntervalThatHoldsTheStart) {
  EXPECT_DOUBLE_EQ(*crossing(kTime, kWave, -2, Edge::falling, 2.5), 3);
  EXPECT_FALSE(crossing(kTime, kWave, -2, Edge::falling, 3.5));
}

TEST(Waveform, InterpolatesAndIntegrates) {
  EXPECT_DOUBLE_EQ(value_at(kTime, kWave, 3), -2);
  EXPECT_DOUBLE_EQ(value_at(kTime, kWave, 4), -4);
  EXPECT_DOUBLE_EQ(integral(kTime, kWave, 0, 4), 1 + 1 - 4);
  EXPECT_DOUBLE_EQ(integral(kTime, kWave, 0.5, 1.5), 0.75 + 0.75);
  EXPECT_DOUBLE_EQ(integral(kTime, kWave, 2.5, 3), -0.75);
}

}  // namespace
}  // namespace mavis::spice
