#include "plan/campaign.h"

#include <gtest/gtest.h>

#include "expect_error.h"

namespace mavis::plan {
namespace {

Campaign sample() {
  return {.subject = "/cells/mine.toml",
          .pdk = "ptm45hp",
          .corners = {"tt", "ss"},
          .vdd = {0.9, 1.0},
          .temp_c = {-40, 27},
          .samples = 32,
          .seed = 7,
          .responses = Responses::reference,
          .benches = {"comparator", "leakage"}};
}

TEST(Campaign, TextReadsBackTheSame) {
  EXPECT_EQ(Campaign::parse(sample().text(), "plan.txt"), sample());
  EXPECT_EQ(sample().text(),
            "subject = /cells/mine.toml\npdk = ptm45hp\ncorners = tt,ss\nvdd = 0.9,1\ntemp_c = -40,27\n"
            "samples = 32\nseed = 7\nresponses = reference\nbenches = comparator,leakage\n");
}

TEST(Campaign, SomeBenchesMayRespondEverywhere) {
  Campaign some = sample();
  some.set_responses("leakage,comparator");
  EXPECT_EQ(some.responses, Responses::reference);
  EXPECT_EQ(some.responses_text(), "comparator,leakage");
  EXPECT_EQ(Campaign::parse(some.text(), "plan.txt"), some);
  EXPECT_TRUE(some.responds_everywhere("leakage"));
  EXPECT_FALSE(some.responds_everywhere("read"));
  EXPECT_EQ(sample().joined(some), some);
  Campaign all = sample();
  all.set_responses("all");
  EXPECT_TRUE(all.responds_everywhere("read"));
  EXPECT_EQ(some.joined(all), all);
}

TEST(Campaign, KeepsItsGridError) {
  Campaign grid = sample();
  grid.grid_error = "0.5%,0.2mV";
  grid.grid_nodes = 60;
  EXPECT_EQ(Campaign::parse(grid.text(), "plan.txt"), grid);
  EXPECT_EQ(grid.joined(grid), grid);
  Campaign other = grid;
  other.temp_c = {0, 27};
  expect_input_error([&] { grid.joined(other); }, {"temperatures", "-40,27", "another output"});
  expect_input_error([&] { grid.joined(sample()); }, {"grid error"});
}

TEST(Campaign, KeepsItsRows) {
  Campaign column = sample();
  column.rows = 4;
  EXPECT_EQ(Campaign::parse(column.text(), "plan.txt"), column);
  expect_input_error([&] { column.joined(sample()); }, {"rows 4, not 0", "another output"});
}

TEST(Campaign, RefusesTextThatIsNotItsOwn) {
  expect_input_error([] { Campaign::parse("hello\n", "x.run/plan.txt"); }, {"x.run/plan.txt", "hello"});
  expect_input_error([] { Campaign::parse("subject = a\n", "x.run/plan.txt"); }, {"x.run/plan.txt", "pdk"});
  std::string text = sample().text();
  text.replace(text.find("32"), 2, "3x");
  expect_input_error([&] { Campaign::parse(text, "x.run/plan.txt"); }, {"x.run/plan.txt", "3x"});
}

TEST(Campaign, JoinsTwoGrids) {
  Campaign other = sample();
  other.corners = {"ff", "tt"};
  other.vdd = {1.1};
  other.temp_c = {27, 120};
  other.samples = 16;
  other.benches = {"product_line"};
  other.responses = Responses::all;
  const Campaign all = sample().joined(other);
  EXPECT_EQ(all.corners, (std::vector<std::string>{"tt", "ss", "ff"}));
  EXPECT_EQ(all.vdd, (std::vector<double>{0.9, 1.0, 1.1}));
  EXPECT_EQ(all.temp_c, (std::vector<double>{-40, 27, 120}));
  EXPECT_EQ(all.samples, 32);
  EXPECT_EQ(all.responses, Responses::all);
  EXPECT_EQ(all.benches.size(), 3u);
}

TEST(Campaign, DoesNotJoinDifferentSeedsOrSubjects) {
  Campaign other = sample();
  other.seed = 8;
  expect_input_error([&] { sample().joined(other); }, {"seed", "7", "8", "another output"});
  other = sample();
  other.subject = "/cells/other.toml";
  expect_input_error([&] { sample().joined(other); }, {"subject", "other.toml"});
}

}  // namespace
}  // namespace mavis::plan
