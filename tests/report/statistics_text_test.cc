#include "report/statistics_text.h"

#include <gtest/gtest.h>

namespace mavis::report {
namespace {

using tables::Method;
using tables::Table;

// Two corners of a time: one as asked, one whose surrogate was refused and whose sigma is not known that
// well.
tables::Library library() {
  tables::Library library("my_cell");
  library.provenance.facts = {{"accuracy", "sigma=1%,q0.999=2%"}};
  Table t{.name = "read/time", .unit = "s", .long_name = "time", .scale = tables::Scale::log};
  t.axes = {{.name = "corner", .labels = {"tt", "ss"}}};
  t.values = {200e-12, 300e-12};
  t.n = {64, 4096};
  t.method = {Method::curved, Method::sobol};
  t.planes["stderr"] = {0.0005, 0.001};
  t.planes["low"] = {199e-12, 298e-12};
  t.planes["high"] = {201e-12, 302e-12};
  t.planes["sigma"] = {0.1, 0.2};
  t.planes["sigma_stderr"] = {0.0005, 0.004};
  t.planes["sigma_low"] = {0.099, 0.19};
  t.planes["sigma_high"] = {0.101, 0.21};
  t.planes["skew"] = {0.3, 0.5};
  t.planes["surrogate_r2"] = {0.998, 0.31};
  t.planes["runs"] = {97, 4130};
  t.planes["factor"] = {206, 2.5};
  t.planes["q0_999"] = {270e-12, 500e-12};
  t.planes["q0_999_low"] = {268e-12, 490e-12};
  t.planes["q0_999_high"] = {272e-12, 510e-12};
  t.parameters = {.name = "read_parameter", .labels = {"a:vth"}};
  t.response = {0.1, 0.1};
  library.put(std::move(t));
  return library;
}

TEST(StatisticsText, OneLineAFigureAndItsTroubleBelow) {
  EXPECT_EQ(
      statistics_text(library()),
      "figure     mean                              sigma  skew  samples  runs      R2        method  "
      "saves\n"
      "read/time  200 ps +-0.5 %             10 % +-0.1 %  0.30       64    97  0.9980  sobol_curved  206 x\n"
      "  q0.999   270 ps (268 ps to 272 ps)\n"
      "saves: plain Monte Carlo samples for as small an error of sigma, over the runs spent\n"
      "SURROGATE REFUSED in 1 of 2 cells of read/time (R2 0.31 against 4096 samples at ss; 0.5 is needed): "
      "scrambled points alone\n"
      "NOT REACHED: sigma of read/time in 1 of 2 cells, 2 % at ss with 4096 samples\n");
  EXPECT_TRUE(has_statistics(library()));
}

TEST(StatisticsText, SaysThatPlainSamplesHaveNone) {
  const tables::Library none("x");
  EXPECT_FALSE(has_statistics(none));
  EXPECT_NE(statistics_text(none).find("--accuracy"), std::string::npos);
}

}  // namespace
}  // namespace mavis::report
