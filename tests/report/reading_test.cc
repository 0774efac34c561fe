#include "report/reading.h"

#include <gtest/gtest.h>

#include <cmath>

#include "expect_error.h"
#include "report/sample_tables.h"

namespace mavis::report {
namespace {

TEST(Reading, NodeGivesWhatIsStored) {
  const Reading reading = read(delay_table(), {{"corner", "ss"}, {"vdd", 1.0}});
  EXPECT_DOUBLE_EQ(reading.value, 400e-12);
  EXPECT_NEAR(reading.half_width, 2.13145 * 0.01, 1e-6);  // Student's t, 15 degrees of freedom
  EXPECT_DOUBLE_EQ(reading.sigma, 0.04);
  EXPECT_NEAR(reading.sigma_half_width, 0.04 * std::sinh(2.13145 * 0.2), 1e-6);  // on ln sigma
  EXPECT_EQ(reading.n, 16);
  EXPECT_EQ(reading.status, tables::Status::ok);
}

TEST(Reading, BetweenNodesIsInterpolated) {
  const Reading reading = read(delay_table(), {{"corner", "ss"}, {"vdd", 0.95}});
  EXPECT_GT(reading.value, 400e-12);
  EXPECT_LT(reading.value, 500e-12);
  EXPECT_DOUBLE_EQ(reading.sigma, 0.04);
  EXPECT_EQ(reading.n, 2);
}

TEST(Reading, OutsideIsRefused) {
  expect_input_error(
      [] {
        read(delay_table(), {{"corner", "ss"}, {"vdd", 1.5}});
      },
      {"line/delay", "vdd", "1.5"});
  expect_input_error([] { read(delay_table(), {{"corner", "ff"}, {"vdd", 1.0}}); }, {"corner", "ff", "ss"});
  expect_input_error([] { read(delay_table(), {{"corner", "ss"}}); }, {"vdd"});
}

TEST(Reading, TextsCarryUnitIntervalAndStatus) {
  const tables::Table delay = delay_table(), level = level_table();
  const auto at = [&](const char* corner, double vdd) {
    return read(delay, {{"corner", corner}, {"vdd", vdd}});
  };
  EXPECT_EQ(value_text(delay, at("ss", 1.0)), "400 ps +-2.1 %");
  EXPECT_EQ(sigma_text(delay, at("ss", 1.0)), "4 % +-1.8 %");
  EXPECT_EQ(value_text(delay, at("tt", 1.0)), "200 ps +-4.3 % (failed)");
  EXPECT_EQ(value_text(delay, at("tt", 1.1)), "censored");
  EXPECT_EQ(sigma_text(delay, at("tt", 1.1)), "-");
  const Reading plain = read(level, {{"vdd", 1.0}, {"hold_voltage", 0.6}});
  EXPECT_EQ(value_text(level, plain), "40 mV");  // no samples, no interval
  EXPECT_EQ(sigma_text(level, plain), "-");
}

TEST(Reading, CoordinatesReadAsTheyAreTyped) {
  const tables::Axis volts{.name = "vdd", .unit = "V", .values = {0, 0.05, 0.9}};
  EXPECT_EQ(node_text(volts, 0), "0 V");
  EXPECT_EQ(node_text(volts, 1), "50 mV");
  EXPECT_EQ(node_text(volts, 2), "0.9 V");
  EXPECT_EQ(node_text({.name = "temp_c", .unit = "C", .values = {-40}}, 0), "-40 C");
  EXPECT_EQ(node_text({.name = "code", .unit = "1", .values = {3}}, 0), "3");
  EXPECT_EQ(node_text({.name = "corner", .labels = {"ss"}}, 0), "ss");
}

TEST(Reading, CoordinatesAreReadInTheirAxisUnit) {
  const tables::Point point = point_of(delay_table(), {{"corner", "tt"}, {"vdd", "950 mV"}, {"other", "?"}});
  EXPECT_EQ(point.size(), 2U);
  EXPECT_EQ(std::get<std::string>(point.at("corner")), "tt");
  EXPECT_DOUBLE_EQ(std::get<double>(point.at("vdd")), 0.95);
  expect_input_error([] { point_of(delay_table(), {{"vdd", "1 ns"}}); }, {"1 ns", "V"});
}

}  // namespace
}  // namespace mavis::report
