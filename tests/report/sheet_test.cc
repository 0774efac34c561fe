#include "report/sheet.h"

#include <gtest/gtest.h>

#include <limits>

namespace mavis::report {
namespace {

const Sheet kSheet = {
    .title = "two rows",
    .columns = {{"name"}, {"time", "s"}, {"share", "%"}, {"chance"}, {"efficiency", "TOPS/W"}},
    .rows = {{std::string("a, b"), 1.5e-9, 12.345, 0.25, 4.2867},
             {std::string("c"), std::numeric_limits<double>::quiet_NaN(), 0.0, 1e-200, 105.0}},
    .notes = {"as measured"}};

TEST(SheetText, IsAGridWithUnitsAndNotes) {
  EXPECT_EQ(sheet_text(kSheet),
            "two rows\n"
            "name    time   share   chance  efficiency\n"
            "a, b  1.5 ns  12.3 %     0.25        4.29\n"
            "c          -     0 %  < 1e-30         105\n"
            "  as measured\n");
}

TEST(SheetCsv, KeepsEveryDigit) {
  EXPECT_EQ(sheet_csv(kSheet),
            "name,time (s),share (%),chance,efficiency (TOPS/W)\r\n"
            "\"a, b\",1.5e-09,12.345,0.25,4.2867\r\n"
            "c,,0,1e-200,105\r\n");
}

TEST(Sheet, MayHaveNoRows) {
  const Sheet empty = {.title = "none", .columns = {{"a"}, {"b", "V"}}, .rows = {}};
  EXPECT_EQ(sheet_text(empty), "none\na  b\n");
  EXPECT_EQ(sheet_csv(empty), "a,b (V)\r\n");
}

}  // namespace
}  // namespace mavis::report
