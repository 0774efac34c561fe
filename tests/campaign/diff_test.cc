// mavis diff on libraries that were measured: false alarms, and a threshold shift that it must find.
#include "report/diff.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "campaign/run_program.h"
#include "distill/distill.h"
#include "util/home.h"

namespace mavis {
namespace {

namespace fs = std::filesystem;

class Diff : public testing::Test {
 protected:
  Finished characterize(const std::string& subject, const std::string& output,
                        const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"characterize", subject, "--responses",
                                          "none",         "-o",    (folder_.path() / output).string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_mavis(arguments, folder_);
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
  const Finished ran =
      characterize("sram_8t", "x.h5", {"--only", "leakage,read,noise_margin", "--samples", "64"});
  ASSERT_EQ(ran.code, 0) << ran.text;
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
  std::string netlist = bytes_of(home() / "netlists/comparators/strongarm.cir");
  const fs::path before = folder_.write("before/strongarm.cir", netlist);
  const std::string device = "m_in_l    dl   inp ", end = ".ends strongarm";
  ASSERT_NE(netlist.find(device), netlist.npos);
  netlist.replace(netlist.find(device), device.size(), "m_in_l    dl   gate ");
  ASSERT_NE(netlist.find(end), netlist.npos);
  netlist.replace(netlist.find(end), end.size(), "vshift inp gate dc 5m\n" + end);
  const fs::path after = folder_.write("after/strongarm.cir", netlist);
  const auto measured = [&](const fs::path& subject, const char* seed, const char* output) {
    const Finished ran =
        characterize(subject.string(), output, {"--only", "comparator", "--samples", "2", "--seed", seed});
    EXPECT_EQ(ran.code, 0) << ran.text;
    return (folder_.path() / output).string();
  };
  const std::string a = measured(before, "1", "before.h5"), b = measured(after, "2", "after.h5");

  const tables::Library first = tables::read_library(a), second = tables::read_library(b);
  const report::LibraryDiff found = report::diff(first, second);
  ASSERT_TRUE(found.moved());
  EXPECT_EQ(found.figures[0].table->name, "comparator/offset");
  EXPECT_EQ(found.figures[0].figure, "nominal");
  EXPECT_NEAR(found.figures[0].difference, 5e-3, 1e-3);

  const Finished said = run_mavis({"diff", a, b}, folder_);
  EXPECT_EQ(said.code, 1);
  const std::size_t line = said.text.find('\n') + 1;
  EXPECT_EQ(said.text.compare(line, 17, "comparator/offset"), 0) << said.text;
  EXPECT_NE(said.text.find("strongarm.cir: changed"), said.text.npos) << said.text;
  const Finished same = run_mavis({"diff", a, a}, folder_);
  EXPECT_EQ(same.code, 0);
  EXPECT_EQ(same.text, "");
}

}  // namespace
}  // namespace mavis
