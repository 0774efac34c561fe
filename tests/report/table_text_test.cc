#include "report/table_text.h"

#include <gtest/gtest.h>

#include "expect_error.h"
#include "report/sample_tables.h"

namespace mavis::report {
namespace {

TEST(TableText, LastShortAxisRunsAcross) {
  EXPECT_EQ(table_text(delay_table(), {}),
            "line/delay: delay to 10 %\n"
            "samples 2 to 16, interpolation error 1.2 % along vdd, noise floor 0.3 % rms in 4 readings\n"
            "\n"
            "value with its 95 % interval\n"
            "corner       vdd 0.9 V                      1 V           1.1 V\n"
            "ss      500 ps +-2.1 %           400 ps +-2.1 %  300 ps +-2.1 %\n"
            "tt      300 ps +-2.1 %  200 ps +-4.3 % (failed)        censored\n"
            "\n"
            "sigma between samples with its 95 % interval\n"
            "corner    vdd 0.9 V          1 V        1.1 V\n"
            "ss      4 % +-1.8 %  4 % +-1.8 %  4 % +-1.8 %\n"
            "tt      4 % +-1.8 %  8 % +-3.5 %            -\n");
}

TEST(TableText, FixedAxesAreNamedOnce) {
  EXPECT_EQ(table_text(level_table(), {{"vdd", "1 V"}}),
            "line/level: level\n"
            "samples -, interpolation error -, noise floor -\n"
            "at vdd 1 V\n"
            "\n"
            "value with its 95 % interval\n"
            "hold_voltage 0.5 V  0.6 V\n"
            "             30 mV  40 mV\n");
}

TEST(TableText, FixedBetweenNodesIsInterpolated) {
  EXPECT_NE(table_text(level_table(), {{"vdd", "0.95"}, {"hold_voltage", "0.55"}}).find("25 mV"),
            std::string::npos);
}

TEST(TableText, TableWithoutAxes) {
  const tables::Library library = sample_library();
  EXPECT_NE(table_text(library.find("leakage/total"), {}).find("\nvalue\n 2 nA\n"), std::string::npos);
}

TEST(TableText, LongAxesRunDown) {
  tables::Table t{.name = "line/wave", .unit = "V", .long_name = "waveform"};
  t.axes = {{.name = "time", .unit = "s", .values = {}}};
  for (int i = 0; i < 7; ++i) {
    t.axes[0].values.push_back(i * 1e-12);
    t.values.push_back(0.125 * i);
  }
  const std::string text = table_text(t, {});
  EXPECT_NE(text.find("\ntime   value\n0 s      0 V\n1 ps  125 mV\n"), std::string::npos) << text;
}

TEST(TableText, UnknownAxisIsRefusedWithTheNearest) {
  expect_input_error([] { table_text(delay_table(), {{"vd", "1"}}); }, {"line/delay", "'vd'", "'vdd'"});
  expect_input_error([] { table_text(delay_table(), {{"time", "1"}}); }, {"'time'", "corner, vdd"});
}

}  // namespace
}  // namespace mavis::report
