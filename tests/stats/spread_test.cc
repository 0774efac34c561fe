#include "stats/spread.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>

#include "stats/accuracy.h"
#include "stats/screening.h"
#include "stats/sobol.h"
#include "stats/synthetic.h"
#include "util/draws.h"

namespace mavis::stats {
namespace {

std::vector<std::size_t> first(std::size_t n) {
  std::vector<std::size_t> list(n);
  for (std::size_t i = 0; i < n; ++i) list[i] = i;
  return list;
}

Known known_of(const Surrogate& s, Method method) {
  return {method, s.mean(), s.variance(), {}};
}

// A function beside a surrogate of its smooth part: R2 is smooth_variance / sigma^2.
struct Case {
  Synthetic f;
  Surrogate surrogate;

  static Surrogate smooth(Synthetic f) {
    f.rough = 0;
    std::vector<ShiftedRun> runs;
    std::vector<Shift> shifts = screening_step_1(f.slope.size());
    for (std::size_t i = 0; i < f.active; ++i) {
      shifts.push_back({{i, -1.0}});
      for (std::size_t j = 0; j < i; ++j) shifts.push_back({{j, 1.0}, {i, 1.0}});
    }
    for (const Shift& shift : shifts) runs.push_back(f.run(shift));
    return {f.slope.size(), runs, Surrogate::Form::curved};
  }
  Case(std::size_t d, std::size_t active, double r2) : f(d, active, 0.1, 0.1, 0), surrogate(smooth(f)) {
    f.rough = std::sqrt(f.smooth_variance() * (1 / r2 - 1));
  }

