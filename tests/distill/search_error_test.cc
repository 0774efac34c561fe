#include "distill/search_error.h"

#include <gtest/gtest.h>

#include <cmath>

namespace mavis::distill {
namespace {

TEST(SearchError, TakesOffWhatAllShareAndWhatIsScatter) {
  // 5 mV missed at the centre, 0.1 mV of scatter, two that bend.
  std::vector<double> bends = {5.0e-3, 5.1e-3, 4.9e-3, 5.05e-3, 4.95e-3, 7.0e-3, 3.0e-3, 5.0e-3, 5.1e-3};
  remove_search_error(bends);
  for (std::size_t i : {0, 1, 2, 3, 4, 7, 8}) EXPECT_EQ(bends[i], 0) << i;
  EXPECT_NEAR(bends[5], 2e-3, 1e-12);
  EXPECT_NEAR(bends[6], -2e-3, 1e-12);
}

TEST(SearchError, WhatWasNotMeasuredStaysUnknown) {
  std::vector<double> bends = {std::nan(""), 1, 1, 1, 9};
  remove_search_error(bends);
  EXPECT_TRUE(std::isnan(bends[0]));
  EXPECT_EQ(bends[4], 8);
  std::vector<double> none = {std::nan("")};
  remove_search_error(none);
  EXPECT_TRUE(std::isnan(none[0]));
}

}  // namespace
}  // namespace mavis::distill
