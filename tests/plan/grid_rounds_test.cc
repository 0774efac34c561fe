#include "plan/grid_rounds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "expect_error.h"
#include "fake_bench.h"

namespace mavis::plan {
namespace {

// The fake circuit with a delay that bends at 70 C and a level that bends everywhere.
class Answers : public Results {
 public:
  explicit Answers(const Rounds& plan) : plan_(plan), devices_(fake_devices()) {}
  const Measurement* measurement(const Request& request) const override {
    const Job job = plan_.job(request);
    EXPECT_EQ(job.draw.kind, DrawKind::nominal);
    if (job.condition[0].second == 0.6 && job.pvt.corner == skipped) return nullptr;
    Measurement& answer = answers_[request.point] = fake_answer(plan_, request);
    const double v = job.pvt.vdd, t = job.pvt.temp_c;
    for (double& delay : answer["delay"].values)
      delay = 1e-10 * std::exp(1 / v + 0.001 * std::max(0.0, t - 70));
    for (double& level : answer["level"].values) level += 0.2 * std::sin(3 * v) * std::exp(t / 500);
    if (job.condition[1].second == 0) answer.erase("delay");
    return &answer;
  }
  const std::vector<spice::Device>* devices(const Request&) const override { return &devices_; }

  std::string skipped;  // corner whose measurements at one condition are missing

