// Every bench, measured through the shared library and through plain `ngspice -b`, on the same decks and
// draws.
#include <gtest/gtest.h>

#include <cmath>

#include "plain_session.h"
#include "plan/plan.h"
#include "spice/shared_session.h"
#include "util/home.h"

namespace mavis {
namespace {

using plan::Measurement;

class DirectProbe : public plan::Probe {
 public:
  DirectProbe(const plan::Plan& plan, plan::Job job, spice::Session& session)
      : plan_(plan), job_(std::move(job)), session_(session) {}
  const plan::Job& job() const override { return job_; }
  spice::Session& session(std::size_t deck) override {
    const std::string& hash = job_.deck_hashes.at(deck);
    if (hash == loaded_) return session_;
    session_.load(plan_.deck(hash).text);
    for (const plan::Assignment& a : job_.assignments) session_.set(a.device, a.parameter, a.value);
    loaded_ = hash;
    return session_;
  }

 private:
  const plan::Plan& plan_;
  plan::Job job_;
  spice::Session& session_;
  std::string loaded_;
};

// The first rounds of a plan, answered from one session.
class OwnDevices : public plan::Results {
 public:
  explicit OwnDevices(std::vector<spice::Device> devices) : devices_(std::move(devices)) {}
  const Measurement* measurement(const plan::Request&) const override { return nullptr; }
  const std::vector<spice::Device>* devices(const plan::Request&) const override { return &devices_; }

 private:
  std::vector<spice::Device> devices_;
};

void compare(const std::string& bench, const std::string& subject_name) {
  plan::Subject subject = plan::read_subject(subject_name);
  const std::string path = subject.path.string();
  plan::Plan plan(std::move(subject), {.subject = path,
                                       .pdk = "ptm45hp",
                                       .corners = {"ss"},
                                       .vdd = {0.9},
                                       .temp_c = {120},
                                       .samples = 2,
                                       .benches = {bench}});
  TemporaryFolder folder;
  std::filesystem::current_path(folder.path());
  spice::SharedSession shared;
  shared.load(plan.points()[0].decks[0].text);
  const OwnDevices devices(shared.devices());
  plan.next_round(devices);
  plan.next_round(devices);
  PlainSession plain;
  for (std::size_t point : {std::size_t{0}, plan.points().size() - 1})
    for (const plan::Request& request : {plan.samples(point)[1]}) {
      DirectProbe fast(plan, plan.job(request), shared), slow(plan, plan.job(request), plain);
      const Measurement a = plan.points()[point].bench->measure(fast),
                        b = plan.points()[point].bench->measure(slow);
      ASSERT_EQ(a.size(), b.size());
      for (const auto& [name, measured] : a) {
        const plan::Measured& other = b.at(name);
        ASSERT_EQ(measured.values.size(), other.values.size()) << name;
        EXPECT_EQ(measured.status, other.status) << name;
        double size = 0;  // cells of one quantity that cancel out are judged by the quantity's size
        for (double value : other.values) size = std::max(size, std::fabs(value));
        for (std::size_t i = 0; i < other.values.size(); ++i)
          EXPECT_NEAR(measured.values[i], other.values[i], 1e-6 * size)
              << bench << "/" << name << " cell " << i;
      }
    }
}

class Agreement : public ::testing::TestWithParam<std::string> {};

TEST_P(Agreement, SharedLibraryAndPlainNgspiceMeasureTheSame) {
  // One ngspice a process.
  EXPECT_EXIT(
      {
        compare(GetParam(), (home() / "netlists/macros/mf_8x62.toml").string());
        std::_Exit(::testing::Test::HasFailure() ? 1 : 0);
      },
      ::testing::ExitedWithCode(0), "");
}

std::vector<std::string> mismatch_benches() {
  std::vector<std::string> names;
  for (const auto& bench : plan::benches())
    if (bench->variation() == plan::Variation::mismatch &&
        bench->kinds() != std::vector<std::string>{"process"})
      names.push_back(bench->name());
  return names;
}

INSTANTIATE_TEST_SUITE_P(EveryBench, Agreement, ::testing::ValuesIn(mismatch_benches()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace mavis
