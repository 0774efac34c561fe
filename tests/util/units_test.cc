#include "util/units.h"

#include <gtest/gtest.h>

#include "util/error.h"

namespace mavis {
namespace {

TEST(ParseQuantity, ReadsPrefixesToTheNearestDouble) {
  EXPECT_EQ(parse_quantity("0.9 ns", "s"), 0.9e-9);
  EXPECT_EQ(parse_quantity("0.9n", "s"), 0.9e-9);
  EXPECT_EQ(parse_quantity("0.9e-9", "s"), 0.9e-9);
  EXPECT_EQ(parse_quantity(" 45 nm ", "m"), 45e-9);
  EXPECT_EQ(parse_quantity("1.2 MHz", "Hz"), 1.2e6);
  EXPECT_EQ(parse_quantity("12 m", "m"), 12.0);  // the unit wins over the prefix
  EXPECT_EQ(parse_quantity("12 m", "V"), 12e-3);
}

TEST(ParseQuantity, ReadsQuotientsAndProducts) {
  EXPECT_DOUBLE_EQ(parse_quantity("0.20 fF/um", "F/m"), 0.2e-9);
  EXPECT_DOUBLE_EQ(parse_quantity("3.6 ohm/um", "ohm/m"), 3.6e6);
  EXPECT_DOUBLE_EQ(parse_quantity("2.5 mV.um", "V.m"), 2.5e-9);
  EXPECT_DOUBLE_EQ(parse_quantity("1 %.um", "%.m"), 1e-6);
}

TEST(ParseQuantity, KeepsCelsius) {
  EXPECT_EQ(parse_quantity("-40 C", "C"), -40.0);
  EXPECT_EQ(parse_quantity("120", "C"), 120.0);
}

TEST(ParseQuantity, RefusesOtherUnitsAndRubbish) {
  for (const char* text : {"0.9 V", "ns", "", "0.9 xs", "0.9 ns ns", "nan", "inf", "0,9 ns", "0.9 s/m"})
    EXPECT_THROW(parse_quantity(text, "s"), InputError) << text;
  EXPECT_THROW(parse_quantity("0.2 fF.um", "F/m"), InputError);
  EXPECT_THROW(parse_quantity("3 k", "C"), InputError);
  try {
    parse_quantity("3 V", "s");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(), "'3 V' is not a quantity in s; write it like '1.5 s'");
  }
}

TEST(FormatQuantity, ChoosesThePrefix) {
  EXPECT_EQ(format_quantity(260.3e-12, "s"), "260.3 ps");
  EXPECT_EQ(format_quantity(-12.4e-3, "V"), "-12.4 mV");
  EXPECT_EQ(format_quantity(0, "V"), "0 V");
  EXPECT_EQ(format_quantity(1.0, "V"), "1 V");
  EXPECT_EQ(format_quantity(999.96e-12, "s"), "1 ns");
  EXPECT_EQ(format_quantity(1.25e-30, "F", 3), "1.25e-30 F");
}

TEST(FormatQuantity, PrintsPlainUnitsPlainly) {
  EXPECT_EQ(format_quantity(430e-12, "A", 2), "430 pA");
  EXPECT_EQ(format_quantity(99.7, "%", 2), "100 %");
  EXPECT_EQ(format_quantity(120, "C", 2), "120 C");
  EXPECT_EQ(format_quantity(27, "C"), "27 C");
  EXPECT_EQ(format_quantity(0.0123, "1"), "0.0123");
  EXPECT_EQ(format_quantity(12, "%"), "12 %");
}

TEST(FormatQuantity, ReadsBack) {
  for (double value : {1.332e-3, 21e-9, 6.47e-12, 3.2e-15, 1e9})
    EXPECT_NEAR(parse_quantity(format_quantity(value, "A", 12), "A") / value, 1.0, 1e-11);
}

}  // namespace
}  // namespace mavis
