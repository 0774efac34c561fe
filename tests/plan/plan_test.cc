#include "plan/plan.h"

#include <gtest/gtest.h>

#include <set>

#include "expect_error.h"
#include "fake_bench.h"
#include "util/draws.h"

namespace mavis::plan {
namespace {

// Answers everything, from the plan alone.
class Answers : public Results {
 public:
  // `noise`, V, on the level of samples: nothing that a response to a device could tell.
  explicit Answers(const Plan& plan, double noise = 0)
      : plan_(plan), noise_(noise), devices_(fake_devices()) {}
  const Measurement* measurement(const Request& request) const override {
    const auto key = std::tuple(request.point, request.draw.kind, request.draw.index);
    Measurement& answer = answers_[key] = fake_answer(plan_, request);
    if (request.draw.kind == DrawKind::scrambled)
      answer["level"].values[0] += noise_ * normal_draw(1, Stream::noise, request.draw.index, "level");
    return &answer;
  }
  const std::vector<spice::Device>* devices(const Request&) const override { return &devices_; }

 private:
  const Plan& plan_;
  double noise_;
  std::vector<spice::Device> devices_;
  mutable std::map<std::tuple<std::size_t, DrawKind, std::uint32_t>, Measurement> answers_;
};

TEST(Plan, AsksInRoundsForEverySampleOnce) {
  Plan plan = fake_plan(4);
  const Answers answers(plan);
  EXPECT_EQ(plan.points().size(), 2u * 3 * 1 * 2 * 2);
  const std::vector<Request> describe = plan.next_round(answers);
  ASSERT_EQ(describe.size(), 1u);
  EXPECT_TRUE(describe[0].describe);

  const std::vector<Request> samples = plan.next_round(answers);
  const Bench& bench = fake_bench();
  const std::size_t parameters = plan.parameters(bench).size();
  EXPECT_EQ(parameters, 4u);  // threshold and gain of two devices
  // Nominal and four samples at 24 points, all responses at the four conditions of the reference PVT point,
  // and the first of the bench's 96 samples at tight settings.
  EXPECT_EQ(samples.size(), 24u * 5 + 4 * 2 * parameters + 1);
  std::set<std::tuple<std::size_t, int, std::uint32_t>> unique;
  for (const Request& r : samples) unique.emplace(r.point, static_cast<int>(r.draw.kind), r.draw.index);
  EXPECT_EQ(unique.size(), samples.size());

  const std::vector<Request> responses = plan.next_round(answers);
  ASSERT_EQ(plan.active(bench), (std::vector<std::size_t>{0}));  // only the first device's threshold matters
  EXPECT_EQ(responses.size(), 20u * 2);
  EXPECT_TRUE(plan.next_round(answers).empty());
}

TEST(Plan, ResponsesAreOptional) {
  for (const auto& [responses, expected] :
       {std::pair{Responses::reference, 24u * 5 + 4 * 2 * 4 + 1}, {Responses::none, 24u * 5 + 1}}) {
    Plan plan = fake_plan(4, responses);
    const Answers answers(plan);
    plan.next_round(answers);
    EXPECT_EQ(plan.next_round(answers).size(), expected);
    EXPECT_TRUE(plan.next_round(answers).empty());
  }
}

TEST(Plan, CornersShareDrawsAndSamplesDiffer) {
  Plan plan = fake_plan(4);
  const Answers answers(plan);
  plan.next_round(answers);
  plan.next_round(answers);
  const std::size_t last = plan.points().size() - 1;
  const Job here = plan.job(plan.samples(0)[2]), there = plan.job(plan.samples(last)[2]);
  ASSERT_EQ(here.assignments.size(), there.assignments.size());
  for (std::size_t i = 0; i < here.assignments.size(); ++i)
    EXPECT_EQ(here.assignments[i].value, there.assignments[i].value);
  EXPECT_NE(here.assignments[0].value, plan.job(plan.samples(0)[3]).assignments[0].value);
  EXPECT_NE(here.pvt.corner, there.pvt.corner);
}

TEST(Plan, MeasuresEachHundredthSampleAgainAtTightSettings) {
  const Plan plan = fake_plan(30);  // 720 samples at 24 points
  std::vector<std::pair<std::size_t, std::uint32_t>> found;
  for (std::size_t i = 0; i < plan.points().size(); ++i)
    for (const Request& request : plan.tight(i)) {
      found.emplace_back(i, request.draw.index);
      EXPECT_EQ(request.draw.kind, DrawKind::tight);
      const Job tight = plan.job(request), usual = plan.job(plan.samples(i)[request.draw.index]);
      EXPECT_EQ(tight.step_scale, kTightStep);
      EXPECT_EQ(usual.step_scale, 1);
      ASSERT_EQ(tight.deck_hashes.size(), usual.deck_hashes.size());
      EXPECT_NE(plan.deck(tight.deck_hashes[0]).text.find(kTightOptions[0]), std::string::npos);
      EXPECT_EQ(plan.deck(usual.deck_hashes[0]).text.find(kTightOptions[0]), std::string::npos);
      EXPECT_NE(plan.text(request).find("tight"), std::string::npos);
    }
  EXPECT_EQ(found, (std::vector<std::pair<std::size_t, std::uint32_t>>{
                       {0, 0}, {3, 10}, {6, 20}, {10, 0}, {13, 10}, {16, 20}, {20, 0}, {23, 10}}));
}

TEST(Plan, TightSettingsKeepTheDraw) {
  Plan plan = fake_plan(4);
  const Answers answers(plan);
  plan.next_round(answers);
  plan.next_round(answers);
  const Job tight = plan.job(plan.tight(0)[0]), usual = plan.job(plan.samples(0)[0]);
  ASSERT_FALSE(usual.assignments.empty());
  for (std::size_t i = 0; i < usual.assignments.size(); ++i)
    EXPECT_EQ(tight.assignments[i].value, usual.assignments[i].value);
}

TEST(Plan, EveryJobRewritesEveryParameter) {
  Plan plan = fake_plan(4);
  const Answers answers(plan);
  plan.next_round(answers);
  plan.next_round(answers);
  const auto& parameters = plan.parameters(fake_bench());
  const Job nominal = plan.job(plan.nominal(0)), up = plan.job(plan.response(0, 1, true)),
            down = plan.job(plan.response(0, 1, false));
  ASSERT_EQ(nominal.assignments.size(), parameters.size());
  for (std::size_t p = 0; p < parameters.size(); ++p) {
    EXPECT_EQ(nominal.assignments[p].value, parameters[p].nominal);
    const double moved = p == 1 ? parameters[p].sigma : 0;
    EXPECT_DOUBLE_EQ(up.assignments[p].value, parameters[p].nominal + moved);
    EXPECT_DOUBLE_EQ(down.assignments[p].value, parameters[p].nominal - moved);
  }
}

// All requests of each round until nothing more is asked for.
std::vector<std::vector<Request>> all_rounds(Plan& plan, const Results& results) {
  std::vector<std::vector<Request>> rounds;
  while (true) {
    rounds.push_back(plan.next_round(results));
    if (rounds.back().empty()) return rounds;
  }
}

TEST(Plan, AnAccuracyIsReachedAtTheFirstLookWhereSurrogatesTellAll) {
  Plan plan = fake_plan(4, Responses::all, "sigma=1%");
  const auto rounds = all_rounds(plan, Answers(plan));
  ASSERT_EQ(rounds.size(), 5u);  // circuits, screening, responses, one look, nothing
  EXPECT_EQ(rounds[1].size(), 24u + 4 * 2 * 4);
  EXPECT_EQ(rounds[2].size(), 20u * 2);
  EXPECT_EQ(rounds[3].size(), 24u * 64 + 16);  // each hundredth at tight settings, too
  EXPECT_EQ(plan.samples(0).size(), 64u);
}

TEST(Plan, SamplesGrowByLooksToTheMostAllowed) {
  Plan plan = fake_plan(4, Responses::all, "sigma=1%", 300);
  const auto rounds = all_rounds(plan, Answers(plan, 10e-3));
  ASSERT_EQ(rounds.size(), 7u);
  EXPECT_EQ(rounds[4].size(), 24u * 64);   // look 2: the second 64
  EXPECT_EQ(rounds[5].size(), 24u * 128);  // look 3; a fourth would take more than 300
  std::set<std::tuple<std::size_t, DrawKind, std::uint32_t>> unique;
  std::size_t all = 0;
  for (const auto& round : rounds)
    for (const Request& r : round) {
      if (r.describe) continue;
      unique.emplace(r.point, r.draw.kind, r.draw.index);
      ++all;
    }
  EXPECT_EQ(unique.size(), all);
}

TEST(Plan, AScrambledSampleIsTheSameInEveryPlan) {
  Plan little = fake_plan(4, Responses::all, "sigma=1%", 64),
       much = fake_plan(9, Responses::all, "mean=1%", 300);
  all_rounds(little, Answers(little));
  all_rounds(much, Answers(much, 10e-3));
  for (std::size_t i : {std::size_t{0}, std::size_t{63}}) {
    const Job a = little.job(little.samples(2)[i]), b = much.job(much.samples(2)[i]);
    ASSERT_EQ(a.assignments.size(), b.assignments.size());
    for (std::size_t p = 0; p < a.assignments.size(); ++p)
      EXPECT_EQ(a.assignments[p].value, b.assignments[p].value);
  }
}

TEST(Plan, RefusesAnAccuracyThatCanNotBeHad) {
  expect_input_error([] { fake_plan(4, Responses::all, "sigma=0%"); }, {"sigma=0%", "more than 0 %"});
  expect_input_error([] { fake_plan(4, Responses::all, "spread=1%"); }, {"spread", "sigma"});
  expect_input_error([] { fake_plan(4, Responses::reference, "sigma=1%"); }, {"--responses"});
  expect_input_error([] { fake_plan(4, Responses::all, "sigma=1%", 10); }, {"10 samples", "64"});
}

TEST(Plan, RefusesWhatTheProcessDoesNotClaim) {
  const auto make = [](auto change) {
    const Subject subject = read_subject(home() / "netlists/bitcells/sram_8t.cir");
    Campaign campaign{.subject = "x",
                      .pdk = "ptm45hp",
                      .corners = {"tt"},
                      .vdd = {1.0},
                      .temp_c = {27},
                      .benches = {"leakage"}};
    change(campaign);
    Plan(subject, campaign);
  };
  expect_input_error([&] { make([](Campaign& c) { c.vdd = {900}; }); }, {"supply", "900", "ptm45hp"});
  expect_input_error([&] { make([](Campaign& c) { c.temp_c = {-300}; }); }, {"temperature", "-300"});
  expect_input_error([&] { make([](Campaign& c) { c.corners = {"xx"}; }); }, {"xx", "tt"});
  expect_input_error([&] { make([](Campaign& c) { c.samples = 1; }); }, {"samples", "2 or more"});
}

}  // namespace
}  // namespace mavis::plan
