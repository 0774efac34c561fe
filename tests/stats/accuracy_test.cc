#include "stats/accuracy.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "expect_error.h"

namespace mavis::stats {
namespace {

TEST(Accuracy, ReadsTargets) {
  const std::vector<Target> targets = parse_accuracy("sigma=1%, mean = 0.5 % ,q0.999=2%");
  ASSERT_EQ(targets.size(), 3U);
  EXPECT_EQ(targets[0], (Target{Target::Kind::sigma, 0, 0.01, "sigma"}));
  EXPECT_EQ(targets[1], (Target{Target::Kind::mean, 0, 0.005, "mean"}));
  EXPECT_EQ(targets[2], (Target{Target::Kind::quantile, 0.999, 0.02, "q0.999"}));
}

TEST(Accuracy, RefusesWhatCannotBeMet) {
  const auto refused = [](const char* text, std::initializer_list<const char*> parts) {
    expect_input_error([&] { parse_accuracy(text); }, parts);
  };
  refused("sigma=0%", {"sigma=0%", "more than 0 %"});
  refused("mean=1%,sigma=-1%", {"sigma=-1%", "more than 0 %"});
  refused("sigma=100%", {"less than 100 %"});
  refused("sigma=1", {"percentage is missing", "sigma=1%"});
  refused("sigma=one%", {"'one' is no number"});
  refused("sigma=nan%", {"is no number"});
  refused("sigma=1%%", {"is no number"});
  refused("sigma", {"'sigma'", "sigma=1%"});
  refused("", {"sigma=1%"});
  refused("sigma=1%,", {"sigma=1%"});
  refused("median=1%", {"'median'", "sigma, mean and quantiles like q0.999"});
  refused("q=1%", {"'q'", "quantiles like q0.999"});
  refused("q99.9=1%", {"between 0 and 1"});
  refused("q0=1%", {"between 0 and 1"});
  refused("q1=1%", {"between 0 and 1"});
  refused("q-0.1=1%", {"between 0 and 1"});
  refused("q0.5=1%,q0.50=2%", {"q0.50=2%", "twice"});
}

TEST(Accuracy, RelativeErrorOnALogarithmicScaleIsThatOfTheValue) {
  // ln t = -23 (0.1 ns) +- 0.02, sigma of ln t = 0.1 +- 0.002.
  const Estimate mean{-23, 0.02, {-23.04, -22.96}, 0.95, 64, Method::sobol};
  const Estimate sigma{0.1, 0.002, {0.096, 0.104}, 0.95, 64, Method::sobol};
  const Target asked_mean = parse_accuracy("mean=2.1%")[0], asked_sigma = parse_accuracy("sigma=1.9%")[0];
  EXPECT_DOUBLE_EQ(relative_error(asked_mean, mean, true), 0.02);
  EXPECT_DOUBLE_EQ(relative_error(asked_mean, mean, false), 0.02 / 23);
  EXPECT_DOUBLE_EQ(relative_error(asked_sigma, sigma, true), 0.02);
  EXPECT_TRUE(reached(asked_mean, mean, true));
  EXPECT_FALSE(reached(asked_sigma, sigma, true));
}

TEST(Accuracy, MeanOfAnOffsetAroundZeroIsNeverRelativelyExact) {
  const Target mean = parse_accuracy("mean=1%")[0];
  EXPECT_FALSE(reached(mean, {0, 1e-9, {-1e-9, 1e-9}, 0.95, 64, Method::sobol}, false));
  EXPECT_TRUE(reached(mean, {0, 0, {0, 0}, 0.95, 64, Method::sobol}, false));
}

TEST(Accuracy, UnboundedQuantilesReachNothing) {
  const Target tail = parse_accuracy("q0.999=99%")[0];
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_FALSE(reached(tail, {1, infinity, {0.5, infinity}, 0.95, 64, Method::sobol}, true));
}

TEST(Accuracy, LooksShareTheRisk) {
  EXPECT_DOUBLE_EQ(look_confidence(1), 0.975);
  EXPECT_DOUBLE_EQ(look_confidence(2), 0.9875);
  double risk = 0;
  for (int look = 1; look <= 40; ++look) risk += 1 - look_confidence(look, 0.9);
  EXPECT_LE(risk, 0.1);
  EXPECT_GT(risk, 0.0999);
  EXPECT_THROW(look_confidence(0), std::invalid_argument);
  EXPECT_THROW(look_confidence(1, 1), std::invalid_argument);
}

}  // namespace
}  // namespace mavis::stats
