// line_charge: charge of a floating product line against its voltage, and what it leaks. The netlist of the
// same name explains how a ramp up and down separates the two.
#include "plan/bench.h"
#include "spice/waveform.h"

namespace mavis {
namespace {

using plan::Condition;
using plan::Measurement;
using plan::Probe;
using plan::PvtPoint;
using plan::Quantity;
using plan::Subject;
using tables::Axis;

constexpr double kRamp = 10e-9;   // s, one way
constexpr double kBeyond = 0.05;  // V, ramp goes this far beyond both rails
constexpr int kNodes = 10;        // voltages 0, 1/10 .. 10/10 of vdd

class LineCharge : public plan::Bench {
 public:
  std::string name() const override { return "line_charge"; }
  int version() const override { return 1; }
  std::string summary() const override {
    return "charge and leakage of a floating product line against its voltage";
  }
  std::vector<std::string> kinds() const override { return {"bitcell", "line"}; }

  std::vector<Axis> conditions(const Subject& subject) const override {
    return {{.name = "hold_voltage",
             .unit = "V",
             .long_name = "cell supply in the product",
             .values = subject.hold_voltages}};
  }

  std::vector<Quantity> quantities(const Subject&) const override {
    const Axis x{.name = "input_bit", .long_name = "input bit", .labels = {"0", "1"}};
    Axis level{.name = "level", .unit = "1", .long_name = "product line voltage over vdd"};
    for (int i = 0; i <= kNodes; ++i) level.values.push_back(static_cast<double>(i) / kNodes);
    return {{.name = "charge",
             .unit = "A.s",
             .long_name = "charge of the line above that at 0 V",
             .inner = {x, level}},
            {.name = "capacitance", .unit = "F", .long_name = "charge at vdd over vdd", .inner = {x}},
            {.name = "leakage",
             .unit = "A",
             .long_name = "current out of a floating line",
             .inner = {x, level},
             .responds = false}};
  }

  std::vector<spice::DeckSpec> decks(const Subject& subject, const PvtPoint& pvt,
                                     const Condition& condition) const override {
    spice::DeckSpec spec = deck_spec(*this, subject, pvt);
    spec.params.emplace_back("rows", subject.rows);
    spec.params.emplace_back("hold", condition[0].second);
    spec.params.emplace_back("w", 1);  // charge and leakage are the same for a stored 0 within a percent
    spec.saves = {"vpl#branch", "v(bit)", "v(bit_bar)"};
    return {spec};
  }

  Measurement measure(Probe& probe) const override {
    const double vdd = probe.job().pvt.vdd;
    spice::Session& session = probe.session();
    const double rate = (vdd + 2 * kBeyond) / kRamp, start = kBeyond / rate;
    Measurement result;
    for (int x : {0, 1}) {
      session.set_dc("vcl", x == 1 ? 0 : vdd);
      const spice::Waveforms run = session.run_tran(1e-12, 2 * kRamp, 0, kRamp / 20);
      if (!(run["bit"].back() > run["bit_bar"].back()))
        throw spice::RunFailure("the cell lost its stored bit");
      const auto time = run.scale(), current = run["vpl#branch"];
      double charge = 0;
      for (int i = 0; i <= kNodes; ++i) {
        // The ramp passes this voltage at t on the way up and at 2 kRamp - t on the way down.
        const double t = start + vdd * i / kNodes / rate;
        charge = (spice::integral(time, current, 2 * kRamp - t, 2 * kRamp - start) -
                  spice::integral(time, current, start, t)) /
                 2;
        result["charge"].values.push_back(charge);
        result["leakage"].values.push_back(
            -(spice::value_at(time, current, t) + spice::value_at(time, current, 2 * kRamp - t)) / 2);
      }
      result["capacitance"].values.push_back(charge / vdd);
    }
    return result;
  }
};

const bool registered = plan::register_bench(std::make_unique<LineCharge>());

}  // namespace
}  // namespace mavis
