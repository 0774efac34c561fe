#include "plan/grid.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "util/draws.h"
#include "util/error.h"

namespace mavis::plan {
namespace {

using tables::Scale;
using tables::Table;
using testing::HasSubstr;
using testing::ThrowsMessage;
using Function = std::function<double(double vdd, double temp_c)>;

struct Quantity {
  std::string name;
  Function f;
  Scale scale = Scale::log;
};

Table table_of(const Quantity& quantity, const std::vector<double>& vdd, const std::vector<double>& temp) {
  Table table{
      "bench/" + quantity.name, "s", "", quantity.scale, {{"vdd", "V", "", vdd}, {"temp_c", "C", "", temp}}};
  for (const double v : vdd)
    for (const double t : temp) table.values.push_back(quantity.f(v, t));
  return table;
}

HeldOut held_out_at(const std::vector<Quantity>& quantities, double vdd, double temp) {
  HeldOut point{{{"vdd", vdd}, {"temp_c", temp}}, {}};
  for (const Quantity& q : quantities)
    point.measured.push_back({"bench/" + q.name, "s", "", q.scale, {}, {q.f(vdd, temp)}});
  return point;
}

double uniform(std::size_t i, std::uint64_t address, double low, double high) {
  return low + (high - low) * uniform_draw(7, Stream::local, static_cast<std::uint32_t>(i), address);
}

struct Searched {
  GridSearch search;
  std::size_t steps = 0, held_out = 0;
};

Searched search(const std::vector<Quantity>& quantities, const std::string& error, std::size_t most = 200) {
  Searched s{
      {parse_grid_error(error), even_nodes(0.7, 1.2, kStartVdd), even_nodes(-40, 125, kStartTemp), most}};
  std::vector<HeldOut> held_out;
  for (;; ++s.steps) {
    std::vector<Table> tables;
    for (const Quantity& q : quantities) tables.push_back(table_of(q, s.search.vdd(), s.search.temp_c()));
    const GridSearch::Step step = s.search.next(tables, held_out);
    if (step == GridSearch::Step::finished) break;
    if (step == GridSearch::Step::measure_nodes) continue;
    for (std::size_t i = 0; i < kHeldOut; ++i, ++s.held_out)
      held_out.push_back(
          held_out_at(quantities, uniform(s.held_out, 1, 0.7, 1.2), uniform(s.held_out, 2, -40, 125)));
  }
  return s;
}

// Share of points, other than those of the search, at which the error is within the bound.
double covered(const GridSearch& search, const Quantity& quantity, double bound) {
  const Table table = table_of(quantity, search.vdd(), search.temp_c());
  int within = 0;
  for (std::size_t i = 0; i < 1000; ++i) {
    const HeldOut point = held_out_at({quantity}, uniform(i, 3, 0.7, 1.2), uniform(i, 4, -40, 125));
    within += held_out_error(table, point.measured[0], point.where) <= bound ? 1 : 0;
  }
  return within / 1000.0;
}

double delay(double vdd, double temp) {
  return 1e-10 * std::exp(2 / (vdd - 0.3) * std::pow((temp + 273) / 300, -0.3)) *
         std::pow((temp + 273) / 300, 1.2);
}

TEST(GridError, IsParsed) {
  const GridError error = parse_grid_error("0.5%,0.2 mV,10fJ");
  EXPECT_DOUBLE_EQ(error.relative, 0.005);
  EXPECT_DOUBLE_EQ(error.absolute.at("V"), 0.2e-3);
  EXPECT_DOUBLE_EQ(error.absolute.at("J"), 1e-14);
  EXPECT_DOUBLE_EQ(parse_grid_error("1%").absolute.at("V"), 0.5e-3);
  Table table{"b/q", "J", "", Scale::linear, {{"x", "", "", {0, 1, 2}}}, {1, 3, 5}};
  EXPECT_DOUBLE_EQ(parse_grid_error("1%").allowed(table), 0.04);
  EXPECT_DOUBLE_EQ(error.allowed(table), 1e-14);
  for (const char* wrong : {"", "0.5", "0%", "100%", "1%,2%", "0.5%,-1mV", "0.5%,3kg", "0.5%,", "mV"})
    EXPECT_THAT([&] { parse_grid_error(wrong); }, ThrowsMessage<InputError>(HasSubstr("--grid-error")))
        << wrong;
}

TEST(Grid, EvenNodes) {
  EXPECT_THAT(even_nodes(0.7, 1.2, 6), testing::ElementsAre(0.7, 0.8, 0.9, 1.0, 1.1, 1.2));
  EXPECT_THAT(even_nodes(27, 27, 5), testing::ElementsAre(27));
}

TEST(Grid, IntervalErrorsPointAtTheKink) {
  const Quantity kink{"q", [](double, double t) { return std::exp(0.002 * std::max(0.0, t - 60)); }};
  const std::vector<double> errors =
      interval_errors(table_of(kink, {0.7, 1.2}, even_nodes(-40, 125, 12)), "temp_c");
  ASSERT_EQ(errors.size(), 11u);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(errors[i], 0) << i;
  EXPECT_GT(errors[6], 5e-4);  // 50 to 65 C
}

TEST(GridSearch, LeavesAGridThatIsFineAlone) {
  const Searched s = search({{"delay", delay}}, "2%");
  EXPECT_EQ(s.search.vdd().size() * s.search.temp_c().size(), 30u);
  EXPECT_EQ(s.held_out, kHeldOut);
  ASSERT_EQ(s.search.findings().size(), 1u);
  EXPECT_TRUE(s.search.findings()[0].reached());
}

TEST(GridSearch, ReachesTheAskedErrorOfASmoothQuantity) {
  const Quantity quantity{"delay", delay};
  const Searched s = search({quantity}, "0.05%");
  ASSERT_TRUE(s.search.findings()[0].reached());
  EXPECT_GT(s.search.vdd().size(), kStartVdd);
  EXPECT_LE(s.search.vdd().size() * s.search.temp_c().size(), 120u);
  // Delays bend most at low supply.
  const std::vector<double>& vdd = s.search.vdd();
  EXPECT_GT(std::lower_bound(vdd.begin(), vdd.end(), 0.95) - vdd.begin(),
            vdd.end() - std::upper_bound(vdd.begin(), vdd.end(), 0.95));
  EXPECT_GE(covered(s.search, quantity, s.search.findings()[0].bound), 0.95);
}

TEST(GridSearch, BisectsAtAKinkAndItsBoundCovers) {
  const Quantity quantity{
      "delay", [](double v, double t) { return delay(v, t) * std::exp(0.0015 * std::max(0.0, -33 - t)); }};
  const Searched s = search({quantity}, "0.3%");
  ASSERT_TRUE(s.search.findings()[0].reached());
  EXPECT_GE(covered(s.search, quantity, s.search.findings()[0].bound), 0.95);
  const std::vector<double>& temp = s.search.temp_c();
  const auto width_at = [&](double t) {
    const auto right = std::upper_bound(temp.begin(), temp.end(), t);
    return *right - right[-1];
  };
  EXPECT_LT(width_at(-33), 11);
  EXPECT_GT(width_at(20), 15);
}

// Noise can't be interpolated: some nodes are spent to see that, then it is said.
TEST(GridSearch, GivesUpOnNoiseAndSaysSo) {
  const Quantity noise{"noise", [](double v, double t) {
                         const auto place = static_cast<std::uint64_t>(std::llround(v * 1e6) * 1000003 +
                                                                       std::llround(t * 1e6));
                         return 1e-10 * std::exp(0.02 * (uniform_draw(9, Stream::noise, 0, place) - 0.5));
                       }};
  const Searched s = search({noise, {"delay", delay}}, "0.5%", 400);
  ASSERT_EQ(s.search.findings().size(), 2u);
  EXPECT_FALSE(s.search.findings()[0].reached());
  EXPECT_GT(s.search.findings()[0].bound, 0.01);
  EXPECT_TRUE(s.search.findings()[1].reached());
  EXPECT_LT(s.search.vdd().size() * s.search.temp_c().size(), 120u);
  EXPECT_GE(covered(s.search, noise, s.search.findings()[0].bound), 0.95);
}

TEST(GridSearch, StopsAtTheLimitOfNodes) {
  const Searched s = search({{"delay", delay}}, "0.001%", 42);
  EXPECT_LE(s.search.vdd().size() * s.search.temp_c().size(), 42u);
  EXPECT_FALSE(s.search.findings()[0].reached());
  EXPECT_GT(s.search.findings()[0].bound, 1e-5);
}

TEST(GridSearch, AnAxisOfOneNodeIsLeftAlone) {
  const Quantity quantity{"delay", delay};
  GridSearch grid(parse_grid_error("0.1%"), even_nodes(0.7, 1.2, kStartVdd), {27}, 100);
  std::vector<HeldOut> held_out;
  for (GridSearch::Step step = GridSearch::Step::check;;) {
    step = grid.next({table_of(quantity, grid.vdd(), grid.temp_c())}, held_out);
    if (step == GridSearch::Step::finished) break;
    for (std::size_t i = 0; step == GridSearch::Step::check && i < kHeldOut; ++i)
      held_out.push_back(held_out_at({quantity}, uniform(held_out.size(), 1, 0.7, 1.2), 27));
  }
  EXPECT_EQ(grid.temp_c().size(), 1u);
  EXPECT_TRUE(grid.findings()[0].reached());

  GridSearch point(parse_grid_error("0.1%"), {1.0}, {27}, 100);
  EXPECT_EQ(point.next({table_of(quantity, {1.0}, {27})}, {}), GridSearch::Step::finished);
}

}  // namespace
}  // namespace mavis::plan
