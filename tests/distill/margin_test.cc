#include "distill/margin.h"

#include <gtest/gtest.h>

#include <cmath>

namespace mavis::distill {
namespace {

using tables::Axis;
using tables::Status;
using tables::Table;

constexpr int kColumns = 3;

std::vector<Axis> pvt() {
  return {{.name = "corner", .labels = {"tt", "ff"}},
          {.name = "vdd", .unit = "V", .values = {1.0}},
          {.name = "temp_c", .unit = "C", .values = {27}}};
}

std::vector<double> counts() {
  std::vector<double> values;
  for (int k = 0; k <= kColumns; ++k) values.push_back(k);
  return values;
}

// Levels 1.0, 0.7, 0.4, 0.1 V, and references 0.15 V below each; in corner ff the held level falls by
// `droop`.
tables::Library library_with(double droop) {
  tables::Library library("macro");
  Table level{.name = "sum_line/level", .unit = "V", .axes = pvt()}, held = level, reference = level;
  held.name = "sum_line/droop";
  reference.name = "cdac/level";
  for (Table* table : {&level, &held}) {
    table->axes.push_back({.name = "products", .unit = "1", .values = counts()});
    table->axes.push_back({.name = "zeros", .labels = {"w0x1", "w1x0"}});
  }
  reference.axes.push_back({.name = "code", .unit = "1", .values = counts()});
  reference.axes.push_back({.name = "pattern", .labels = {"zeros", "ones"}});
  for (bool fast : {false, true})
    for (int k = 0; k <= kColumns; ++k)
      for (double shift : {0.0, 0.015}) {
        level.values.push_back(1.0 - 0.3 * k + shift);
        held.values.push_back(fast ? -droop : 0);
        reference.values.push_back(0.85 - 0.3 * k + shift / 5);
      }
  for (Table* table : {&level, &held, &reference}) library.put(*table);
  return library;
}

Table table_of(tables::Library library) {
  add_margins(library, {});
  return library.find("margin/margin");
}

TEST(Margin, IsTheDistanceToTheNearestReferenceInSteps) {
  const Table table = table_of(library_with(0.06));
  EXPECT_EQ(table.name, "margin/margin");
  ASSERT_EQ(table.values.size(), 2u * 4 * 2);
  // tt, k = 1, w0x1: level 0.7, references 0.85 .. 0.853 above, 0.55 .. 0.553 below.
  EXPECT_NEAR(table.values[2], 0.147 / 0.3, 1e-12);
  // tt, k = 1, w1x0: 0.715 is nearer to the one above.
  EXPECT_NEAR(table.values[3], 0.135 / 0.3, 1e-12);
  // No reference lies above k = 0 and none below k = N.
  EXPECT_NEAR(table.values[0], 0.147 / 0.3, 1e-12);
  EXPECT_NEAR(table.values[6], 0.15 / 0.3, 1e-12);
  // ff, k = 1, w0x1: the level has fallen to 0.64 at the end.
  EXPECT_NEAR(table.values[8 + 2], 0.087 / 0.3, 1e-12);
  for (std::size_t i = 0; i < table.values.size(); ++i) EXPECT_EQ(table.status_at(i), Status::ok);
}

TEST(Margin, ALevelThatCrossesAReferenceHasNone) {
  const Table table = table_of(library_with(0.2));
  EXPECT_EQ(table.status_at(2), Status::ok);
  EXPECT_EQ(table.status_at(8 + 2), Status::no_margin);
  EXPECT_NEAR(table.values[8 + 2], (0.5 - 0.553) / 0.3, 1e-12);
  EXPECT_EQ(table.status_at(8 + 6), Status::ok);  // k = N may fall
}

TEST(Margin, PassesOnWhatWasNotMeasured) {
  tables::Library library = library_with(0);
  Table reference = library.find("cdac/level");
  reference.status.assign(reference.values.size(), Status::ok);
  reference.status[1] = Status::failed;
  library.put(reference);
  const Table table = table_of(library);
  EXPECT_EQ(table.status_at(0), Status::failed);
  EXPECT_TRUE(std::isnan(table.values[0]));
  EXPECT_EQ(table.status_at(8), Status::ok);
}

TEST(Margin, SaysTheLeastOfEachPointAndWhetherItIsClaimed) {
  tables::Library library = library_with(0.2);
  plan::Subject subject;
  subject.claims = {{.corners = {"tt"}, .vdd = {0.9, 1.1}, .temp_c = {0, 100}}};
  add_margins(library, subject);
  const Table& least = library.find("margin/least");
  EXPECT_NEAR(least.values[0], 0.135 / 0.3, 1e-12);
  EXPECT_EQ(least.status_at(0), Status::ok);
  EXPECT_NEAR(least.values[1], (0.5 - 0.553) / 0.3, 1e-12);
  EXPECT_EQ(least.status_at(1), Status::no_margin);
  EXPECT_EQ(library.find("margin/claimed").values, (std::vector<double>{1, 0}));
}

TEST(Margin, UnfinishedProductsAddUp) {
  tables::Library library = library_with(0);
  Table lines{.name = "product_line/level", .unit = "V", .axes = pvt()};
  lines.axes.push_back({.name = "hold_voltage", .unit = "V", .values = {0.6}});
  lines.axes.push_back({.name = "stored_bit", .labels = {"0", "1"}});
  lines.axes.push_back({.name = "timing", .labels = {"rl", "cl"}});
  lines.axes.push_back({.name = "input_bit", .labels = {"0", "1"}});
  // tt leaves 10 mV of 1.01 V, ff pushes the line below ground.
  for (double product : {0.01, -0.002})
    for (double level : {9.0, 9.0, 9.0, 1.01, 9.0, 9.0, 9.0, product}) lines.values.push_back(level);
  lines.planes["nominal"] = lines.values;
  library.put(lines);
  add_margins(library, {});
  EXPECT_NEAR(library.find("margin/residual").values[0], 3 * 0.01 / 1.0, 1e-12);
  EXPECT_EQ(library.find("margin/residual").values[1], 0);
}

TEST(Margin, NeedsSignalAndReference) {
  tables::Library library("macro");
  library.put(library_with(0).find("sum_line/level"));
  add_margins(library, {});
  EXPECT_EQ(library.tables().size(), 1u);
}

}  // namespace
}  // namespace mavis::distill
