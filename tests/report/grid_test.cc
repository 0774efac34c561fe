#include "report/grid.h"

#include <gtest/gtest.h>

namespace mavis::report {
namespace {

TEST(Grid, AlignsColumnsAndTrimsLineEnds) {
  EXPECT_EQ(grid({{"name", "value", "note"}, {"a", "12.5 V", ""}, {"longer", "3 mV", "x"}}, "lrl"),
            "name     value  note\n"
            "a       12.5 V\n"
            "longer    3 mV  x\n");
}

TEST(Grid, LastLetterServesAllFurtherColumns) {
  EXPECT_EQ(grid({{"a", "1", "2"}, {"b", "100", "200"}}, "lr"),
            "a    1    2\n"
            "b  100  200\n");
}

TEST(Grid, RowsMayBeShorter) {
  EXPECT_EQ(grid({{"a", "b"}, {"ccc"}, {}}, "l"), "a    b\nccc\n\n");
}

TEST(Grid, NoRowsNoText) {
  EXPECT_EQ(grid({}, "l"), "");
}

}  // namespace
}  // namespace mavis::report
