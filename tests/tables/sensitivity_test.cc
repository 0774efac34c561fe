#include "tables/sensitivity.h"

#include <gtest/gtest.h>

#include "tables/sample_library.h"

namespace mavis::tables {
namespace {

TEST(Sensitivity, RanksTheParametersOfTheCellThatRespondsMost) {
  Library library("x");
  Table t = delay_table();
  t.response = {1, 2, 3, 4, 4, -3, 0, 0, std::nan(""), 9, 0.01, 5};
  library.put(t);
  // Cell 5 (0.01 and 5) responds as much as cells 1 and 2 do; a share of 4e-6 is no line of the list.
  const auto rows = sensitivities(library);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].table, "line/delay");
  EXPECT_EQ(rows[0].parameter, "xcell.mpd:beta");
  EXPECT_EQ(rows[0].cell, 5);
  EXPECT_EQ(rows[0].rank, 1);
  EXPECT_DOUBLE_EQ(rows[0].response, 5);
  EXPECT_NEAR(rows[0].share, 1, 1e-5);
}

TEST(Sensitivity, SharesFallAndAddUpToOne) {
  Table t = delay_table();
  const auto shares = response_shares(t, 1);  // 3 and 4
  ASSERT_EQ(shares.size(), 2u);
  EXPECT_EQ(shares[0].first, 1u);
  EXPECT_DOUBLE_EQ(shares[0].second, 16.0 / 25);
  EXPECT_DOUBLE_EQ(shares[1].second, 9.0 / 25);
  EXPECT_TRUE(response_shares(t, 5).empty());  // not measured there
  t.response.clear();
  EXPECT_TRUE(response_shares(t, 0).empty());
}

}  // namespace
}  // namespace mavis::tables
