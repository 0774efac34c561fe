#include "plan/bit_settings.h"

#include <gtest/gtest.h>

namespace mavis::plan {
namespace {

TEST(BitSettings, KeepRowsOfAnyLength) {
  for (std::size_t count : {1u, 31u, 32u, 33u, 100u}) {
    std::vector<char> bits;
    for (std::size_t i = 0; i < count; ++i) bits.push_back(i % 3 == 0 || i % 32 == 31);
    std::map<std::string, double> settings = {{"rows", 8}};
    set_bits(settings, "stored", bits);
    EXPECT_EQ(bits_of(settings, "stored", count), bits);
    EXPECT_EQ(settings.size(), 1 + (count + 31) / 32);
    EXPECT_EQ(settings.at("rows"), 8);
  }
}

TEST(BitSettings, BitIIsTwoToTheI) {
  std::map<std::string, double> settings;
  set_bits(settings, "input", {1, 0, 1});
  EXPECT_EQ(settings.at("input.0"), 5);
  EXPECT_THROW(bits_of(settings, "other", 1), std::out_of_range);
}

}  // namespace
}  // namespace mavis::plan