  std::vector<Sampled> points(std::uint64_t seed, std::uint32_t n) const {
    std::vector<Sampled> points;
    const std::vector<std::size_t> active = first(f.active);
    for (std::uint32_t r = 0; r < kReplicates; ++r)
      for (std::uint32_t i = 0; i < n; ++i) {
        const std::vector<double> z = sample_draws(seed, r, i, f.slope.size(), active);
        points.push_back({r, f(z), surrogate.value(z)});
      }
    return points;
  }
};

bool holds(const Interval& interval, double truth) {
  return interval.low <= truth && truth <= interval.high;
}

struct Coverage {
  double mean = 0, sigma = 0;  // %
};
Coverage coverage(const Case& c, const Known* known, std::uint32_t n) {
  Coverage covered;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const std::vector<Sampled> points = c.points(1000 + seed, n);
    covered.mean += holds(mean_estimate(points, known).interval, 0) ? 0.25 : 0;
    covered.sigma += holds(sigma_estimate(points, known).interval, c.f.sigma()) ? 0.25 : 0;
  }
  return covered;
}

class Intervals : public testing::TestWithParam<std::tuple<std::size_t, std::size_t, double>> {};

TEST_P(Intervals, Hold) {
  const auto& [d, active, r2] = GetParam();
  const Case c(d, active, r2);
  const Known known = known_of(c.surrogate, Method::curved);
  EXPECT_NEAR(c.surrogate.variance() / std::pow(c.f.sigma(), 2), r2, 1e-9);
  const Coverage with = coverage(c, &known, 8);
  EXPECT_GE(with.mean, 92);
  EXPECT_LE(with.mean, 98);
  EXPECT_GE(with.sigma, 92);
  EXPECT_LE(with.sigma, 98);
}

INSTANTIATE_TEST_SUITE_P(Synthetic, Intervals,
                         testing::Values(std::tuple{4, 4, 0.9}, std::tuple{4, 4, 0.97},
                                         std::tuple{4, 2, 0.999}, std::tuple{16, 4, 0.9},
                                         std::tuple{16, 4, 0.99}, std::tuple{16, 8, 0.999},
                                         std::tuple{64, 10, 0.9}, std::tuple{64, 10, 0.99},
                                         std::tuple{64, 20, 0.999}));

TEST(Spread, IntervalsHoldWithoutSurrogate) {
  const Coverage alone = coverage(Case(6, 4, 0.95), nullptr, 8);
  EXPECT_GE(alone.mean, 92);
  EXPECT_LE(alone.mean, 98);
  EXPECT_GE(alone.sigma, 92);
  EXPECT_LE(alone.sigma, 98);
}

// y = exp(z / 2) with a line as surrogate: what it leaves has a heavy tail, and samples without any of the
// tail say too low a sigma with too small an error.
TEST(Spread, SigmaIntervalHoldsWhereTheRestIsSkewed) {
  const Surrogate line(
      1, std::vector<ShiftedRun>{{{}, 1}, {{{0, 1.0}}, std::exp(0.5)}, {{{0, -1.0}}, std::exp(-0.5)}},
      Surrogate::Form::linear);
  const Known known = known_of(line, Method::linear);
  const double truth = std::sqrt(std::exp(0.25) * (std::exp(0.25) - 1));
  int held = 0, symmetric = 0;
  constexpr int kRepeats = 400;
  for (std::uint32_t repeat = 0; repeat < kRepeats; ++repeat) {
    std::vector<Sampled> points;
    for (std::uint32_t i = 0; i < 128; ++i) {
      const double z = normal_draw(7, Stream::local, repeat, std::uint64_t{1}, i);
      points.push_back({i % kReplicates, std::exp(z / 2), line.value(std::vector<double>{z})});
    }
    const Estimate e = sigma_estimate(points, &known);
    held += e.interval.low <= truth && truth <= e.interval.high;
    const double half = t_quantile(0.025, kReplicates - 1) * e.standard_error / e.value;
    symmetric += std::fabs(std::log(truth / e.value)) <= half;
  }
  EXPECT_GE(held, 0.91 * kRepeats);
  EXPECT_LE(held, 0.98 * kRepeats);
  EXPECT_LE(symmetric, held - 0.02 * kRepeats);
}

TEST(Spread, SurrogateGainsWhatItExplains) {
  // sqrt(1 - R2) of a sample's error is left; what scrambled points gain comes on top.
  for (const auto& [r2, factor] : {std::pair{0.9, 2.0}, {0.99, 6.0}, {0.999, 20.0}}) {
    const Case c(16, 8, r2);
    const Known known = known_of(c.surrogate, Method::curved);
    double with = 0, without = 0;
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
      const std::vector<Sampled> points = c.points(seed, 8);
      with += std::pow(sigma_estimate(points, &known).value / c.f.sigma() - 1, 2) / 40;
      without += std::pow(sigma_estimate(points, nullptr).value / c.f.sigma() - 1, 2) / 40;
    }
    EXPECT_GT(std::sqrt(without / with), factor) << r2;
    EXPECT_LT(std::sqrt(with), 2.5 * std::sqrt((1 - r2) / 64)) << r2;
  }
}

// --- a whole estimate: screening, choice of the surrogate by the first look, samples ----------------------

struct Whole {
  Choice choice;
  std::size_t runs = 0;
  Estimate mean, sigma;
  int look = 1;
};

