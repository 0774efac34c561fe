#include "util/nearest.h"

#include <gtest/gtest.h>

namespace mavis {
namespace {

TEST(Nearest, FindsSlips) {
  const std::vector<std::string> names = {"hold_voltage", "hold_voltages", "rows", "columns"};
  EXPECT_EQ(nearest("row", names), "rows");
  EXPECT_EQ(nearest("colums", names), "columns");
  EXPECT_EQ(nearest("hold_voltgae", names), "hold_voltage");  // a swap is one slip
  EXPECT_EQ(nearest("Hold_Voltages", names), "hold_voltages");
}

TEST(Nearest, StaysSilentWhereNothingIsNear) {
  EXPECT_EQ(nearest("timing", {"rows", "columns"}), "");
  EXPECT_EQ(nearest("a", {}), "");
  EXPECT_EQ(nearest("", {"rows"}), "");
}

}  // namespace
}  // namespace mavis
