#include "report/summary.h"

#include <gtest/gtest.h>

#include <cmath>

#include "report/summary_tables.h"

namespace mavis::report {
namespace {

using tables::Status;

TableSummary of(const tables::Library& library, const char* name) {
  const std::vector<TableSummary> found = summarize(library, name);
  EXPECT_EQ(found.size(), 1u) << name;
  return found.at(0);
}

TEST(Summary, WorstIsOverPvtPointsAndAllOtherAxes) {
  const tables::Library library = cell_library();
  const TableSummary time = of(library, "read/access_time");
  // The typical point is tt, the later of two supplies; there stored 1 is the slower.
  EXPECT_EQ(worst_of(*time.table, *time.nominal), 3u);
  EXPECT_EQ(time.point, 4u);
  EXPECT_EQ(place_text(*time.table, 4), "ss 0.9 V, stored_bit 0");
  EXPECT_DOUBLE_EQ(beyond(*time.table, 4, 3), 60e-12 * std::exp(0.6));
  EXPECT_EQ(time.not_ok, (std::map<Status, std::size_t>{{Status::censored, 1}}));
  EXPECT_EQ(time.first_not_ok, 6u);

  const TableSummary margin = of(library, "snm/hold_snm");
  EXPECT_EQ(margin.point, 1u);
  EXPECT_EQ(margin.nominal->low, 0u);
  EXPECT_DOUBLE_EQ(beyond(*margin.table, 1, -3), 0.22);
}

TEST(Summary, SharesAreOfTheSquaredResponseThereOrElseAtTheNominalPoint) {
  const tables::Library library = cell_library();
  const TableSummary margin = of(library, "snm/hold_snm");
  ASSERT_EQ(margin.shares.size(), 2u);
  EXPECT_EQ(margin.shares[0].first, "b:vth");
  EXPECT_NEAR(margin.shares[0].second, 4.0 / 6, 1e-12);
  EXPECT_EQ(margin.shares[1].first, "a:vth");  // the first of equals
  EXPECT_FALSE(margin.shares_at_nominal);

  const TableSummary time = of(library, "read/access_time");
  ASSERT_EQ(time.shares.size(), 2u);
  EXPECT_EQ(time.shares[0].first, "mpgl:vth");
  EXPECT_NEAR(time.shares[0].second, 0.64, 1e-12);
  EXPECT_NEAR(time.shares[1].second, 0.36, 1e-12);
  EXPECT_TRUE(time.shares_at_nominal);
}

TEST(Summary, WithoutADirectionTheLargestSpreadCounts) {
  const tables::Library library = cell_library();
  const TableSummary offset = of(library, "comparator/offset");
  EXPECT_EQ(offset.all->low, 3u);
  EXPECT_EQ(offset.all->high, 5u);
  EXPECT_EQ(offset.nominal->low, 0u);
  EXPECT_EQ(offset.nominal->high, 2u);
  EXPECT_EQ(offset.point, 3u);
  EXPECT_TRUE(offset.shares.empty());
  // Neither is there a spread at all.
  EXPECT_FALSE(of(sample_library(), "line/level").point);
}

TEST(Summary, WhatHasNoNumberIsKept) {
  const tables::Library library = cell_library();
  const TableSummary margin = of(library, "write/margin");
  EXPECT_FALSE(margin.all);
  EXPECT_FALSE(margin.point);
  EXPECT_EQ(margin.not_ok, (std::map<Status, std::size_t>{{Status::failed, 1}, {Status::censored, 1}}));
}

TEST(Summary, AFigureTakesTheSharesOfItsDetail) {
  tables::Library library("x");
  library.put(either_table());
  library.put(by_bit_table());
  const std::vector<TableSummary> summaries = summarize(library);
  ASSERT_EQ(summaries.size(), 2u);
  EXPECT_FALSE(summaries[0].is_detail);
  ASSERT_TRUE(summaries[0].shares_of);
  EXPECT_EQ(summaries[0].shares_of->name, "hold/margin_by_bit");
  EXPECT_EQ(summaries[0].point, 1u);
  ASSERT_EQ(summaries[0].shares.size(), 2u);
  EXPECT_EQ(summaries[0].shares[0].first, "b:vth");
  EXPECT_NEAR(summaries[0].shares[0].second, 0.64, 1e-12);
  EXPECT_TRUE(summaries[1].is_detail);
  EXPECT_FALSE(summaries[1].shares_of);
  // "by" in the name of a figure that is no part of another.
  tables::Library other("x");
  other.put(by_bit_table());
  EXPECT_FALSE(summarize(other)[0].is_detail);
}

TEST(Summary, OfOneBench) {
  const tables::Library library = sample_library();
  EXPECT_EQ(summarize(library).size(), 3u);
  EXPECT_EQ(summarize(library, "line").size(), 2u);
}

}  // namespace
}  // namespace mavis::report