Whole estimate(const Synthetic& f, std::uint64_t seed, const std::vector<Target>& targets) {
  const std::size_t d = f.slope.size();
  std::vector<ShiftedRun> runs;
  for (const Shift& shift : screening_step_1(d)) runs.push_back(f.run(shift));
  const std::vector<std::size_t> active = active_parameters(d, runs);
  for (const Shift& shift : screening_step_2(active)) runs.push_back(f.run(shift));
  const Surrogate linear(d, runs, Surrogate::Form::linear), curved(d, runs, Surrogate::Form::curved);
  Whole whole;
  std::vector<double> y, by_line, by_curve;
  std::vector<Sampled> points;
  std::uint32_t done = 0;
  for (;; ++whole.look) {
    const std::uint32_t n = 8U << (whole.look - 1);  // as plan/looks.h
    for (; done < n; ++done)
      for (std::uint32_t r = 0; r < kReplicates; ++r) {
        const std::vector<double> z = sample_draws(seed, r, done, d, active);
        y.push_back(f(z));
        by_line.push_back(linear.value(z));
        by_curve.push_back(curved.value(z));
        points.push_back({r, y.back(), 0});
      }
    if (whole.look == 1) whole.choice = choose_surrogate(y, by_line, by_curve);
    const bool line = whole.choice.method == Method::linear;
    for (std::size_t k = 0; k < points.size(); ++k) points[k].g = line ? by_line[k] : by_curve[k];
    const Known known = known_of(line ? linear : curved, whole.choice.method);
    const Known* used = whole.choice.method == Method::sobol ? nullptr : &known;
    const double confidence = targets.empty() ? 0.95 : look_confidence(whole.look);
    whole.mean = mean_estimate(points, used, confidence);
    whole.sigma = sigma_estimate(points, used, confidence);
    if (std::all_of(targets.begin(), targets.end(), [&](const Target& target) {
          return reached(target, target.kind == Target::Kind::mean ? whole.mean : whole.sigma, true);
        }))
      break;
  }
  whole.runs = runs.size() + points.size();
  return whole;
}

TEST(Spread, SigmaIsExactWithinTheBudget) {
  for (const auto& [d, active] : {std::pair<std::size_t, std::size_t>{16, 4}, {64, 10}}) {
    const Synthetic f(d, active, 0.08, 0.08, 0.005);
    double squares = 0;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      const Whole whole = estimate(f, seed, {});
      EXPECT_LE(whole.runs, 170U);
      squares += std::pow(whole.sigma.value / f.sigma() - 1, 2) / 20;
    }
    EXPECT_LE(std::sqrt(squares), 0.01) << d;
  }
}

TEST(Spread, ChoosingBySamplesKeepsCoverage) {
  // Curves and roughness weigh alike: chance decides between both surrogates.
  const Synthetic f(8, 4, 0.1, 0.1, 0.23);
  std::map<Method, int> chosen;
  double mean = 0, sigma = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const Whole whole = estimate(f, seed, {});
    ++chosen[whole.choice.method];
    mean += holds(whole.mean.interval, 0) ? 0.25 : 0;
    sigma += holds(whole.sigma.interval, f.sigma()) ? 0.25 : 0;
  }
  EXPECT_GT(chosen[Method::linear], 20);
  EXPECT_GT(chosen[Method::curved], 20);
  EXPECT_GE(mean, 92);
  EXPECT_LE(mean, 98);
  EXPECT_GE(sigma, 92);
  EXPECT_LE(sigma, 98);
}

TEST(Spread, StoppingAtALookKeepsCoverage) {
  const Synthetic f(8, 4, 0.1, 0.1, 0.1);
  const std::vector<Target> targets = parse_accuracy("sigma=2%");
  std::map<int, int> looks;
  double sigma = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const Whole whole = estimate(f, seed, targets);
    ++looks[whole.look];
    sigma += holds(whole.sigma.interval, f.sigma()) ? 0.25 : 0;
  }
  EXPECT_GE(looks.size(), 2U);
  EXPECT_GE(sigma, 93);
}

TEST(Spread, RefusesASurrogateThatDoesNotHelp) {
  // Nothing but roughness: screening sees slopes that mean nothing.
  Synthetic f(8, 4, 0, 0, 1);
  for (double& slope : f.slope) slope *= 0.1;
  double sigma = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const Whole whole = estimate(f, seed, {});
    EXPECT_EQ(whole.choice.method, Method::sobol);
    EXPECT_LT(whole.choice.r2_linear, kLeastR2);
    EXPECT_LT(whole.choice.r2_curved, kLeastR2);
    EXPECT_EQ(whole.sigma.method, Method::sobol);
    sigma += holds(whole.sigma.interval, f.sigma()) ? 1 : 0;
  }
  EXPECT_GE(sigma, 90);
}

