#include "util/draws.h"

#include <Random123/philox.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <vector>

#include "util/hash.h"

namespace mavis {
namespace {

// Known answers published with the generator: counter and key all zero, all ones, digits of pi.
TEST(Philox, GivesTheKnownAnswers) {
  using Counter = r123::Philox4x32::ctr_type;
  using Key = r123::Philox4x32::key_type;
  r123::Philox4x32 philox;
  EXPECT_EQ(philox(Counter{{0, 0, 0, 0}}, Key{{0, 0}}),
            (Counter{{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}}));
  EXPECT_EQ(philox(Counter{{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}}, Key{{0xffffffff, 0xffffffff}}),
            (Counter{{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}}));
  EXPECT_EQ(philox(Counter{{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}}, Key{{0xa4093822, 0x299f31d0}}),
            (Counter{{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}}));
}

// The same known answers through our addressing: counter = (sample, stream, address), key = seed.
TEST(UniformDraw, PlacesItsAddressInCounterAndKey) {
  const auto expected = [](std::uint32_t word0, std::uint32_t word1) {
    const std::uint64_t wide = (static_cast<std::uint64_t>(word1) << 32) | word0;
    return (static_cast<double>(wide >> 11) + 0.5) / 9007199254740992.0;
  };
  EXPECT_EQ(uniform_draw(0, Stream::local, 0, 0), expected(0x6627e8d5, 0xe169c58d));
  EXPECT_EQ(uniform_draw(0x299f31d0a4093822, static_cast<Stream>(0x85a308d3), 0x243f6a88, 0x0370734413198a2e),
            expected(0xd16cfe09, 0x94fdcceb));
}

TEST(NormalQuantile, AgreesWithReferenceValues) {
  // Wichura's own test values (0.25, 0.001, 1e-20), and quantiles to 16 digits from tables.
  EXPECT_NEAR(normal_quantile(0.25), -0.6744897501960817, 1e-15);
  EXPECT_NEAR(normal_quantile(0.001), -3.090232306167814, 4e-15);
  EXPECT_NEAR(normal_quantile(1e-20), -9.262340089798408, 1e-14);
  EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 2e-15);
  EXPECT_EQ(normal_quantile(0.5), 0.0);
}

TEST(NormalQuantile, InvertsTheDistributionFunction) {
  for (double z = -8; z <= 5; z += 0.125) {
    const double p = 0.5 * std::erfc(-z / std::sqrt(2.0));
    EXPECT_NEAR(normal_quantile(p), z, 1e-15 + 1e-9 * std::fabs(z)) << z;
  }
  double last = -1e9;
  for (int i = 1; i < 4000; ++i) {  // also across the joints of the three branches
    const double z = normal_quantile(i / 4000.0);
    EXPECT_GT(z, last);
    last = z;
  }
}

TEST(NormalQuantile, IsFiniteAtTheEndsOfTheDraws) {
  EXPECT_TRUE(std::isfinite(normal_quantile(0x1p-54)));
  EXPECT_TRUE(std::isfinite(normal_quantile(1 - 0x1p-53)));
}

TEST(NormalDraw, HasTheMomentsOfANormal) {
  const int n = 100000;
  double sum = 0, sum2 = 0, sum3 = 0, sum4 = 0;
  for (std::uint32_t i = 0; i < n; ++i) {
    const double z = normal_draw(7, Stream::local, i, "xcell.mpd:vth");
    sum += z, sum2 += z * z, sum3 += z * z * z, sum4 += z * z * z * z;
  }
  // Five standard errors of each moment: sqrt of 1, 2, 15, 96 over n.
  EXPECT_NEAR(sum / n, 0, 5 * std::sqrt(1.0 / n));
  EXPECT_NEAR(sum2 / n, 1, 5 * std::sqrt(2.0 / n));
  EXPECT_NEAR(sum3 / n, 0, 5 * std::sqrt(15.0 / n));
  EXPECT_NEAR(sum4 / n, 3, 5 * std::sqrt(96.0 / n));
}

double correlation(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum / static_cast<double>(a.size());
}

TEST(NormalDraw, IsIndependentAlongEveryPartOfItsAddress) {
  const std::uint32_t n = 20000;
  std::vector<double> base, later, stream, parameter, seed, high_seed;
  for (std::uint32_t i = 0; i < n; ++i) {
    base.push_back(normal_draw(1, Stream::local, i, "m1:vth"));
    later.push_back(normal_draw(1, Stream::local, i + 1, "m1:vth"));
    stream.push_back(normal_draw(1, Stream::global, i, "m1:vth"));
    parameter.push_back(normal_draw(1, Stream::local, i, "m2:vth"));
    seed.push_back(normal_draw(2, Stream::local, i, "m1:vth"));
    high_seed.push_back(normal_draw(1 + (std::uint64_t{1} << 32), Stream::local, i, "m1:vth"));
  }
  for (const auto* other : {&later, &stream, &parameter, &seed, &high_seed})
    EXPECT_NEAR(correlation(base, *other), 0, 5 / std::sqrt(n));
}

TEST(NormalDraw, IsTheSameWhateverTheOrder) {
  const std::vector<std::string> names = {"xcell.mrl:vth", "xcell.mst:vth", "cwire1:c"};
  std::map<std::pair<std::uint32_t, std::string>, double> forwards;
  for (std::uint32_t i = 0; i < 50; ++i)
    for (const auto& name : names) forwards[{i, name}] = normal_draw(3, Stream::local, i, name);
  for (auto name = names.rbegin(); name != names.rend(); ++name)
    for (std::uint32_t i = 50; i-- > 0;) {
      normal_draw(3, Stream::noise, i, "unrelated");
      EXPECT_EQ(normal_draw(3, Stream::local, i, *name), (forwards[{i, *name}]));
    }
}

TEST(NormalDraw, OfASequenceStartsAtItsNameAndDoesNotRepeat) {
  const std::uint64_t address = hash64("in_m1");
  EXPECT_EQ(normal_draw(5, Stream::noise, 9, address, 0), normal_draw(5, Stream::noise, 9, "in_m1"));
  const std::uint64_t n = 20000;
  double sum2 = 0, lag = 0, last = 0;
  for (std::uint64_t i = 0; i < n; ++i) {
    const double z = normal_draw(5, Stream::noise, 9, address, i);
    sum2 += z * z;
    lag += z * last;
    last = z;
  }
  EXPECT_NEAR(sum2 / static_cast<double>(n), 1, 5 * std::sqrt(2.0 / static_cast<double>(n)));
  EXPECT_NEAR(lag / static_cast<double>(n), 0, 5 / std::sqrt(static_cast<double>(n)));
}

}  // namespace
}  // namespace mavis
