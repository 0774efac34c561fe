#include "tables/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "tables/sample_library.h"
#include "util/error.h"

namespace mavis::tables {
namespace {

using testing::ThrowsMessage;

TEST(Table, KnowsItsParts) {
  const Table t = delay_table();
  EXPECT_NO_THROW(t.check());
  EXPECT_EQ(t.bench(), "line");
  EXPECT_EQ(t.quantity(), "delay");
  EXPECT_EQ(t.cells(), 6u);
  EXPECT_EQ(t.offset({1, 2}), 5u);
  for (std::size_t cell = 0; cell < t.cells(); ++cell) EXPECT_EQ(t.offset(t.index(cell)), cell);
  EXPECT_EQ(t.index(4), (std::vector<std::size_t>{1, 1}));
  EXPECT_EQ(t.status_at(5), Status::failed);
  EXPECT_EQ(t.plane_unit("sigma"), "1");
  EXPECT_EQ(t.plane_unit("nominal"), "s");
  EXPECT_EQ(t.find_axis("vdd")->size(), 3u);
  EXPECT_EQ(t.find_axis("temp"), nullptr);
  EXPECT_EQ(t.plane("sigma")[4], 0.5);
  EXPECT_THAT([&] { t.plane("skew"); },
              ThrowsMessage<InputError>("line/delay: has no 'skew'; it has nominal, sigma, stderr"));
}

TEST(Table, ChecksItsRules) {
  const std::function<void(Table&)> mistakes[] = {
      [](Table& t) { t.name = "delay"; },
      [](Table& t) { t.name = "a/b/c"; },
      [](Table& t) { t.values.pop_back(); },
      [](Table& t) { t.status.pop_back(); },
      [](Table& t) { t.status[5] = static_cast<Status>(9); },
      [](Table& t) { t.status.clear(); },  // then the NaN of cell 5 is ok
      [](Table& t) { t.values[0] = -1; },
      [](Table& t) { t.n[0] = -1; },
      [](Table& t) { t.n.push_back(1); },
      [](Table& t) { t.planes["sigma"].clear(); },
      [](Table& t) { t.planes["n"] = t.planes["sigma"]; },
      [](Table& t) { t.planes["nominal"][1] = 0; },
      [](Table& t) { t.axes[1].name = "corner"; },
      [](Table& t) { t.axes[0].labels[1] = "tt"; },
      [](Table& t) { t.response.pop_back(); },
      [](Table& t) { t.bend = {1}; },
      [](Table& t) { t.parameters = {}; },
      [](Table& t) { t.parameters.name = "vdd"; },
      [](Table& t) { t.interpolation_error->axis = "temp"; },
      [](Table& t) { t.interpolation_error->axis = ""; },  // held out, but no points
  };
  for (std::size_t i = 0; i < std::size(mistakes); ++i) {
    Table t = delay_table();
    mistakes[i](t);
    EXPECT_THROW(t.check(), std::invalid_argument) << "mistake " << i;
  }
}

}  // namespace
}  // namespace mavis::tables
