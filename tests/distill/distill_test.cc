#include "distill/distill.h"

#include <gtest/gtest.h>

#include <cmath>

#include "fake_bench.h"
#include "stats/moments.h"
#include "util/draws.h"

namespace mavis::distill {
namespace {

using plan::Request;
using tables::Status;
using tables::Table;

// Runs the fake plan into a run log; `spoil` may change what a request answers.
template <class Spoil>
tables::Library distilled(Spoil spoil, const std::string& accuracy = "") {
  const TemporaryFolder folder;
  run::RunLog log(folder.path() / "x.h5.run", "plan", false);
  plan::Plan plan = fake_plan(8, plan::Responses::all, accuracy, 64);
  const run::LoggedResults results(plan, log);
  while (true) {
    const std::vector<Request> requests = plan.next_round(results);
    if (requests.empty()) break;
    for (const Request& request : requests) {
      run::Outcome outcome{.state = run::State::measured, .message = {}, .transcript = {}, .deck = {}};
      if (request.describe)
        outcome.devices = fake_devices();
      else
        outcome.measurement = fake_answer(plan, request);
      spoil(plan, request, outcome);
      if (outcome.state != run::State::unfinished) log.append(results.key(request), outcome);
    }
  }
  return distill(plan, results, "test");
}

const auto kLeaveAlone = [](const plan::Plan&, const Request&, run::Outcome&) {};

TEST(Distill, MakesTablesOnTheirAxes) {
  const tables::Library library = distilled(kLeaveAlone);
  const Table& level = library.find("fake/level");
  std::vector<std::string> axes;
  for (const tables::Axis& axis : level.axes) axes.push_back(axis.name);
  EXPECT_EQ(axes,
            (std::vector<std::string>{"corner", "vdd", "temp_c", "hold_voltage", "stored_bit", "side"}));
  const Table& delay = library.find("fake/delay");  // exists only where a 1 is stored
  EXPECT_EQ(delay.axes.size(), 4u);
  EXPECT_EQ(delay.cells(), 2u * 3 * 1 * 2);
}

TEST(Distill, GivesTheStatisticsOfTheSamples) {
  const tables::Library library = distilled(kLeaveAlone);
  plan::Plan plan = fake_plan(8);
  const double sigma = [&] { return plan.subject().pdk.parameters(fake_devices())[0].sigma; }();
  const Table& level = library.find("fake/level");
  std::vector<double> left;
  for (std::uint32_t i = 0; i < 8; ++i)
    left.push_back(0.9 + 0.4 + sigma * normal_draw(3, Stream::local, i, "m1:vth"));
  const stats::Moments moments = stats::moments(left);
  EXPECT_NEAR(level.values[0], moments.mean, 1e-12);
  EXPECT_NEAR(level.plane("sigma")[0], moments.sigma, 1e-12);
  EXPECT_NEAR(level.plane("stderr")[0], moments.mean_stderr, 1e-12);
  EXPECT_NEAR(level.plane("sigma")[1], 2 * moments.sigma, 1e-12);
  EXPECT_NEAR(level.plane("nominal")[0], 1.3, 1e-12);
  EXPECT_EQ(level.n[0], 8);
}

TEST(Distill, StoresResponsesPerSigma) {
  const tables::Library library = distilled(kLeaveAlone);
  plan::Plan plan = fake_plan(8);
  const double sigma = plan.subject().pdk.parameters(fake_devices())[0].sigma;
  const Table& level = library.find("fake/level");
  ASSERT_EQ(level.parameters.labels, (std::vector<std::string>{"m1:vth"}));
  EXPECT_NEAR(level.response[0], sigma, 1e-12);
  EXPECT_NEAR(level.response[1], 2 * sigma, 1e-12);
  const Table& delay = library.find("fake/delay");  // in ln
  EXPECT_NEAR(delay.response[0], 10 * sigma, 1e-9);
}

TEST(Distill, StoresHowAResponseBends) {
  const tables::Library straight = distilled(kLeaveAlone);
  for (double bend : straight.find("fake/level").bend) EXPECT_NEAR(bend, 0, 1e-12);
  EXPECT_TRUE(straight.find("fake/delay").bend.empty());
  const tables::Library bent =
      distilled([](const plan::Plan&, const Request& request, run::Outcome& outcome) {
        if (request.point == 0 && request.draw.kind == plan::DrawKind::response)
          outcome.measurement["level"].values[0] += 0.01;
      });
  EXPECT_NEAR(bent.find("fake/level").bend[0], 0.01, 1e-12);
  EXPECT_NEAR(bent.find("fake/level").bend[1], 0, 1e-12);
  EXPECT_EQ(bent.find("fake/level").response, straight.find("fake/level").response);
}

TEST(Distill, AFailedSampleIsCountedAndListed) {
  const tables::Library library =
      distilled([](const plan::Plan&, const Request& request, run::Outcome& outcome) {
        if (request.point != 0 || request.draw.kind != plan::DrawKind::sample || request.draw.index != 5)
          return;
        outcome = {.state = run::State::failed, .message = "no convergence", .transcript = {}, .deck = {}};
      });
  const Table& level = library.find("fake/level");
  EXPECT_EQ(level.n[0], 7);
  EXPECT_EQ(level.status_at(0), Status::failed);
  EXPECT_EQ(level.status_at(2), Status::ok);
  ASSERT_EQ(library.failures.size(), 1u);
  EXPECT_EQ(library.failures[0].sample, 5);
  EXPECT_EQ(library.failures[0].message, "no convergence");
  EXPECT_NE(library.failures[0].point.find("tt 0.9 V 27 C"), std::string::npos);
}

TEST(Distill, AnUnfinishedSampleIsNotAFailure) {
  const tables::Library library =
      distilled([](const plan::Plan&, const Request& request, run::Outcome& outcome) {
        if (request.point == 0 && request.draw.kind == plan::DrawKind::sample && request.draw.index == 0)
          outcome.state = run::State::unfinished;
      });
  EXPECT_EQ(library.find("fake/level").status_at(0), Status::unfinished);
  EXPECT_EQ(library.find("fake/level").n[0], 7);
  EXPECT_TRUE(library.failures.empty());
}

TEST(Distill, ACensoredSampleLeavesNoMean) {
  const tables::Library library =
      distilled([](const plan::Plan&, const Request& request, run::Outcome& outcome) {
        if (request.point == 1 && request.draw.kind == plan::DrawKind::sample && request.draw.index == 2)
          outcome.measurement["delay"].status = {Status::censored};
      });
  const Table& delay = library.find("fake/delay");  // point 1 is its first cell: a 1 stored
  EXPECT_EQ(delay.status_at(0), Status::censored);
  EXPECT_TRUE(std::isnan(delay.values[0]));
  EXPECT_EQ(delay.n[0], 7);
  EXPECT_EQ(delay.status_at(1), Status::ok);
}

TEST(Distill, ComparesSamplesWithTightSettings) {
  const tables::Library library = distilled(kLeaveAlone);
  // 192 samples of the bench: the first and the hundredth (point 12) are measured twice, left and right.
  const Table& level = library.find("fake/level");
  ASSERT_TRUE(level.noise_floor);
  EXPECT_EQ(level.noise_floor->n, 4);
  EXPECT_NEAR(level.noise_floor->value, 0.25e-3 * std::sqrt((1 + 4) / 2.0), 1e-12);
  EXPECT_FALSE(library.find("fake/delay").noise_floor);  // both points store a 0
}

TEST(Distill, AFailureAtTightSettingsIsListedToo) {
  const tables::Library library =
      distilled([](const plan::Plan&, const Request& request, run::Outcome& outcome) {
        if (request.draw.kind == plan::DrawKind::tight)
          outcome = {.state = run::State::failed, .message = "step too small", .transcript = {}, .deck = {}};
      });
  EXPECT_EQ(library.failures.size(), 2u);
  EXPECT_FALSE(library.find("fake/level").noise_floor);
  EXPECT_EQ(library.find("fake/level").status_at(0), Status::ok);
}

TEST(Distill, KeepsWhereTheNumbersComeFrom) {
  const tables::Library library = distilled(kLeaveAlone);
  EXPECT_TRUE(library.provenance.files.contains("pdk/ptm45hp/pdk.toml"));
  EXPECT_TRUE(library.provenance.files.contains("fake.cir"));
  const auto& facts = library.provenance.facts;
  EXPECT_TRUE(std::any_of(facts.begin(), facts.end(),
                          [](const auto& f) { return f.first == "seed" && f.second == "3"; }));
}

TEST(Distill, SamplesTakenToAnAccuracyCarryIntervalsAndMethod) {
  const tables::Library library = distilled(kLeaveAlone, "sigma=1%,q0.9=5%");
  const double sigma = fake_plan(2).subject().pdk.parameters(fake_devices())[0].sigma;
  const Table& level = library.find("fake/level");
  const std::size_t cell = 0;
  EXPECT_EQ(level.n[cell], 64);
  EXPECT_NE(level.method[cell], tables::Method::plain);
  EXPECT_NEAR(level.plane("sigma")[cell], sigma, 1e-6 * sigma);
  EXPECT_LE(level.plane("low")[cell], level.values[cell]);
  EXPECT_GE(level.plane("high")[cell], level.values[cell]);
  EXPECT_NEAR(level.plane("q0_9")[cell] - level.values[cell], 1.2816 * sigma, 0.05 * sigma);
  EXPECT_EQ(level.plane("runs")[cell], 67);
  EXPECT_NEAR(level.plane("surrogate_r2")[cell], 1, 1e-9);
  const Table& delay = library.find("fake/delay");  // in logarithms, ten times as large
  EXPECT_NEAR(delay.plane("sigma")[0], 10 * sigma, 1e-5 * sigma);
  EXPECT_EQ(delay.plane_unit("low"), "s");
  EXPECT_EQ(*library.provenance.fact("accuracy"), "sigma=1%,q0.9=5%");
}

TEST(Distill, PlainSamplesSayThatTheyAre) {
  const Table level = distilled(kLeaveAlone).find("fake/level");
  EXPECT_EQ(level.method, std::vector(level.cells(), tables::Method::plain));
}

TEST(Distill, RanksTheDevicesBehindTheSpread) {
  const tables::Library library = distilled(kLeaveAlone);
  ASSERT_FALSE(library.sensitivities.empty());
  EXPECT_EQ(library.sensitivities[0].table, "fake/delay");
  EXPECT_EQ(library.sensitivities[0].parameter, "m1:vth");
  EXPECT_NEAR(library.sensitivities[0].share, 1, 1e-9);
}

}  // namespace
}  // namespace mavis::distill
