#include "stats/failure_probability.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "answer_limit.h"

namespace mavis::stats {
namespace {

using Method = FailureOptions::Method;
using Verdict = FailureResult::Verdict;
using testing::HasSubstr;

FailureResult estimate(std::size_t dimensions, const FailureOptions& options, const Limit& limit) {
  FailureProbability estimator(dimensions, options);
  while (!estimator.ask().empty()) estimator.tell(answers(estimator.ask(), limit));
  return estimator.result();
}

// A half-space at beta in which all dimensions take part.
Limit plane(double beta, std::size_t dimensions) {
  return margin([beta, dimensions](const Point& z) {
    double sum = 0;
    for (double x : z) sum += x;
    return 0.3 * (beta - sum / std::sqrt(static_cast<double>(dimensions)));
  });
}

void expect_near_truth(const FailureResult& r, double truth) {
  EXPECT_EQ(r.verdict, Verdict::ok);
  EXPECT_LT(std::fabs(r.p - truth), 3.5 * r.stderr_of_p);
  EXPECT_LE(r.stderr_of_p, 0.1 * r.p);
  EXPECT_LT(r.interval.low, r.p);
  EXPECT_GT(r.interval.high, r.p);
}

TEST(FailureProbability, OneRegion) {
  for (std::size_t d : {4u, 64u}) {
    const FailureResult r = estimate(d, {}, plane(4.753424, d));
    expect_near_truth(r, 1e-6);
    EXPECT_LE(r.runs.total(), 900u);
    ASSERT_EQ(r.points.size(), 1u);
    EXPECT_NEAR(r.points[0].beta, 4.753424, 0.01);
    EXPECT_NEAR(r.points[0].share, 1, 1e-12);
    EXPECT_EQ(r.check.method, FailureResult::Check::Method::lines);
    EXPECT_NEAR(r.check.p, 1e-6, 1e-8);
  }
  const FailureResult r = estimate(16, {}, plane(5.997807, 16));
  expect_near_truth(r, 1e-9);
  EXPECT_LE(r.runs.total(), 4000u);
}

TEST(FailureProbability, SeveralRegions) {
  for (std::uint64_t seed : {1u, 2u, 3u}) {
    const FailureResult two = estimate(8, {.seed = seed}, margin([](const Point& z) {
                                         return 4.891638 - std::fabs(z[1] + z[2]) / std::numbers::sqrt2;
                                       }));
    expect_near_truth(two, 1e-6);
    EXPECT_EQ(two.points.size(), 2u);
    const FailureResult three = estimate(8, {.seed = seed}, margin([](const Point& z) {
                                           return std::min({4.75 - z[0], 5.0 + z[1], 2 * (4.9 - z[2])});
                                         }));
    expect_near_truth(three, normal_tail(4.75) + normal_tail(5.0) + normal_tail(4.9));
    EXPECT_EQ(three.points.size(), 3u);
    EXPECT_LE(three.runs.total(), 2500u);
  }
}

// A limit on |x| has no gradient in the middle; x has.
TEST(FailureProbability, BothSidesOfAMagnitude) {
  const Limit magnitude = [](const Point& z) {
    const double x = std::accumulate(z.begin(), z.end(), 0.0) / std::sqrt(static_cast<double>(z.size()));
    return Answer{5 - std::fabs(x), Answer::Status::measured, 5 - x};
  };
  for (const Method method : {Method::importance, Method::lines}) {
    const FailureResult r = estimate(40, {.method = method}, magnitude);
    expect_near_truth(r, 2 * normal_tail(5));
    ASSERT_EQ(r.points.size(), 2u);
    EXPECT_NEAR(r.points[0].beta, 5, 0.05);
    EXPECT_LE(r.runs.total(), method == Method::lines ? 250u : 950u);
  }
}

TEST(FailureProbability, AContinuumOfFailurePoints) {
  const FailureResult r =
      estimate(6, {}, margin([](const Point& z) { return 5.256522 - std::hypot(z[0], z[3]); }));
  expect_near_truth(r, 1e-6);
}

// More failure points than can be followed: never stated without a warning.
TEST(FailureProbability, SaysWhenThereAreTooManyFailurePoints) {
  const FailureResult r = estimate(5, {}, margin([](const Point& z) { return 5.6 - norm(z); }));
  EXPECT_NE(r.verdict, Verdict::ok);
  ASSERT_FALSE(r.notes.empty());
}

TEST(FailureProbability, NoiseAndSaturation) {
  const FailureResult r = estimate(8, {}, [](const Point& z) {
    const double noise = 1e-3 * std::sin(1e6 * z[1] + 1e5 * z[2]);
    const double margin = 0.3 * (4.753424 - z[0]) + noise;
    return Answer{margin, margin > 0 ? Answer::Status::measured : Answer::Status::sign_only};
  });
  expect_near_truth(r, 1e-6);
}

TEST(FailureProbability, UnusableRunsWidenTheInterval) {
  const auto limit = [](double share) {
    return [share](const Point& z) {
      const double fraction = std::fabs(1e3 * z[1]) - std::floor(std::fabs(1e3 * z[1]));
      return Answer{4.753424 - z[0],
                    z[1] != 0 && fraction < share ? Answer::Status::unusable : Answer::Status::measured};
    };
  };
  const FailureResult all = estimate(4, {}, limit(0)), few = estimate(4, {}, limit(0.02));
  EXPECT_EQ(all.unusable, 0u);
  EXPECT_GT(few.unusable, 0u);
  EXPECT_THAT(few.notes.back(), HasSubstr("could not be simulated"));
  EXPECT_GT(few.interval.high / few.p, 1.2 * all.interval.high / all.p);
  EXPECT_EQ(few.verdict, Verdict::not_reached);  // a nominal draw may have been among them
}

TEST(FailureProbability, LinesThatCannotBeSimulatedCount) {
  // Where z1 > 1.2, one line in nine, nothing can be simulated.
  const FailureResult r = estimate(3, {.method = Method::lines, .most_runs = 2000}, [](const Point& z) {
    return Answer{4.75 - z[0] + 0.01 * z[1],
                  z[1] > 1.2 ? Answer::Status::unusable : Answer::Status::measured};
  });
  EXPECT_EQ(r.verdict, Verdict::not_reached);
  EXPECT_GT(r.unusable, 0u);
  EXPECT_GT(r.interval.high, 1e-3);
}

TEST(FailureProbability, LinesAgreeWithSampling) {
  const Limit limit = margin([](const Point& z) {
    return std::log(4.6 / (std::exp(0.25 * (z[0] + z[5]) / std::numbers::sqrt2) + std::exp(0.2 * z[9])));
  });
  const FailureResult sampled = estimate(16, {}, limit);
  const FailureResult lines = estimate(16, {.method = Method::lines}, limit);
  EXPECT_EQ(sampled.verdict, Verdict::ok);
  EXPECT_EQ(lines.verdict, Verdict::ok);
  EXPECT_LE(sampled.runs.total(), 1500u);
  EXPECT_LE(lines.runs.total(), 250u);
  EXPECT_LT(std::fabs(sampled.p - lines.p), 3 * std::hypot(sampled.stderr_of_p, lines.stderr_of_p));
}

// The cross-check sees another circuit than the sampling did.
TEST(FailureProbability, SaysInconsistent) {
  FailureProbability estimator(3, {});
  while (!estimator.ask().empty()) {
    const double beta = estimator.result().runs.check > 0 ? 7 : 4.75;
    estimator.tell(answers(estimator.ask(), margin([beta](const Point& z) { return beta - z[0]; })));
  }
  EXPECT_EQ(estimator.result().verdict, Verdict::inconsistent);
  EXPECT_THAT(estimator.result().notes.back(), HasSubstr("nconsistent"));
}

TEST(FailureProbability, CommonFailures) {
  for (double p : {0.07, 0.3, 0.9}) {
    const double beta = -normal_quantile(p);
    const FailureResult r = estimate(4, {.relative_stderr = 0.04}, plane(beta, 4));
    EXPECT_EQ(r.verdict, Verdict::ok);
    EXPECT_NEAR(r.p, p, 3.5 * r.stderr_of_p);
  }
  const FailureResult always = estimate(4, {}, margin([](const Point&) { return -1.0; }));
  EXPECT_EQ(always.verdict, Verdict::ok);
  EXPECT_EQ(always.p, 1);
  EXPECT_LT(always.interval.low, 1);
}

TEST(FailureProbability, ALimitNeverMetIsBounded) {
  for (const Limit& limit :
       {margin([](const Point& z) { return 20 - z[0]; }), margin([](const Point&) { return 1.0; })}) {
    const FailureResult r = estimate(6, {}, limit);
    EXPECT_EQ(r.verdict, Verdict::bounded);
    EXPECT_EQ(r.p, 0);
    EXPECT_GT(r.interval.high, 0);
    EXPECT_LT(r.interval.high, 3e-10);
    EXPECT_THAT(r.notes[0], HasSubstr("no failure region found within 8 sigma"));
  }
}

TEST(FailureProbability, KnowsNothingBeforeItHasSeenAFailure) {
  const FailureResult r = estimate(4, {.most_runs = 220}, plane(4.75, 4));
  EXPECT_EQ(r.verdict, Verdict::not_reached);
  EXPECT_EQ(r.interval.low, 0);
  EXPECT_EQ(r.interval.high, 1);
}

TEST(FailureProbability, WithoutDimensionsTheNominalRunDecides) {
  EXPECT_EQ(estimate(0, {}, margin([](const Point&) { return 1.0; })).p, 0);
  const FailureResult fails = estimate(0, {}, margin([](const Point&) { return -1.0; }));
  EXPECT_EQ(fails.p, 1);
  EXPECT_EQ(fails.runs.total(), 1u);
  EXPECT_EQ(fails.verdict, Verdict::ok);
}

TEST(FailureProbability, PlainMonteCarlo) {
  const FailureResult r = estimate(3, {.method = Method::plain}, plane(1.644854, 3));
  expect_near_truth(r, 0.05);
  EXPECT_EQ(r.runs.total(), r.runs.sampling);
  const FailureResult none = estimate(3, {.method = Method::plain, .most_runs = 1000}, plane(5, 3));
  EXPECT_EQ(none.verdict, Verdict::bounded);
  EXPECT_NEAR(none.interval.high, 3.83e-3, 1e-5);  // Wilson: z^2 / (n + z^2)
}

TEST(FailureProbability, StopsAtTheRunsAllowed) {
  for (std::size_t most : {5u, 100u, 400u}) {
    const FailureResult r = estimate(8, {.most_runs = most}, plane(4.75, 8));
    EXPECT_EQ(r.verdict, Verdict::not_reached);
    EXPECT_LE(r.runs.total(), most);
  }
}

TEST(FailureProbability, ResumesFromItsAnswers) {
  const Limit limit = margin([](const Point& z) { return 4.9 - std::fabs(z[0]) - 0.05 * z[1] * z[1]; });
  FailureProbability first(5, {.seed = 7});
  std::vector<std::vector<Answer>> log;
  while (!first.ask().empty()) {
    log.push_back(answers(first.ask(), limit));
    first.tell(log.back());
  }
  FailureProbability resumed(5, {.seed = 7});
  for (std::size_t i = 0; i < log.size() / 2; ++i) resumed.tell(log[i]);
  FailureProbability moved = std::move(resumed);
  while (!moved.ask().empty()) moved.tell(answers(moved.ask(), limit));
  EXPECT_EQ(moved.result().p, first.result().p);
  EXPECT_EQ(moved.result().runs.total(), first.result().runs.total());
  EXPECT_NE(estimate(5, {.seed = 8}, limit).p, first.result().p);
}

TEST(FailureProbability, RefusesNonsense) {
  EXPECT_THROW(FailureProbability(2, {.relative_stderr = 0}), std::invalid_argument);
  EXPECT_THROW(FailureProbability(2, {.most_runs = 0}), std::invalid_argument);
  FailureProbability estimator(2, {});
  EXPECT_THROW(estimator.tell({}), std::invalid_argument);
  std::vector<Answer> nan(estimator.ask().size(), Answer{std::nan(""), Answer::Status::measured});
  EXPECT_THROW(estimator.tell(nan), std::invalid_argument);
}

}  // namespace
}  // namespace mavis::stats
