#include "../../characterize/butterfly.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

namespace mavis {
namespace {

using Inverter = std::function<double(double)>;

struct Sampled {
  std::vector<double> in, out;
  explicit Sampled(const Inverter& f, int steps = 100) {
    for (int i = 0; i <= steps; ++i) {
      in.push_back(static_cast<double>(i) / steps);
      out.push_back(f(in.back()));
    }
  }
  TransferCurve curve() const { return {in, out}; }
};

// Output of a stage of this gain that turns at `at`.
Inverter stage(double gain, double at, double low = 0) {
  return [=](double v) { return low + (1 - low) * (1 - std::tanh(2 * gain * (v - at))) / 2; };
}

std::array<double, 2> sides(const Inverter& forward, const Inverter& backward) {
  const Sampled f(forward), b(backward);
  return eye_sides(f.curve(), b.curve());
}

// The largest square with its lower left corner on the backward curve and its upper right one on the forward
// curve, by bisection: the eye where q is low, by definition and not by turned coordinates.
double largest_square(const Inverter& forward, const Inverter& backward) {
  double largest = 0;
  for (int i = 0; i <= 20000; ++i) {
    const double y = i / 20000.0, x = backward(y);
    double low = 0, high = 1 - x;
    for (int k = 0; k < 50; ++k) {
      const double side = (low + high) / 2;
      (forward(x + side) > y + side ? low : high) = side;
    }
    largest = std::max(largest, low);
  }
  return largest;
}

TEST(Butterfly, AgreesWithSquaresThatAreFitted) {
  for (const double gain : {2.0, 4.0, 8.0})
    for (const double shift : {-0.08, 0.0, 0.05}) {
      const Inverter f = stage(gain, 0.5 + shift), b = stage(gain, 0.45, 0.1);
      const auto [low, high] = sides(f, b);
      EXPECT_NEAR(low, largest_square(f, b), 3e-4) << gain << " " << shift;
      EXPECT_NEAR(high, largest_square(b, f), 3e-4) << gain << " " << shift;
    }
}

TEST(Butterfly, AStageThatTurnsLaterWidensOneEyeAndNarrowsTheOther) {
  const auto even = sides(stage(4, 0.5), stage(4, 0.5)), uneven = sides(stage(4, 0.6), stage(4, 0.5));
  EXPECT_NEAR(even[0], even[1], 1e-6);
  EXPECT_GT(uneven[0], even[0] + 0.03);
  EXPECT_LT(uneven[1], even[1] - 0.03);
}

TEST(Butterfly, AClosedEyeIsNegativeWithoutAJump) {
  std::vector<double> narrowed;
  for (int i = 0; i <= 40; ++i) narrowed.push_back(sides(stage(2, 0.5 + 0.02 * i), stage(2, 0.5))[1]);
  EXPECT_GT(narrowed.front(), 0.1);
  EXPECT_LT(narrowed.back(), -0.1);
  for (std::size_t i = 1; i < narrowed.size(); ++i) {
    EXPECT_LT(narrowed[i], narrowed[i - 1]) << i;
    EXPECT_GT(narrowed[i], narrowed[i - 1] - 0.03) << i;
  }
}

TEST(Butterfly, StagesWithoutGainHaveNoOpenEye) {
  const auto [low, high] = sides(stage(0.4, 0.5), stage(0.4, 0.45));
  EXPECT_LE(std::min(low, high), 0);
}

}  // namespace
}  // namespace mavis
