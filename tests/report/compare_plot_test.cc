#include <gtest/gtest.h>

#include <algorithm>

#include "report/compare.h"
#include "report/sample_columns.h"

namespace mavis::report {
namespace {

int count(const std::string& text, const std::string& part) {
  int n = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++n;
  return n;
}

TEST(ComparePlot, DrawsEachCellTwiceWithItsSpread) {
  const PvtNode pvt{"tt", 1.0, 27};
  const std::vector<ComparedCell> cells = {compared_cell(column_library("one"), pvt),
                                           compared_cell(column_library("other", 0.05), pvt)};
  const std::string svg = compare_plot(cells, pvt);
  EXPECT_TRUE(svg.starts_with("<svg xmlns=") && svg.ends_with("</svg>\n"));
  EXPECT_EQ(count(svg, "<polyline"), 4);
  EXPECT_EQ(count(svg, "<line"), 2 * 3 + 2);  // spread of each level, legend
  for (const char* name : {">one<", ">other<"}) EXPECT_EQ(count(svg, name), 1);
  EXPECT_EQ(count(svg, "nan"), 0);
  // Levels reach from 0 - 3 sigma to 0.2 + 3 sigma: the first stands 3/26 above the lower edge.
  EXPECT_NE(svg.find("points=\"60.0,323.1 "), svg.npos) << svg;
}

// A level without a number, as of failed samples, is left out.
TEST(ComparePlot, LeavesOutWhatHasNoNumber) {
  const PvtNode pvt{"tt", 1.0, 27};
  ComparedCell cell = compared_cell(column_library("one"), pvt);
  cell.levels[1] = cell.sigmas[1] = std::nan("");
  const std::string svg = compare_plot({cell}, pvt);
  EXPECT_EQ(count(svg, "nan"), 0) << svg;
  EXPECT_EQ(count(svg, "<line"), 2 + 1);
}

}  // namespace
}  // namespace mavis::report