 private:
  const Rounds& plan_;
  std::vector<spice::Device> devices_;
  mutable std::map<std::size_t, Measurement> answers_;
};

Campaign grid_campaign(const std::string& error) {
  fake_bench();
  return {.subject = (home() / "netlists/bitcells/sram_8t.cir").string(),
          .pdk = "ptm45hp",
          .corners = {"tt", "ss"},
          .vdd = {0.8, 1.2},
          .temp_c = {-40, 125},
          .samples = 4,
          .seed = 3,
          .grid_error = error,
          .benches = {"fake"}};
}

GridRounds grid_rounds(const std::string& error) {
  const Campaign campaign = grid_campaign(error);
  return GridRounds(read_subject(campaign.subject), campaign);
}

TEST(GridRounds, FindsAGridAndItsBounds) {
  GridRounds grid = grid_rounds("0.3%,2mV");
  const Answers answers(grid);
  const std::vector<Request> circuits = grid.next_round(answers);
  ASSERT_EQ(circuits.size(), 1u);
  EXPECT_TRUE(circuits[0].describe);
  EXPECT_EQ(grid.stage(), "circuits");
  const std::vector<Request> nodes = grid.next_round(answers);
  EXPECT_EQ(nodes.size(), 2u * 30 * 4);
  EXPECT_EQ(grid.stage(), "grid 6 x 5");
  std::set<std::string> stages;
  for (std::size_t asked = 1; asked > 0;) {
    asked = grid.next_round(answers).size();
    stages.insert(grid.stage());
  }
  EXPECT_TRUE(stages.contains("held-out points 1"));

  const Campaign found = grid.campaign();
  EXPECT_TRUE(std::is_sorted(found.vdd.begin(), found.vdd.end()));
  EXPECT_GT(found.temp_c.size(), 5u);
  EXPECT_EQ(found.vdd.front(), 0.8);
  EXPECT_EQ(found.temp_c.back(), 125);
  ASSERT_EQ(grid.findings().size(), 2u);
  for (const GridFinding& finding : grid.findings()) {
    EXPECT_TRUE(finding.reached()) << finding.table;
    EXPECT_EQ(finding.points, static_cast<std::int64_t>(kHeldOut));
    EXPECT_GT(finding.bound, 0);
  }
  EXPECT_EQ(grid.text_of(grid.findings()[0], 1e-3), "1 mV");
  EXPECT_EQ(grid.text_of(grid.findings()[1], 1e-3), "0.1 %");

  // What was measured at the nodes is what the whole campaign asks for there.
  Plan whole(read_subject(found.subject), found);
  whole.next_round(answers);
  whole.next_round(answers);
  std::map<std::string, Job> known;
  for (const Request& request : nodes) known[grid.job(request).deck_hashes[0]] = grid.job(request);
  std::size_t same = 0;
  for (std::size_t i = 0; i < whole.points().size(); ++i) {
    const Job job = whole.job(whole.nominal(i));
    const auto node = known.find(job.deck_hashes[0]);
    if (node == known.end()) continue;
    ++same;
    ASSERT_EQ(job.assignments.size(), node->second.assignments.size());
    for (std::size_t a = 0; a < job.assignments.size(); ++a) {
      EXPECT_EQ(job.assignments[a].device, node->second.assignments[a].device);
      EXPECT_EQ(job.assignments[a].value, node->second.assignments[a].value);
    }
  }
  EXPECT_EQ(same, nodes.size());
}

TEST(GridRounds, AsksTheSameAgain) {
  GridRounds first = grid_rounds("0.3%,2mV"), second = grid_rounds("0.3%,2mV");
  const Answers of_first(first), of_second(second);
  for (int round = 0;; ++round) {
    const std::vector<Request> a = first.next_round(of_first), b = second.next_round(of_second);
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
      EXPECT_EQ(first.job(a[i]).deck_hashes, second.job(b[i]).deck_hashes);
      EXPECT_EQ(first.text(a[i]), second.text(b[i]));
    }
    if (a.empty()) break;
  }
  EXPECT_EQ(first.summary(), second.summary());
}

TEST(GridRounds, StoresBoundsAndSaysWhatIsMissed) {
  GridRounds grid = grid_rounds("0.3%,1nV");
  Answers answers(grid);
  answers.skipped = "ss";  // missing numbers are left out
  while (!grid.next_round(answers).empty()) {
  }
  EXPECT_NE(grid.summary().find("not: fake/level"), std::string::npos) << grid.summary();
  EXPECT_LE(grid.campaign().vdd.size() * grid.campaign().temp_c.size(), 80u);

  tables::Library library("cell");
  library.provenance.facts = {{"campaign", "as planned"}};
  const auto table = [&](const std::string& name, double jump) {
    tables::Table t{name,
                    "s",
                    "",
                    tables::Scale::log,
                    {{"temp_c", "C", "", {-40, 40, 125}}, {"hold_voltage", "V", "", {0.4, 0.5, 0.6}}}};
    t.values = {1, 1 + jump, 1, 2, 2, 2, 1, 1, 1};
    t.interpolation_error = tables::leave_one_out_error(t);
    return t;
  };
  library.put(table("fake/delay", 0));
  library.put(table("fake/other", 0));
  grid.store(library);
  const tables::InterpolationError error = *library.find("fake/delay").interpolation_error;
  EXPECT_EQ(error.axis, "");
  EXPECT_EQ(error.held_out, static_cast<std::int64_t>(kHeldOut));
  EXPECT_EQ(error.value, grid.findings()[1].bound);
  EXPECT_EQ(library.find("fake/other").interpolation_error->axis, "temp_c");
  EXPECT_EQ(*library.provenance.fact("campaign"), grid_campaign("0.3%,1nV").text());
  EXPECT_EQ(*library.provenance.fact("grid"), grid.summary());
  library.put(table("fake/delay", 0.1));
  grid.store(library);
  EXPECT_EQ(library.find("fake/delay").interpolation_error->axis, "hold_voltage");
}

TEST(GridRounds, RefusesWhatItCanNotDo) {
  expect_input_error([] { grid_rounds("5"); }, {"--grid-error 5", "percentage"});
  Campaign few = grid_campaign("1%");
  few.grid_nodes = 20;
  expect_input_error([&] { GridRounds(read_subject(few.subject), few); }, {"--grid-nodes 20", "30"});
  Campaign wide = grid_campaign("1%");
  wide.vdd = {0.1, 1.2};
  expect_input_error([&] { GridRounds(read_subject(wide.subject), wide); }, {"supply", "0.1"});
}

}  // namespace
}  // namespace mavis::plan
