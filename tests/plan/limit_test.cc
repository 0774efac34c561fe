#include "plan/limit.h"

#include <gtest/gtest.h>

#include "expect_error.h"
#include "util/home.h"

namespace mavis::plan {
namespace {

const At kPlace = {{"hold_voltage", "0.6"}, {"timing", "cl"}};

Subject cell() {
  return read_subject(home() / "netlists/bitcells/sram_8t.cir");
}

TEST(Limit, NamesANumberAndWhenItFails) {
  const Limit limit = parse_limit("product_line/discharge_time_10 > 400 ps", kPlace, cell());
  EXPECT_EQ(limit.bench->name(), "product_line");
  EXPECT_EQ(limit.text(),
            "product_line/discharge_time_10 > 400 ps, hold_voltage 600 mV, stored_bit 1, timing cl");
  // On a log scale margins are logarithms.
  EXPECT_NEAR(limit.margin(200e-12), std::log(2.0), 1e-12);
  EXPECT_LT(limit.margin(500e-12), 0);
}

TEST(Limit, TakesMagnitudesAndInnerCells) {
  const Subject comparator = read_subject(home() / "netlists/comparators/strongarm.cir");
  for (const char* text : {"|comparator/offset| > 60mV", "abs(comparator/offset) > 60 mV"}) {
    const Limit limit = parse_limit(text, {{"common_mode", "0.5"}}, comparator);
    EXPECT_EQ(limit.cell, 2u);
    EXPECT_EQ(limit.text(), "|comparator/offset| > 60 mV, common_mode 0.5");
    EXPECT_NEAR(limit.margin(-50e-3), 10e-3, 1e-15);
    EXPECT_NEAR(limit.margin(70e-3), -10e-3, 1e-15);
    EXPECT_NEAR(limit.smooth_margin(-50e-3).value(), 110e-3, 1e-15);
  }
  const auto smooth = [&](const char* text, const At& at) {
    return parse_limit(text, at, comparator).smooth_margin(1e-9).has_value();
  };
  EXPECT_FALSE(smooth("comparator/offset > 60 mV", {{"common_mode", "0.5"}}));
  // On a log scale the number is its magnitude: no kink to step around.
  EXPECT_FALSE(smooth("|comparator/delay| > 1 ns", {{"common_mode", "0.5"}, {"overdrive", "50 mV"}}));
}

TEST(Limit, BelowIsALimitToo) {
  const Limit limit = parse_limit("noise_margin/hold < 50 mV", {}, cell());
  EXPECT_FALSE(limit.above);
  EXPECT_DOUBLE_EQ(limit.margin(80e-3), 30e-3);
}

TEST(Limit, SaysWhatThereIsToChooseFrom) {
  const auto refuses = [](const char* text, const At& at, std::initializer_list<const char*> parts) {
    expect_input_error([&] { parse_limit(text, at, cell()); }, parts);
  };
  refuses("discharge time", {}, {"discharge time", "write it like"});
  refuses("nothing/here > 1 V", {}, {"nothing/here", "product_line/discharge_time_10", "noise_margin/hold"});
  refuses("product_line/here > 1 V", {}, {"product_line", "'here'", "product_line/level"});
  refuses("product_line/discharge_time_10 > 400 ps", {},
          {"several hold_voltage", "--at hold_voltage=", "600 mV"});
  refuses("product_line/discharge_time_10 > 400 ps", {{"hold_voltage", "0.55"}}, {"0.55", "500 mV, 600 mV"});
  refuses("product_line/discharge_time_10 > 400 mV", kPlace, {"400 mV", "quantity in s"});
  refuses("product_line/discharge_time_10 < 0 s", kPlace, {"never 0 or less"});
  refuses("noise_margin/hold < 50 mV", {{"color", "red"}}, {"color", "no such axis"});
  refuses("comparator/offset > 50 mV", {}, {"comparator"});
}

}  // namespace
}  // namespace mavis::plan
