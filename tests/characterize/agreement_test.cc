// Every bench, measured through the shared library and through plain `ngspice -b`, on the same decks and
// draws.
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "plain_session.h"
#include "plan/applicable.h"
#include "plan/plan.h"
#include "plan/process_check.h"
#include "run/sample_probe.h"
#include "spice/shared_session.h"
#include "util/error.h"
#include "util/home.h"

namespace mavis {
namespace {

using plan::Measurement;

// The first rounds of a plan, answered from one session.
class OwnDevices : public plan::Results {
 public:
  explicit OwnDevices(std::vector<spice::Device> devices) : devices_(std::move(devices)) {}
  const Measurement* measurement(const plan::Request&) const override { return nullptr; }
  const std::vector<spice::Device>* devices(const plan::Request&) const override { return &devices_; }

 private:
  std::vector<spice::Device> devices_;
};

void expect_same(const std::string& bench, const Measurement& a, const Measurement& b) {
  ASSERT_EQ(a.size(), b.size());
  for (const auto& [name, measured] : a) {
    const plan::Measured& other = b.at(name);
    ASSERT_EQ(measured.values.size(), other.values.size()) << name;
    EXPECT_EQ(measured.status, other.status) << name;
    double size = 0;  // cells of one quantity that cancel out are judged by the quantity's size
    for (double value : other.values) size = std::max(size, std::fabs(value));
    for (std::size_t i = 0; i < other.values.size(); ++i)
      EXPECT_NEAR(measured.values[i], other.values[i], 1e-6 * size) << bench << "/" << name << " cell " << i;
  }
}

// The two sessions, of which a process has one each.
class Both {
 public:
  using Text = run::SampleProbe::DeckText;
  spice::SharedSession& shared() { return shared_; }
  void compare(const plan::Job& job, const Text& text) {
    const plan::Bench& bench = plan::find_bench(job.bench);
    run::SampleProbe fast(fast_, job, text), slow(slow_, job, text);
    expect_same(job.bench, bench.measure(fast), bench.measure(slow));
  }

 private:
  spice::SharedSession shared_;
  PlainSession plain_;
  run::Circuit fast_{shared_}, slow_{plain_};
};

// The first of our own that the bench can measure.
plan::Subject subject_of(const plan::Bench& bench) {
  for (const char* place : {"macros/mf_8x62.toml", "bitcells/sram_6t.cir", "dacs/cap_dac_5b.cir",
                            "bitcells/cim_10t_average.cir"}) {
    plan::Subject subject = plan::read_subject(home() / "netlists" / place);
    if (!subject.is_macro()) subject.rows = 2;
    if (plan::misfit(bench, subject).empty()) return subject;
  }
  throw InputError(bench.name() + ": none of our subjects fits it; add one here");
}

void compare_bench(const std::string& bench) {
  plan::Subject subject = subject_of(plan::find_bench(bench));
  const std::string path = subject.path.string();
  plan::Plan plan(std::move(subject), {.subject = path,
                                       .pdk = "ptm45hp",
                                       .corners = {"ss"},
                                       .vdd = {0.9},
                                       .temp_c = {120},
                                       .samples = 2,
                                       .benches = {bench}});
  Both both;
  both.shared().load(plan.points()[0].decks[0].text);
  const OwnDevices devices(both.shared().devices());
  plan.next_round(devices);
  plan.next_round(devices);
  for (std::size_t point : {std::size_t{0}, plan.points().size() - 1})
    both.compare(plan.job(plan.samples(point).back()),
                 [&](const std::string& hash) -> const std::string& { return plan.deck(hash).text; });
}

void compare_process() {
  const plan::ProcessJobs process = plan::process_jobs(pdk::read_pdk("ptm45hp"));
  Both both;
  for (const plan::Job& job : process.jobs)
    both.compare(job,
                 [&](const std::string& hash) -> const std::string& { return process.decks.at(hash).text; });
}

class Agreement : public ::testing::TestWithParam<std::string> {};

TEST_P(Agreement, SharedLibraryAndPlainNgspiceMeasureTheSame) {
  // One ngspice a process.
  EXPECT_EXIT(
      {
        const TemporaryFolder folder;
        std::filesystem::current_path(folder.path());
        GetParam() == "process" ? compare_process() : compare_bench(GetParam());
        std::_Exit(::testing::Test::HasFailure() ? 1 : 0);
      },
      ::testing::ExitedWithCode(0), "");
}

// Not those whose vectors `mavis validate` places and whose loop only the shared library closes (tests/cli
// replays one in plain ngspice), nor the search for hundreds of thresholds by decisions that the bench
// comparator makes here.
std::vector<std::string> all_benches() {
  const std::set<std::string> others = {"uarray_ideal", "uarray_full", "calibrated_threshold",
                                        "comparator_calibration"};
  std::vector<std::string> names;
  for (const auto& bench : plan::benches())
    if (!others.contains(bench->name())) names.push_back(bench->name());
  return names;
}

INSTANTIATE_TEST_SUITE_P(EveryBench, Agreement, ::testing::ValuesIn(all_benches()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace mavis
