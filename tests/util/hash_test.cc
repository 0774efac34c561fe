#include "util/hash.h"

#include <gtest/gtest.h>

#include <cmath>

namespace mavis {
namespace {

TEST(Hash, IsCanonicalXxh3) {
  // Reference values of the XXH3 specification for empty input, seed 0.
  EXPECT_EQ(hash_hex(""), "99aa06d3014798d86001c324468d497f");
  EXPECT_EQ(hash64(""), 0x2D06800538D394C2u);
  EXPECT_EQ(checksum32(""), 0x02CC5D05u);
}

TEST(Hash, SeesEveryByte) {
  EXPECT_EQ(hash_hex("abc").size(), 32u);
  EXPECT_NE(hash_hex("abc"), hash_hex("abd"));
  EXPECT_NE(hash_hex(std::string("a\0b", 3)), hash_hex(std::string("a\0c", 3)));
}

TEST(Hasher, KeepsFieldsApart) {
  EXPECT_NE(Hasher().add("ab").add("c").hex(), Hasher().add("a").add("bc").hex());
  EXPECT_NE(Hasher().add("ab").hex(), Hasher().add("ab").add("").hex());
  EXPECT_EQ(Hasher().add("ab").add(0.1).hex(), Hasher().add("ab").add(0.1).hex());
}

TEST(Hasher, TakesNumbersByTheirBits) {
  EXPECT_NE(Hasher().add(0.1).hex(), Hasher().add(std::nextafter(0.1, 1.0)).hex());
  EXPECT_NE(Hasher().add(0.0).hex(), Hasher().add(-0.0).hex());
  EXPECT_NE(Hasher().add(std::uint64_t{1}).hex(), Hasher().add(std::uint64_t{256}).hex());
}

}  // namespace
}  // namespace mavis
