#include "run/execute.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "expect_error.h"
#include "plan/plan.h"
#include "temporary_folder.h"
#include "util/home.h"

namespace mavis::run {
namespace {

// A small real campaign: leakage of the 8T cell at one point.
class Execute : public ::testing::Test {
 protected:
  plan::Plan make_plan(const std::filesystem::path& cell, int samples = 2) {
    plan::Subject subject = plan::read_subject(cell);
    const std::string path = subject.path.string();
    return plan::Plan(std::move(subject), {.subject = path,
                                           .pdk = "ptm45hp",
                                           .corners = {"tt"},
                                           .vdd = {1.0},
                                           .temp_c = {27},
                                           .samples = samples,
                                           .responses = plan::Responses::none,
                                           .benches = {"leakage"}});
  }
  Progress run(
      plan::Plan& plan, RunLog& log, const std::atomic<bool>& stop,
      const std::function<void(const Progress&)>& watch = [](const Progress&) {}) {
    return execute(plan, log, {.worker_command = {MAVIS_TEST_PROGRAM, "worker"}}, stop, watch);
  }
  TemporaryFolder folder_;
  const std::filesystem::path cell_ = home() / "netlists/bitcells/sram_8t.cir";
  const std::atomic<bool> go_on_{false};
};

TEST_F(Execute, MeasuresOnceAndThenAnswersFromTheLog) {
  RunLog log(folder_.path() / "x.run", "plan", false);
  plan::Plan first = make_plan(cell_);
  const Progress measured = run(first, log, go_on_);
  EXPECT_EQ(measured.measured,
            1u + 3 + 1);  // describe; nominal and two samples; one tight
  EXPECT_EQ(measured.resumed + measured.failed + measured.unfinished, 0u);
  plan::Plan again = make_plan(cell_);
  const Progress resumed = run(again, log, go_on_);
  EXPECT_EQ(resumed.measured, 0u);
  EXPECT_EQ(resumed.resumed, 1u + 3 + 1);
  plan::Plan more = make_plan(cell_, 3);
  EXPECT_EQ(run(more, log, go_on_).measured, 1u);
}

TEST_F(Execute, StopsWhenAsked) {
  RunLog log(folder_.path() / "x.run", "plan", false);
  plan::Plan plan = make_plan(cell_, 50);
  std::atomic<bool> stop{false};
  const Progress stopped = run(plan, log, stop, [&](const Progress& now) { stop = now.measured >= 5; });
  EXPECT_GE(stopped.measured, 5u);
  EXPECT_LT(stopped.measured, 50u);
  EXPECT_EQ(log.size(), stopped.measured);
}

TEST_F(Execute, ANetlistThatNgspiceRefusesIsTheUsersError) {
  std::string text;
  {
    std::ifstream in(cell_);
    std::stringstream all;
    all << in.rdbuf();
    text = all.str();
  }
  text.replace(text.find("w={wst}"), 7, "w={nosuch}");
  const auto broken = folder_.write("broken.cir", text);
  RunLog log(folder_.path() / "x.run", "plan", false);
  plan::Plan plan = make_plan(broken);
  expect_input_error([&] { run(plan, log, go_on_); }, {"broken.cir:", "nosuch", "correct the netlist"});
}

}  // namespace
}  // namespace mavis::run
