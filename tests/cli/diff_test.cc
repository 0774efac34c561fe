// mavis diff on libraries that were measured, the way a user runs it.
#include "report/diff.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "cli/run_program.h"
#include "distill/distill.h"
#include "temporary_folder.h"
#include "util/home.h"

namespace mavis::cli {
namespace {

namespace fs = std::filesystem;

class Diff : public testing::Test {
 protected:
  Ran run(const std::vector<std::string>& arguments) { return run_program(folder_.path(), arguments); }
  Ran characterize(const std::string& subject, const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"characterize", subject, "--responses", "none"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
  TemporaryFolder folder_;
};

// Stored samples of a campaign, dealt out to libraries: each takes some of them as if they were its own.
class Resampler {
 public:
  Resampler(const fs::path& run, int samples)
      : log_(run, run::RunLog::plan_in(run), false), stored_(plan_of(run, 0)), part_(plan_of(run, samples)) {
    drive(stored_, log_);
  }

  // Sample i of the library is the stored sample picks[i], at every point and bench.
  tables::Library library(const fs::path& run, const std::vector<std::uint32_t>& picks) {
    run::RunLog log(run, "resampled", false);
    plan::Plan plan = part_;
    const run::LoggedResults from(stored_, log_), to(plan, log);
    while (true) {
      const std::vector<plan::Request> requests = plan.next_round(to);
      if (requests.empty()) break;
      for (const plan::Request& request : requests) {
        plan::Request stored = request;
        if (request.draw.kind == plan::DrawKind::sample) stored.draw.index = picks[request.draw.index];
        if (const run::Outcome* outcome = from.outcome(stored)) log.append(to.key(request), *outcome);
      }
    }
    return distill::distill(plan, to, "test");
  }

 private:
  static plan::Plan plan_of(const fs::path& run, int samples) {
    plan::Campaign campaign = plan::Campaign::parse(run::RunLog::plan_in(run), "test");
    if (samples > 0) campaign.samples = samples;
    return plan::Plan(plan::read_subject(home() / campaign.subject), campaign);
  }
  static void drive(plan::Plan& plan, const run::RunLog& log) {
    const run::LoggedResults results(plan, log);
    while (!plan.next_round(results).empty()) {
    }
  }

  run::RunLog log_;
  plan::Plan stored_, part_;
};

TEST_F(Diff, FalseAlarmsAmongLibrariesOfStoredSamplesAreFew) {
  constexpr std::uint32_t kStored = 64;
  ASSERT_EQ(
      characterize("sram_8t", {"--only", "leakage,read,noise_margin", "--samples", "64", "-o", "x.h5"}).code,
      kDone);
  for (const int samples : {4, 32}) {
    Resampler resampler(folder_.path() / "x.h5.run", samples);
    std::mt19937 random(1);
    int alarms = 0;
    std::size_t tested = 0;
    for (int pair = 0; pair < 100; ++pair) {
      std::vector<std::uint32_t> order(kStored);
      std::iota(order.begin(), order.end(), 0);
      std::shuffle(order.begin(), order.end(), random);
      const auto part = [&](int first) {
        const TemporaryFolder folder;
        return resampler.library(folder.path() / "run",
                                 {order.begin() + first, order.begin() + first + samples});
      };
      const tables::Library a = part(0), b = part(samples);
      const report::LibraryDiff found = report::diff(a, b);
      alarms += found.moved() ? 1 : 0;
      tested += found.figures.size();
    }
    EXPECT_GT(tested, 100u * 50) << "next to nothing was compared";
    EXPECT_LE(alarms, 5) << "of 100 pairs of libraries with " << samples << " samples";
    RecordProperty("alarms_" + std::to_string(samples), alarms);
  }
}

// A source of 5 mV at the gate of one input device shifts its threshold by 5 mV.
TEST_F(Diff, AVthShiftOf5MillivoltIsFoundAndRankedFirst) {
  std::string netlist = read_text(home() / "netlists/comparators/strongarm.cir", "netlist");
  folder_.write("before/strongarm.cir", netlist);
  const std::string device = "m_in_l    dl   inp ", end = ".ends strongarm";
  ASSERT_NE(netlist.find(device), netlist.npos);
  netlist.replace(netlist.find(device), device.size(), "m_in_l    dl   gate ");
  ASSERT_NE(netlist.find(end), netlist.npos);
  netlist.replace(netlist.find(end), end.size(), "vshift inp gate dc 5m\n" + end);
  folder_.write("after/strongarm.cir", netlist);
  for (const char* name : {"before", "after"}) {
    const Ran ran =
        characterize(std::string(name) + "/strongarm.cir",
                     {"--only", "comparator", "--samples", "2", "--seed",
                      name == std::string("before") ? "1" : "2", "-o", std::string(name) + ".h5"});
    ASSERT_EQ(ran.code, kDone) << ran.err;
  }
  const Ran ran = run({"diff", "before.h5", "after.h5", "--csv", "changes.csv"});
  EXPECT_EQ(ran.code, kLook) << ran.err;
  const std::size_t first = ran.out.find('\n') + 1;
  EXPECT_EQ(ran.out.compare(first, 17, "comparator/offset"), 0) << ran.out;
  EXPECT_NE(ran.out.find("strongarm.cir: changed"), ran.out.npos) << ran.out;
  const tables::Library a = tables::read_library(folder_.path() / "before.h5"),
                        b = tables::read_library(folder_.path() / "after.h5");
  const report::LibraryDiff found = report::diff(a, b);
  EXPECT_EQ(found.figures[0].figure, "nominal");
  EXPECT_NEAR(found.figures[0].difference, 5e-3, 1e-3);
  EXPECT_EQ(read_text(folder_.path() / "changes.csv", "csv").find("table,figure"), 0u);

  const Ran same = run({"diff", "before.h5", "before.h5"});
  EXPECT_EQ(same.code, kDone);
  EXPECT_EQ(same.out + same.err, "");
}

TEST_F(Diff, BadQuestionsAreRefused) {
  tables::write_library(folder_.path() / "a.h5", tables::Library("a"));
  const auto refused = [&](const std::vector<std::string>& arguments, const char* part) {
    const Ran ran = run(arguments);
    EXPECT_EQ(ran.code, kBadInput);
    EXPECT_NE(ran.err.find(part), ran.err.npos) << ran.err;
  };
  refused({"diff", "a.h5", "nowhere.h5"}, "nowhere.h5");
  refused({"diff", "a.h5"}, "LIB2");
  refused({"diff", "a.h5", "a.h5", "--csv", "a.h5"}, "--csv a.h5");
}

}  // namespace
}  // namespace mavis::cli
