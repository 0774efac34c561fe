#include "tables/axis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "util/error.h"

namespace mavis::tables {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

const Axis kVdd{"vdd", "V", "supply", {0.9, 1.0, 1.1}};
const Axis kCorner{"corner", "", "", {}, {"tt", "ss"}};

TEST(Axis, FindsNodes) {
  EXPECT_EQ(kVdd.index_of(1.0), 1u);
  EXPECT_EQ(kVdd.index_of(0.9 + 1e-12), 0u);
  EXPECT_EQ(kVdd.index_of(0.7 + 0.4), 2u);
  EXPECT_EQ(kVdd.find(0.95), std::nullopt);
  EXPECT_EQ(kVdd.find(std::nan("")), std::nullopt);
  EXPECT_EQ(kCorner.index_of("ss"), 1u);
  EXPECT_EQ(kCorner.find(0), std::nullopt);
  EXPECT_EQ((Axis{"zero", "", "", {0.0}}.index_of(0.0)), 0u);
}

TEST(Axis, RefusalsNameAxisValueAndRange) {
  EXPECT_THAT([] { kVdd.index_of(0.95); },
              ThrowsMessage<InputError>("axis 'vdd' has no node at 950 mV; it has 3 from 900 mV to 1.1 V"));
  EXPECT_THAT([] { kCorner.index_of("fs"); },
              ThrowsMessage<InputError>("axis 'corner' has no 'fs'; it has tt, ss"));
  EXPECT_THAT([] { kVdd.index_of("tt"); }, ThrowsMessage<InputError>(HasSubstr("takes a number")));
  EXPECT_THAT([] { kCorner.index_of(1.0); }, ThrowsMessage<InputError>(HasSubstr("takes one of tt, ss")));
}

TEST(Axis, ChecksItsRules) {
  EXPECT_NO_THROW(kVdd.check());
  EXPECT_NO_THROW(kCorner.check());
  const Axis broken[] = {
      {"", "", "", {1}},         {"a b", "", "", {1}},          {"x"},
      {"x", "", "", {1, 1}},     {"x", "", "", {2, 1}},         {"x", "", "", {1, std::nan("")}},
      {"x", "", "", {1}, {"a"}}, {"x", "", "", {}, {"a", "a"}}, {"x", "", "", {}, {""}},
  };
  for (const Axis& axis : broken) EXPECT_THROW(axis.check(), std::invalid_argument) << axis.name;
}

}  // namespace
}  // namespace mavis::tables
