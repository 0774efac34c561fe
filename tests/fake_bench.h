// A bench whose numbers are known: twice a device's threshold shift and so on. Its circuit is a resistor and
// one transistor in a temporary file; tests answer its requests without ngspice.
#pragma once

#include <cmath>

#include "plan/plan.h"
#include "temporary_folder.h"
#include "util/home.h"

namespace mavis {

class FakeBench : public plan::Bench {
 public:
  std::string name() const override { return "fake"; }
  int version() const override { return 1; }
  std::string summary() const override { return "known numbers"; }
  std::vector<std::string> kinds() const override { return {"fake"}; }
  std::vector<tables::Axis> conditions(const plan::Subject&) const override {
    return {{.name = "hold_voltage", .unit = "V", .values = {0.4, 0.6}},
            {.name = "stored_bit", .labels = {"0", "1"}}};
  }
  std::vector<plan::Quantity> quantities(const plan::Subject&) const override {
    return {{.name = "level",
             .unit = "V",
             .inner = {{.name = "side", .labels = {"left", "right"}}},
             .bends = plan::Bends::exact},
            {.name = "delay", .unit = "s", .scale = tables::Scale::log, .only = {{"stored_bit", 1}}}};
  }
  std::vector<spice::DeckSpec> decks(const plan::Subject&, const plan::PvtPoint& pvt,
                                     const plan::Condition& condition) const override {
    static const TemporaryFolder folder;
    static const auto path = folder.write("fake.cir", "* fake\nr1 a 0 {vdd*hold*w}\n.end\n");
    return {{.title = "fake " + pvt.corner,
             .bench = path,
             .process = {},
             .blocks = {},
             .params = {{"vdd", pvt.vdd}, {"hold", condition[0].second}, {"w", condition[1].second}},
             .temp_c = pvt.temp_c}};
  }
  plan::Measurement measure(plan::Probe&) const override {
    throw spice::RunFailure("only answered by tests");
  }
};

inline const FakeBench& fake_bench() {
  static const bool registered = plan::register_bench(std::make_unique<FakeBench>());
  (void)registered;
  return static_cast<const FakeBench&>(plan::find_bench("fake"));
}

// Three devices: two with mismatch that matters, one that does not.
inline std::vector<spice::Device> fake_devices() {
  std::vector<spice::Device> devices;
  for (const char* name : {"m.xdut.m1", "m.xdut.m2"})
    devices.push_back({.name = name, .model = "nch", .nodes = {}, .w = 90e-9, .l = 45e-9});
  return devices;
}

inline plan::Plan fake_plan(int samples, plan::Responses responses = plan::Responses::all,
                            const std::string& accuracy = "", int most = 4096) {
  fake_bench();
  plan::Subject subject = plan::read_subject(home() / "netlists/bitcells/sram_8t.cir");
  const std::string path = subject.path.string();
  return plan::Plan(std::move(subject), {.subject = path,
                                         .pdk = "ptm45hp",
                                         .corners = {"tt", "ss"},
                                         .vdd = {0.9, 1.0, 1.1},
                                         .temp_c = {27},
                                         .samples = samples,
                                         .seed = 3,
                                         .accuracy = accuracy,
                                         .most = most,
                                         .responses = responses,
                                         .benches = {"fake"}});
}

// What the fake circuit measures: level = vdd + hold + z-shift of m1, right twice as sensitive; delay = exp
// of it.
inline plan::Measurement fake_answer(const plan::Rounds& plan, const plan::Request& request) {
  const plan::Job job = plan.job(request);
  const double base = job.pvt.vdd + job.condition[0].second;
  // delvto of m1; numerics that tight settings would mend are a quarter millivolt of it
  const double shift = job.assignments[0].value + (job.step_scale == 1 ? 0 : 0.25e-3);
  plan::Measurement answer;
  answer["level"].values = {base + shift, base + 2 * shift};
  if (job.condition[1].second == 1) answer["delay"].values = {1e-10 * std::exp(10 * shift)};
  return answer;
}

}  // namespace mavis
