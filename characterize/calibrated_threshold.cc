// calibrated_threshold: the threshold of a comparator with given calibration settings, at given common modes.
// `mavis validate` places its runs: what the settings name "calibration.n_left" ... (0 to 3) and
// "common_mode.0" ... (of vdd, "common_modes" of them). The circuit is that of the bench comparator.
#include <fmt/format.h>

#include <map>
#include <utility>

#include "calibration_gates.h"
#include "plan/bench.h"
#include "threshold.h"
#include "util/home.h"

namespace mavis {
namespace {

using plan::Measurement;
using plan::Probe;
using plan::PvtPoint;
using plan::Subject;

constexpr double kAccuracy = 0.05e-3;  // V
constexpr double kSpread = 20e-3;      // V, how far from zero a calibrated threshold may well be

class CalibratedThreshold : public plan::Bench {
 public:
  std::string name() const override { return "calibrated_threshold"; }
  int version() const override { return 1; }
  std::string summary() const override {
    return "threshold of a comparator at its calibration setting: for mavis validate";
  }
  std::vector<std::string> kinds() const override { return {"comparator"}; }
  std::vector<std::pair<std::string, std::string>> roles() const override {
    return {{"comparator", "cal_n_left0"}};
  }
  bool for_macros() const override { return false; }

  std::vector<pdk::Parameter> parameters(const Subject& subject,
                                         const std::vector<spice::Device>& devices) const override {
    std::vector<pdk::Parameter> parameters = subject.pdk.parameters(devices);
    for (pdk::Parameter& parameter : parameters) parameter.name.insert(0, "u0.comparator/");
    return parameters;
  }

  std::vector<plan::Quantity> quantities(const Subject&) const override {
    return {{.name = "threshold", .unit = "V", .long_name = "input difference at which the decision turns"}};
  }

  std::map<std::string, double> settings(const Subject&) const override {
    std::map<std::string, double> settings = {{"common_modes", 1}, {"common_mode.0", 0.5}};
    for (const char* side : kCalibrationSides) settings[fmt::format("calibration.{}", side)] = 0;
    return settings;
  }

  std::vector<spice::DeckSpec> decks(const Subject& subject, const PvtPoint& pvt,
                                     const plan::Condition&) const override {
    spice::DeckSpec spec = deck_spec(*this, subject, pvt);
    spec.bench = home() / "characterize" / "comparator.cir";
    spec.saves = {"v(op)", "v(on)"};
    spec.cards = reset_state(subject.blocks.at("comparator"), pvt.vdd);
    return {spec};
  }

  Measurement measure(Probe& probe) const override {
    spice::Session& session = probe.session();
    const double vdd = probe.job().pvt.vdd;
    Measurement result;
    plan::Measured& measured = result["threshold"];
    for (int i = 0; i < static_cast<int>(probe.setting("common_modes")); ++i) {
      const double cm = probe.setting(fmt::format("common_mode.{}", i)) * vdd;
      const DelayCurve& curve = nominal(probe, session, vdd, cm);
      Threshold found;
      if (curve.valid()) {
        set_calibration(session, probe, vdd);
        found = find_threshold(decider_within(session, vdd, cm, curve), curve,
                               {.start = curve.threshold(), .spread = kSpread, .accuracy = kAccuracy});
      }
      measured.values.push_back(found.found ? found.value : 0);
      measured.status.push_back(found.found ? tables::Status::ok : tables::Status::censored);
    }
    return result;
  }

 private:
  // Of the circuit without mismatch and calibration.
  const DelayCurve& nominal(Probe& probe, spice::Session& session, double vdd, double cm) const {
    const std::pair key(probe.job().deck_hashes[0], cm);
    if (const auto known = nominal_.find(key); known != nominal_.end()) return known->second;
    plan::set_nominal(session, probe.job());
    for (const char* side : kCalibrationSides) set_calibration(session, vdd, side, 0);
    const DelayCurve curve = DelayCurve::measure(decider(session, vdd, cm, {kWindow, kLongestWindow}));
    plan::set_sample(session, probe.job());
    return nominal_[key] = curve;
  }

  mutable std::map<std::pair<std::string, double>, DelayCurve> nominal_;  // by deck and common mode
};

const bool registered = plan::register_bench(std::make_unique<CalibratedThreshold>());

}  // namespace
}  // namespace mavis