// --- quantiles --------------------------------------------------------------------------------------------

TEST(Spread, QuantilesAreBoundedBySamplesAndSurrogate) {
  const Case c(16, 4, 0.99);
  Known known = known_of(c.surrogate, Method::curved);
  known.sorted = c.surrogate.sorted_sample();
  std::vector<double> all;
  for (const Sampled& p : c.points(999, 1U << 14)) all.push_back(p.y);
  std::sort(all.begin(), all.end());
  for (const double p : {0.9, 0.2}) {
    const double truth = sorted_quantile(all, p);
    double covered = 0, with = 0, without = 0;
    for (std::uint64_t seed = 0; seed < 400; ++seed) {
      const std::vector<Sampled> points = c.points(seed, 32);
      const Estimate q = quantile_estimate(points, &known, p), order = quantile_estimate(points, nullptr, p);
      EXPECT_LT(q.interval.low, q.value);
      EXPECT_GT(q.interval.high, q.value);
      covered += holds(q.interval, truth) ? 0.25 : 0;
      with += q.standard_error;
      without += order.standard_error;
    }
    EXPECT_GE(covered, 92) << p;
    EXPECT_LE(covered, 98) << p;
    EXPECT_LT(with, 0.6 * without) << p;
  }
}

TEST(Spread, NoTailIsClaimedThatTheSamplesDoNotCarry) {
  // The surrogate is the function itself, yet 256 samples say nothing above their 0.986 quantile.
  Case c(4, 4, 1);
  Known known = known_of(c.surrogate, Method::curved);
  known.sorted = c.surrogate.sorted_sample();
  const std::vector<Sampled> points = c.points(3, 32);
  const Estimate inside = quantile_estimate(points, &known, 0.98);
  EXPECT_TRUE(std::isfinite(inside.interval.high));
  const Estimate tail = quantile_estimate(points, &known, 0.999);
  EXPECT_EQ(tail.interval.high, std::numeric_limits<double>::infinity());
  EXPECT_EQ(tail.standard_error, std::numeric_limits<double>::infinity());
  EXPECT_NEAR(tail.value, sorted_quantile(known.sorted, 0.999), 0.02 * c.f.sigma());
  EXPECT_EQ(quantile_estimate(points, &known, 0.001).interval.low, -std::numeric_limits<double>::infinity());
}

// --- degenerate samples -----------------------------------------------------------------------------------

std::vector<Sampled> made(const std::function<std::pair<double, double>(double)>& of) {
  std::vector<Sampled> points;
  for (std::uint32_t r = 0; r < kReplicates; ++r)
    for (std::uint32_t i = 0; i < 8; ++i) {
      const auto [y, g] = of(sobol_normal(1, r, i, 0));
      points.push_back({r, y, g});
    }
  return points;
}

TEST(Spread, PerfectSurrogateGivesItsOwnMoments) {
  const std::vector<Sampled> points = made([](double z) { return std::pair{5 + 2 * z, 3 + 4 * z}; });
  Known known{Method::linear, 3, 16, {}};
  for (std::uint32_t i = 0; i < 1024; ++i) known.sorted.push_back(3 + 4 * normal_quantile((i + 0.5) / 1024));
  const Estimate mean = mean_estimate(points, &known), sigma = sigma_estimate(points, &known);
  EXPECT_NEAR(mean.value, 5, 1e-12);
  EXPECT_NEAR(mean.standard_error, 0, 1e-12);
  EXPECT_NEAR(sigma.value, 2, 1e-7);
  EXPECT_LT(sigma.standard_error, 1e-7);
  EXPECT_NEAR(quantile_estimate(points, &known, 0.5).value, 5, 0.01);
}

