#include "plan/process_check.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>

#include "run/pool.h"

namespace mavis::plan {
namespace {

TEST(ProcessJobs, AreOneNominalJobACorner) {
  const pdk::Pdk pdk = pdk::read_pdk("ptm45hp");
  const ProcessJobs jobs = process_jobs(pdk);
  ASSERT_EQ(jobs.jobs.size(), pdk.corners.size());
  EXPECT_EQ(jobs.decks.size(), pdk.corners.size());  // corners differ in their cards
  for (std::size_t i = 0; i < jobs.jobs.size(); ++i) {
    const Job& job = jobs.jobs[i];
    EXPECT_EQ(job.pvt, (PvtPoint{pdk.corners[i].name, 1.0, 27}));
    EXPECT_EQ(job.draw.kind, DrawKind::nominal);
    EXPECT_TRUE(job.assignments.empty());
    ASSERT_EQ(job.deck_hashes.size(), 1u);
    EXPECT_TRUE(jobs.decks.contains(job.deck_hashes[0]));
  }
}

Measurement measured(const pdk::Expected& e, double factor) {
  Measurement m;
  m["ion_n"].values = {e.ion_n * factor};
  m["ion_p"].values = {e.ion_p};
  m["ioff_n"].values = {e.ioff_n};
  m["ioff_p"].values = {e.ioff_p};
  m["stage_delay"].values = {e.stage_delay};
  return m;
}

TEST(JudgeProcess, ComparesWithinTheTolerance) {
  pdk::Pdk pdk = pdk::read_pdk("ptm45hp");
  pdk.corners.resize(4);
  pdk.expected.erase("ff");
  const pdk::Expected& tt = pdk.expected.at("tt");
  const auto figures = judge_process(pdk, {measured(tt, 1 + 0.99 * tt.tolerance),
                                           measured(pdk.expected.at("ss"), 1 - 1.01 * tt.tolerance),
                                           measured(tt, 1),
                                           {}});
  ASSERT_EQ(figures.size(), 20u);
  EXPECT_EQ(figures[0].corner, "tt");
  EXPECT_EQ(figures[0].name, "ion_n");
  EXPECT_EQ(figures[0].verdict, Verdict::within);
  EXPECT_NEAR(figures[0].ratio(), 1 + 0.99 * tt.tolerance, 1e-12);
  EXPECT_EQ(figures[5].verdict, Verdict::outside);
  EXPECT_EQ(figures[6].verdict, Verdict::within);
  EXPECT_EQ(figures[10].verdict, Verdict::not_expected);
  EXPECT_TRUE(std::isnan(figures[10].expected));
  EXPECT_EQ(figures[15].verdict, Verdict::not_measured);
  EXPECT_TRUE(std::isnan(figures[15].measured));
}

// The whole way: workers measure a process that comes with Mavis, every figure is the expected one.
class ProcessCheck : public ::testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Bundled, ProcessCheck, ::testing::Values("ptm45hp", "freepdk45_vtg"),
                         [](const auto& info) { return std::string(info.param); });

TEST_P(ProcessCheck, FindsABundledProcessAsExpected) {
  const pdk::Pdk pdk = pdk::read_pdk(GetParam());
  const ProcessJobs jobs = process_jobs(pdk);
  std::vector<run::Task> tasks;
  for (const Job& job : jobs.jobs) tasks.push_back({.key = job.pvt.corner, .job = job, .describe = false});
  std::vector<Measurement> results(tasks.size());
  run::Pool pool({.jobs = 2, .worker_command = {MAVIS_TEST_PROGRAM, "worker"}});
  const std::atomic<bool> stop = false;
  ASSERT_TRUE(pool.run(
      tasks, [&](const std::string& hash) -> const std::string& { return jobs.decks.at(hash).text; },
      [&](std::size_t task, run::Outcome&& outcome, const run::Cost&) {
        EXPECT_EQ(outcome.state, run::State::measured) << outcome.message;
        results[task] = std::move(outcome.measurement);
      },
      stop));
  for (const ProcessFigure& figure : judge_process(pdk, results))
    EXPECT_EQ(figure.verdict, Verdict::within)
        << figure.corner << " " << figure.name << " " << figure.measured << " expected " << figure.expected;
}

}  // namespace
}  // namespace mavis::plan
