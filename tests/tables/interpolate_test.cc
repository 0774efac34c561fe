#include "tables/interpolate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tables/sample_library.h"
#include "util/draws.h"
#include "util/error.h"

namespace mavis::tables {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

Table curve(std::vector<double> x, std::vector<double> y, Scale scale = Scale::linear) {
  return {"bench/y", "V", "", scale, {{"x", "V", "", std::move(x)}}, std::move(y)};
}

double at(const Table& table, double x, Outside outside = Outside::refuse) {
  const Evaluated result = evaluate(table, {{"x", x}}, outside);
  EXPECT_EQ(result.status, Status::ok);
  return result.value;
}

// Slopes of exact cubics are exact, and the limits leave gentle ones alone.
TEST(Interpolate, CubicsAreExactOnUnevenNodes) {
  for (const double turn : {-1.0, 0.45, 2.2}) {
    const auto cubic = [&](double x) { return 2 + x + 0.6 * (x - turn) * (x - turn) + 0.02 * x * x * x; };
    std::vector<double> x = {0, 0.5, 0.8, 1.6, 2, 2.7}, y;
    for (const double xi : x) y.push_back(cubic(xi));
    const Table t = curve(x, y);
    for (int k = 1; k < 270; ++k) EXPECT_NEAR(at(t, 0.01 * k), cubic(0.01 * k), 1e-13) << turn << " " << k;
  }
}

// Reference: the same definition written in Python from the papers.
TEST(Interpolate, AgreesWithReference) {
  const auto compare = [](const Table& t, const std::vector<double>& x, const std::vector<double>& y) {
    for (std::size_t i = 0; i < x.size(); ++i) EXPECT_NEAR(at(t, x[i]), y[i], 1e-14) << x[i];
  };
  compare(curve({0.0, 1.0, 2.5, 3.0, 5.0}, {1.0, 1.2, 4.0, 3.5, 9.0}), {0.4, 0.9, 1.7, 2.6, 2.9, 3.1, 4.7},
          {0.9456000000000001, 1.0891000000000002, 2.719051851851852, 3.9539999999999997, 3.576, 3.4650625,
           6.782062500000001});
  compare(curve({0.0, 1.0, 2.5, 3.0, 5.0, 6.0, 8.0}, {9.0, 5.5, 3.0, 2.9, 2.5, 3.1, 6.0}),
          {0.4, 1.7, 2.6, 4.5, 5.5, 7.0},
          {7.4741599999999995, 3.8887866666666673, 2.9596609523809523, 2.5512053571428575, 2.6804816017316013,
           4.379220779220779});
}

TEST(Interpolate, NodesAreExactAndMonotoneNodesGiveAMonotoneCurve) {
  for (std::uint32_t trial = 0; trial < 60; ++trial) {
    std::vector<double> x, y;
    for (std::uint64_t i = 0; i < 8; ++i) {
      const double step = 0.01 + uniform_draw(1, Stream::local, trial, i);
      x.push_back(x.empty() ? step : x.back() + step);
      y.push_back(std::exp(4 * uniform_draw(2, Stream::local, trial, i)));
    }
    const bool monotone = trial % 2 == 1;
    if (monotone) std::sort(y.begin(), y.end());
    const Table t = curve(x, y, trial % 3 ? Scale::log : Scale::linear);
    for (std::size_t i = 0; i < 8; ++i) EXPECT_EQ(at(t, x[i]), y[i]);
    const auto [least, most] = std::minmax_element(y.begin(), y.end());
    double last = y[0];
    for (int k = 1; k < 500; ++k) {
      const double xk = x[0] + (x[7] - x[0]) * k / 500.0;
      const auto right = static_cast<std::size_t>(std::upper_bound(x.begin(), x.end(), xk) - x.begin());
      const double yk = at(t, xk), slack = 1e-13 * y[right];
      if (monotone) {
        EXPECT_GE(yk, y[right - 1] - slack);
        EXPECT_LE(yk, y[right] + slack);
        EXPECT_GE(yk, last - slack);
      } else {
        EXPECT_GT(yk, 0);
        const bool log = t.scale == Scale::log;
        const double low = log ? std::log(*least) : *least, high = log ? std::log(*most) : *most;
        EXPECT_NEAR(log ? std::log(yk) : yk, (low + high) / 2, high - low);
      }
      last = yk;
    }
  }
}

// A turn between nodes is followed beyond them; noise is not.
TEST(Interpolate, TurnsLieBetweenNodes) {
  std::vector<double> x, y;
  for (int i = 0; i < 7; ++i) x.push_back(i), y.push_back(1 - (i - 3.4) * (i - 3.4) / 20);
  EXPECT_NEAR(at(curve(x, y), 3.4), 1, 1e-12);
  EXPECT_LT(*std::max_element(y.begin(), y.end()), 0.993);
  const Table zigzag = curve({0, 1, 2, 3, 4, 5}, {0, 1, 0, 1, 0, 1});
  for (int k = 1; k < 50; ++k) {
    EXPECT_GE(at(zigzag, 0.1 * k), 0) << k;
    EXPECT_LE(at(zigzag, 0.1 * k), 1) << k;
  }
}

// A spread can't be negative, however steep the fall beside its least value.
TEST(Interpolate, PositiveNodesGivePositiveValues) {
  for (int k = 1; k < 400; ++k)
    EXPECT_GE(at(curve({0, 1, 2, 3, 4}, {30, 9, 0.01, 0.4, 8}), 0.01 * k), 0.005) << k;
}

TEST(Interpolate, PlaneIsExactOnUnevenGrid) {
  Table t{"bench/y", "V", "", Scale::linear, {{"x", "", "", {0, 1, 4, 5}}, {"y", "", "", {-1, 0, 7}}}};
  for (const double x : t.axes[0].values)
    for (const double y : t.axes[1].values) t.values.push_back(3 + 2 * x - 0.5 * y);
  for (const double x : {0.3, 2.2, 4.9})
    for (const double y : {-0.7, 0.0, 3.3})
      EXPECT_NEAR(evaluate(t, {{"x", x}, {"y", y}}).value, 3 + 2 * x - 0.5 * y, 1e-13);
}

TEST(Interpolate, LogScaleIsExactForExponentials) {
  const Table t = curve({0, 1, 3}, {2, 2 * std::exp(-1.5), 2 * std::exp(-4.5)}, Scale::log);
  EXPECT_NEAR(at(t, 2.2), 2 * std::exp(-1.5 * 2.2), 1e-14);
  EXPECT_NEAR(at(t, 5, Outside::extrapolate), 2 * std::exp(-7.5), 1e-14);
}

TEST(Interpolate, ErrorFallsWithTheFourthPowerOfTheStep) {
  const auto worst = [](int nodes) {
    std::vector<double> x, y;
    for (int i = 0; i <= nodes; ++i) x.push_back(3.0 * i / nodes), y.push_back(std::sin(x.back()));
    const Table t = curve(x, y);
    double error = 0;
    for (int k = 1; k < 1000; ++k) error = std::max(error, std::fabs(at(t, 0.003 * k) - std::sin(0.003 * k)));
    return error;
  };
  EXPECT_LT(worst(32), worst(16) / 12);
  EXPECT_LT(worst(64), worst(32) / 12);
}

TEST(Interpolate, ShortAxes) {
  EXPECT_DOUBLE_EQ(at(curve({1, 3}, {10, 20}), 2.5), 17.5);
  const Table single = curve({1}, {10});
  EXPECT_EQ(at(single, 1), 10);
  EXPECT_EQ(evaluate(single, {}).value, 10);
  EXPECT_EQ(at(single, 1.5, Outside::clamp), 10);
  EXPECT_THROW(at(single, 1.5), InputError);
  EXPECT_THAT([&] { at(single, 1.5, Outside::extrapolate); },
              ThrowsMessage<InputError>(HasSubstr("can't be extrapolated from 1 V alone")));
  EXPECT_EQ(evaluate({"leakage/total", "A", "", Scale::linear, {}, {2e-9}}, {}).value, 2e-9);
}

TEST(Interpolate, OutOfRange) {
  const Table t = curve({0.9, 1.0, 1.1}, {1, 4, 5});
  EXPECT_THAT([&] { at(t, 1.3); },
              ThrowsMessage<InputError>("bench/y: axis 'x': 1.3 V is outside 900 mV to 1.1 V; ask within it, "
                                        "or allow clamp or extrapolation"));
  EXPECT_THROW(at(t, 0.8), InputError);
  EXPECT_EQ(at(t, 1.3, Outside::clamp), 5);
  EXPECT_EQ(at(t, -10, Outside::clamp), 1);
  EXPECT_NEAR(at(t, 1.3, Outside::extrapolate), 7, 1e-13);
  EXPECT_NEAR(at(t, 0.8, Outside::extrapolate), -2, 1e-13);
  for (const Outside outside : {Outside::refuse, Outside::clamp, Outside::extrapolate})
    EXPECT_THROW(at(t, std::nan(""), outside), InputError);
}

TEST(Interpolate, WrongCoordinates) {
  const Table t = delay_table();
  const auto evaluated = [&](Point point) { return [&t, point] { evaluate(t, point); }; };
  EXPECT_THAT(evaluated({{"vdd", 1.0}}),
              ThrowsMessage<InputError>("line/delay: axis 'corner': no coordinate given; it has tt, ss"));
  EXPECT_THAT(evaluated({{"vdd", 1.0}, {"corner", "fs"}}), ThrowsMessage<InputError>(HasSubstr("no 'fs'")));
  EXPECT_THAT(evaluated({{"vdd", 1.0}, {"corner", 0.0}}), ThrowsMessage<InputError>(HasSubstr("takes one")));
  EXPECT_THAT(evaluated({{"vdd", "high"}, {"corner", "tt"}}),
              ThrowsMessage<InputError>(HasSubstr("takes a number")));
  EXPECT_EQ(evaluate(t, {{"vdd", 1.0}, {"corner", "tt"}, {"temp", 27.0}}).value, 2.1e-10);
}

TEST(Interpolate, StatusIsCarriedNeverAveraged) {
  Table t = curve({0, 1, 2, 3, 4}, {1, 2, 3, 99, 5});
  t.status = {Status::ok, Status::ok, Status::ok, Status::censored, Status::failed};
  EXPECT_EQ(evaluate(t, {{"x", 0.5}}).status, Status::ok);
  // The cell beyond the interval is no longer ok: not even its slope is used.
  EXPECT_DOUBLE_EQ(evaluate(t, {{"x", 1.5}}).value, 2.5);
  const Evaluated near = evaluate(t, {{"x", 2.5}});
  EXPECT_EQ(near.status, Status::censored);
  EXPECT_TRUE(std::isnan(near.value));
  EXPECT_EQ(evaluate(t, {{"x", 3.5}}).status, Status::failed);
  EXPECT_EQ(evaluate(t, {{"x", 9.0}}, Outside::extrapolate).status, Status::failed);
  const Evaluated on = evaluate(t, {{"x", 3.0}});
  EXPECT_EQ(on.status, Status::censored);
  EXPECT_EQ(on.value, 99);
  EXPECT_EQ(evaluate(t, {{"x", 2.0}}).status, Status::ok);
}

TEST(Interpolate, Siblings) {
  Table t = delay_table();
  const Point middle = {{"vdd", 0.95}, {"corner", "tt"}};
  EXPECT_NEAR(evaluate_plane(t, "sigma", middle).value, 0.15, 1e-14);
  EXPECT_NEAR(evaluate_plane(t, "nominal", {{"vdd", 1.0}, {"corner", "tt"}}).value, 2e-10, 1e-25);
  EXPECT_NEAR(evaluate_plane(t, "nominal", {{"vdd", 1.2}, {"corner", "tt"}}, Outside::extrapolate).value,
              0.5e-10, 1e-23);
  EXPECT_THROW(evaluate_plane(t, "skew", middle), InputError);
  const std::vector<Evaluated> response = evaluate_response(t, middle);
  ASSERT_EQ(response.size(), 2u);
  EXPECT_NEAR(response[0].value, 2, 1e-14);
  EXPECT_NEAR(response[1].value, 3, 1e-14);
  t.bend = t.response;
  EXPECT_NEAR(evaluate_bend(t, middle)[1].value, 3, 1e-14);
  EXPECT_EQ(evaluate_response(t, {{"vdd", 1.05}, {"corner", "ss"}})[1].status, Status::failed);
}

TEST(LeaveOneOut, FindsTheLargestMiss) {
  // Without its middle node a parabola through 0, 1, 4 is the chord: 2 for 1.
  const auto linear = leave_one_out_error(curve({0, 1, 2}, {0, 1, 4}));
  ASSERT_TRUE(linear);
  EXPECT_DOUBLE_EQ(linear->value, 1);
  EXPECT_EQ(linear->axis, "x");
  const auto log = leave_one_out_error(curve({0, 1, 2}, {1, std::exp(1), std::exp(4)}, Scale::log));
  EXPECT_NEAR(log->value, std::exp(1) - 1, 1e-12);

  Table two{"bench/y", "V", "", Scale::linear, {{"a", "", "", {0, 1, 2}}, {"b", "", "", {0, 1, 2, 3}}}};
  for (const double a : two.axes[0].values)
    for (const double b : two.axes[1].values) two.values.push_back(a + b + (a == 2 && b == 1 ? 0.5 : 0));
  EXPECT_EQ(leave_one_out_error(two)->axis, "b");
}

TEST(LeaveOneOut, IsABoundForSmoothCurves) {
  std::vector<double> x, y;
  for (int i = 0; i <= 10; ++i) x.push_back(0.3 * i), y.push_back(std::exp(-x.back()) + 0.2 * x.back());
  const Table t = curve(x, y);
  double worst = 0;
  for (int k = 1; k < 300; ++k)
    worst = std::max(worst, std::fabs(at(t, 0.01 * k) - std::exp(-0.01 * k) - 0.002 * k));
  EXPECT_GT(leave_one_out_error(t)->value, worst);
  EXPECT_LT(leave_one_out_error(t)->value, 100 * worst);
}

TEST(LeaveOneOut, NothingToLeaveOut) {
  EXPECT_FALSE(leave_one_out_error(curve({0, 1}, {1, 2})));
  Table t = curve({0, 1, 2}, {0, 1, 4});
  t.status = {Status::ok, Status::ok, Status::censored};
  EXPECT_FALSE(leave_one_out_error(t));
  EXPECT_FALSE(leave_one_out_error({"b/q", "V", "", Scale::linear, {corner_axis()}, {1, 2}}));
}

}  // namespace
}  // namespace mavis::tables
