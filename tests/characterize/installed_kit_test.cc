// Circuits on kits whose transistors are those of ptm45hp in other clothes measure as they do on ptm45hp.
#include <gtest/gtest.h>

#include <cmath>

#include "characterize/own_circuit.h"
#include "pdk/sample_kit.h"
#include "plan/plan.h"
#include "run/sample_probe.h"
#include "spice/shared_session.h"
#include "util/files.h"
#include "util/home.h"

namespace mavis {
namespace {

using plan::Measurement;

class Devices : public plan::Results {
 public:
  explicit Devices(std::vector<spice::Device> devices) : devices_(std::move(devices)) {}
  const Measurement* measurement(const plan::Request&) const override { return nullptr; }
  const std::vector<spice::Device>* devices(const plan::Request&) const override { return &devices_; }

 private:
  std::vector<spice::Device> devices_;
};

struct Figures {
  std::vector<std::string> parameters;  // what mismatch moves
  std::vector<Measurement> results;     // nominal, and one sample
};

Figures measure(spice::SharedSession& session, const std::string& pdk, const std::string& block,
                const std::string& bench) {
  plan::Subject subject = plan::read_subject(home() / block, pdk);
  const std::string path = subject.path.string();
  plan::Plan plan(std::move(subject), {.subject = path,
                                       .pdk = pdk,
                                       .corners = {"ss"},
                                       .vdd = {0.9},
                                       .temp_c = {120},
                                       .samples = 2,
                                       .benches = {bench}});
  session.load(plan.points()[0].decks[0].text);
  const Devices devices(session.devices());
  plan.next_round(devices);
  plan.next_round(devices);
  Figures figures;
  for (const pdk::Parameter& parameter : plan.parameters(plan::find_bench(bench)))
    figures.parameters.push_back(parameter.name);
  run::Circuit circuit{session};
  for (const plan::Request& request : {plan.nominal(0), plan.samples(0).back()}) {
    run::SampleProbe probe(circuit, plan.job(request), [&](const std::string& hash) -> const std::string& {
      return plan.deck(hash).text;
    });
    figures.results.push_back(plan::find_bench(bench).measure(probe));
  }
  return figures;
}

void expect_same(const Figures& a, const Figures& b) {
  EXPECT_EQ(a.parameters, b.parameters);
  ASSERT_EQ(a.results.size(), b.results.size());
  for (std::size_t k = 0; k < a.results.size(); ++k)
    for (const auto& [name, measured] : a.results[k]) {
      const std::vector<double>& other = b.results[k].at(name).values;
      ASSERT_EQ(measured.values.size(), other.size()) << name;
      double size = 0;
      for (double value : other) size = std::max(size, std::fabs(value));
      for (std::size_t i = 0; i < other.size(); ++i)
        EXPECT_NEAR(measured.values[i], other[i], 1e-6 * size) << name << " cell " << i << ", result " << k;
    }
  // The sample is another circuit than the nominal one.
  const auto& [name, nominal] = *a.results[0].begin();
  EXPECT_NE(nominal.values, a.results[1].at(name).values);
}

void compare(void (SampleKit::*make)(), const std::string& block, const std::string& bench) {
  in_own_process([&] {
    SampleKit kit;
    (kit.*make)();
    spice::SharedSession session;
    expect_same(measure(session, "ptm45hp", block, bench), measure(session, kit.pdk(), block, bench));
  });
}

TEST(OnAnInstalledKit, ACellOfSubcircuitsMeasuresTheSame) {
  compare(&SampleKit::make_subcircuits, "netlists/bitcells/sram_6t.cir", "leakage");
}

TEST(OnAnInstalledKit, ACellOfBinnedModelsMeasuresTheSame) {
  compare(&SampleKit::make_includes, "netlists/bitcells/sram_6t.cir", "leakage");
}

// Its idle rows are one cell with m = rows - 1: the number must reach the transistors two levels below.
TEST(OnAnInstalledKit, ALineOfSubcircuitsMeasuresTheSame) {
  compare(&SampleKit::make_subcircuits, "netlists/bitcells/sram_8t.cir", "line_charge");
}

// The kit's mismatch: no parameters of ours, nominal as ptm45hp, samples by their number alone.
TEST(OnAnInstalledKit, TheKitDrawsItsOwnMismatch) {
  in_own_process([] {
    SampleKit kit;
    kit.make_subcircuits();
    const std::string toml = read_text(kit.path() / "pdk/pdk.toml", "file");
    const std::size_t begin = toml.find("a_vt = {"), end = toml.find("mom_c = {");
    kit.write("pdk/pdk.toml",
              toml.substr(0, begin) + "owner = \"kit\"\nswitch = \"mm_switch\"\n" + toml.substr(end));
    spice::SharedSession session;
    const char* cell = "netlists/bitcells/sram_6t.cir";
    const Figures ours = measure(session, "ptm45hp", cell, "leakage");
    const Figures first = measure(session, kit.pdk(), cell, "leakage"),
                  again = measure(session, kit.pdk(), cell, "leakage");
    EXPECT_TRUE(first.parameters.empty());
    for (std::size_t i = 0; i < ours.results[0].at("power").values.size(); ++i) {
      const double nominal = first.results[0].at("power").values[i],
                   sample = first.results[1].at("power").values[i];
      EXPECT_NEAR(nominal, ours.results[0].at("power").values[i], 1e-6 * nominal);
      EXPECT_GT(std::fabs(sample / nominal - 1), 1e-3);
      EXPECT_EQ(again.results[1].at("power").values[i], sample);
    }
  });
}

}  // namespace
}  // namespace mavis
