#include "macro/normal_pieces.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "macro/kernels.h"
#include "util/draws.h"

namespace mavis::macro {
namespace {

std::vector<std::uint32_t> words() {
  std::vector<std::uint32_t> words = {0, 1, 2, 0x7FFFFFFF, 0x80000000, 0x80000001, 0xFFFFFFFF};
  std::mt19937 random(1);
  for (int shift = 0; shift < 31; ++shift)
    for (int i = 0; i < 200; ++i) words.push_back((random() & 0x7FFFFFFFU) >> shift);
  return words;
}

TEST(NormalPieces, FollowTheNormalQuantile) {
  const std::vector<std::uint32_t> all = words();
  std::vector<float> found(all.size());
  normals_of(all.data(), all.size(), found.data());
  for (std::size_t i = 0; i < all.size(); ++i) {
    const double z = normal_quantile(((all[i] & 0x7FFFFFFFU) + 0.5) * 0x1p-32);
    EXPECT_NEAR(found[i], all[i] >> 31 ? -z : z, 3e-6) << all[i];
    EXPECT_LT(std::fabs(found[i]), kMostNormal);
  }
}

TEST(NormalPieces, BothHalvesMirrorEachOther) {
  const std::vector<std::uint32_t> all = {5, 5 | 0x80000000U};
  std::vector<float> found(2);
  normals_of(all.data(), 2, found.data());
  EXPECT_LT(found[0], -5);
  EXPECT_EQ(found[0], -found[1]);
}

}  // namespace
}  // namespace mavis::macro
