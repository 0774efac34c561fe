#include "util/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <vector>

namespace mavis {
namespace {

TEST(ParallelFor, DoesEveryPieceOnce) {
  for (int threads : {1, 2, 7}) {
    std::vector<std::atomic<int>> done(100);
    parallel_for(done.size(), threads, [&](std::size_t i) { ++done[i]; });
    for (const auto& count : done) EXPECT_EQ(count, 1);
  }
  parallel_for(0, 2, [](std::size_t) { FAIL(); });
}

TEST(ParallelFor, ThrowsWhatAPieceThrew) {
  std::atomic<int> done{0};
  const auto work = [&](std::size_t i) {
    if (i == 3) throw std::runtime_error("three");
    ++done;
  };
  for (int threads : {1, 4}) EXPECT_THROW(parallel_for(1000000, threads, work), std::runtime_error);
  EXPECT_LT(done, 1000000);
}

}  // namespace
}  // namespace mavis
