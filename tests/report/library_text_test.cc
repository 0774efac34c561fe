#include "report/library_text.h"

#include <gtest/gtest.h>

#include "expect_error.h"
#include "report/sample_tables.h"

namespace mavis::report {
namespace {

TEST(LibraryText, SaysWhatIsInIt) {
  EXPECT_EQ(library_text(sample_library()),
            "mf_8x62: 3 tables of leakage, line\n"
            "  mavis_version   0.1.0\n"
            "  campaign        samples = 16\n"
            "                  seed = 1\n"
            "  files           1 kept in full\n"
            "  failed samples  1\n"
            "\n"
            "table          unit  axes                    samples  worst status  interpolation error\n"
            "leakage/total  A     -                       16       ok            -\n"
            "line/delay     s     corner 2 x vdd 3        2 to 16  failed        1.2 % along vdd\n"
            "line/level     V     vdd 3 x hold_voltage 2  -        ok            -\n");
}

TEST(BenchText, TypicalPointRangeAndTrouble) {
  EXPECT_EQ(
      bench_text(sample_library(), "line", {}),
      "line, with 95 % intervals\n"
      "quantity                  typical        sigma   over all points  cells not ok          typical is\n"
      "delay     200 ps +-4.3 % (failed)  8 % +-3.5 %  300 ps to 500 ps  1 censored, 1 failed  tt, 1 V\n"
      "level                       40 mV            -    10 mV to 60 mV  -                     1 V, "
      "hold_voltage 0.6 V\n");
}

TEST(BenchText, PointCanBeChosen) {
  const std::string text = bench_text(sample_library(), "line", {{"corner", "ss"}, {"hold_voltage", "0.5"}});
  EXPECT_NE(text.find("400 ps +-2.1 %"), std::string::npos) << text;
  EXPECT_NE(text.find("30 mV"), std::string::npos) << text;
  expect_input_error(
      [] {
        bench_text(sample_library(), "line", {{"holdvoltage", "0.5"}});
      },
      {"line", "'holdvoltage'", "'hold_voltage'"});
}

TEST(BenchNames, SortedAndUnique) {
  EXPECT_EQ(bench_names(sample_library()), (std::vector<std::string>{"leakage", "line"}));
}

TEST(LibraryText, SaysWhereAnInterpolationErrorComesFrom) {
  tables::Table t = delay_table();
  EXPECT_EQ(interpolation_error_text(t), "1.2 % along vdd");
  t.interpolation_error = tables::InterpolationError{0.0031, "", 59};
  EXPECT_EQ(interpolation_error_text(t), "0.31 % at 59 held-out points");
  t.interpolation_error.reset();
  EXPECT_EQ(interpolation_error_text(t), "-");
}

}  // namespace
}  // namespace mavis::report