TEST(Spread, NoSpreadIsZeroAndExact) {
  const std::vector<Sampled> points = made([](double z) { return std::pair{5.0, z}; });
  const Known known{Method::linear, 0, 1, {-1, 0, 1}};
  for (const Known* k : {static_cast<const Known*>(nullptr), &known}) {
    EXPECT_EQ(mean_estimate(points, k).value, 5);
    EXPECT_EQ(mean_estimate(points, k).standard_error, 0);
    const Estimate sigma = sigma_estimate(points, k);
    EXPECT_EQ(sigma.value, 0);
    EXPECT_EQ(sigma.standard_error, 0);
    EXPECT_EQ(sigma.interval.high, 0);
    EXPECT_EQ(quantile_estimate(points, k, 0.5).value, 5);
  }
  const std::vector<double> y(4, 5.0), g = {1, 2, 3, 4};
  EXPECT_EQ(choose_surrogate(y, g, g).method, Method::sobol);
}

TEST(Spread, SpreadInOneReplicateOnlyHasNoLowerBound) {
  std::vector<Sampled> points = made([](double) { return std::pair{1.0, 0.0}; });
  points[3].y = 2;
  const Estimate sigma = sigma_estimate(points, nullptr);
  EXPECT_GT(sigma.value, 0);
  EXPECT_EQ(sigma.interval.low, 0);
  EXPECT_GT(sigma.interval.high, sigma.value);
}

TEST(Spread, ConstantSurrogateChangesNothing) {
  const std::vector<Sampled> points = made([](double z) { return std::pair{z, 7.0}; });
  const Known known{Method::linear, 7, 0, {7}};
  EXPECT_EQ(mean_estimate(points, &known).value, mean_estimate(points, nullptr).value);
  EXPECT_NEAR(sigma_estimate(points, &known).value, sigma_estimate(points, nullptr).value, 0.001);
  EXPECT_EQ(quantile_estimate(points, &known, 0.4).value, quantile_estimate(points, nullptr, 0.4).value);
}

TEST(Spread, UnequalReplicatesAreTaken) {
  // As failed samples leave them.
  const Case c(4, 4, 0.99);
  const Known known = known_of(c.surrogate, Method::curved);
  std::vector<Sampled> points = c.points(1, 8);
  points.erase(points.begin() + 5);
  points.erase(points.begin() + 20, points.begin() + 23);
  EXPECT_TRUE(std::isfinite(sigma_estimate(points, &known).standard_error));
  EXPECT_EQ(sigma_estimate(points, &known).n, 60U);
}

TEST(Spread, RefusesWhatIsNoSample) {
  std::vector<Sampled> points = made([](double z) { return std::pair{z, z}; });
  const Known known{Method::linear, 0, 1, {0}};
  EXPECT_THROW(mean_estimate({}, nullptr), std::invalid_argument);
  EXPECT_THROW(mean_estimate(std::span(points).first(8), nullptr), std::invalid_argument);
  EXPECT_THROW(sigma_estimate(points, nullptr, 1), std::invalid_argument);
  EXPECT_THROW(quantile_estimate(points, nullptr, 1), std::invalid_argument);
  points[7].y = NAN;
  EXPECT_THROW(mean_estimate(points, nullptr), std::invalid_argument);
  EXPECT_THROW(sigma_estimate(points, &known), std::invalid_argument);
  EXPECT_THROW(quantile_estimate(points, &known, 0.5), std::invalid_argument);
  points[7].y = 0;
  points[7].g = std::numeric_limits<double>::infinity();
  EXPECT_THROW(mean_estimate(points, &known), std::invalid_argument);
  EXPECT_THROW(choose_surrogate({}, {}, {}), std::invalid_argument);
}

TEST(Spread, MethodsHaveNames) {
  EXPECT_EQ(method_name(Method::plain), "plain");
  EXPECT_EQ(method_name(Method::sobol), "sobol");
  EXPECT_EQ(method_name(Method::linear), "sobol+linear");
  EXPECT_EQ(method_name(Method::curved), "sobol+curved");
}

}  // namespace
}  // namespace mavis::stats
