// comparator: threshold (offset), delay, energy, kickback and calibration steps of a clocked comparator
// against common mode. The netlist of the same name explains the circuit around it.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <tuple>

#include "plan/bench.h"
#include "spice/waveform.h"
#include "threshold_prediction.h"

namespace mavis {
namespace {

using plan::Condition;
using plan::Measurement;
using plan::Probe;
using plan::PvtPoint;
using plan::Quantity;
using plan::Subject;
using tables::Axis;
using tables::Scale;
using tables::Status;
using tables::Worse;

constexpr std::array kCommonModes = {0.05, 0.25, 0.5, 0.75, 0.95};  // of vdd
constexpr std::array kOverdrives = {5e-3, 50e-3};                   // V beyond the threshold
constexpr std::size_t kCycleOverdrive = 0;     // energy and kickback are those of a 5 mV decision
constexpr double kAccuracy = 0.2e-3;           // V, of a threshold
constexpr double kResponseAccuracy = 0.05e-3;  // V, where the difference of two counts
constexpr double kCalibrationAccuracy = 2e-3;  // V, of a calibration step
// How far thresholds may well be from where they are looked for, V: at the first common mode, at the next
// one, with a calibration setting.
constexpr double kSpread = 20e-3, kSpreadBetween = 10e-3, kSpreadOfSteps = 4e-3;
constexpr double kShiftSpread = 0.35, kShiftKept = 0.7, kShiftSpreadOfSteps = 0.15;
constexpr double kWindowMargin = 1.3;         // for a sample slower than the circuit without mismatch
constexpr double kShortestWindow = 0.05e-9;   // s
constexpr double kLongestCycleStep = 12e-12;  // s, where currents count

// The N half is calibrated with inputs near vdd, the P half near ground, where each rules.
struct Side {
  const char* label;  // of the port roles: cal_<label>0, cal_<label>1
  double common_mode;
  bool active_low;
  double direction;  // of the threshold
};
constexpr std::array<Side, 4> kSides = {{{"n_left", 0.95, false, -1},
                                         {"n_right", 0.95, false, 1},
                                         {"p_left", 0.05, true, 1},
                                         {"p_right", 0.05, true, -1}}};
// Where the search on the circuit without mismatch starts, V from the threshold without calibration; a
// sample's starts from the step that was found there. Settings 1, 2, 3 are bits 0, 1, both.
constexpr std::array kExpectedSteps = {18e-3, 31e-3, 38e-3};

std::string setting_label(const Side& side, int setting) {
  return std::string(side.label) + "_" + std::to_string(setting);
}

void set_calibration(spice::Session& session, double vdd, const Side& side, int setting) {
  for (int bit : {0, 1}) {
    const bool on = (setting >> bit) & 1;
    session.set_dc("vcal_" + std::string(side.label) + std::to_string(bit), on != side.active_low ? vdd : 0);
  }
}

class Comparator : public plan::Bench {
 public:
  std::string name() const override { return "comparator"; }
  int version() const override { return 4; }
  std::string summary() const override {
    return "offset, delay, energy, kickback and calibration steps of a comparator against common mode";
  }
  std::vector<std::string> kinds() const override { return {"comparator"}; }

  std::vector<Quantity> quantities(const Subject& subject) const override {
    const Axis cm{.name = "common_mode",
                  .unit = "1",
                  .long_name = "input common mode over vdd",
                  .values = {kCommonModes.begin(), kCommonModes.end()}};
    const Axis overdrive{.name = "overdrive",
                         .unit = "V",
                         .long_name = "input difference beyond the threshold",
                         .values = {kOverdrives.begin(), kOverdrives.end()}};
    const Axis mode{.name = "mode", .long_name = "of the disturbance", .labels = {"differential", "common"}};
    std::vector<Quantity> quantities = {
        {.name = "offset",
         .unit = "V",
         .long_name = "input difference at which the decision turns",
         .inner = {cm}},
        {.name = "delay",
         .unit = "s",
         .long_name = "clock edge to decision",
         .scale = Scale::log,
         .inner = {cm, overdrive},
         .responds = false,
         .worse = Worse::high},
        {.name = "energy",
         .unit = "J",
         .long_name = "energy of a decision and its reset, without leakage, 5 mV overdrive",
         .inner = {cm},
         .responds = false,
         .worse = Worse::high},
        {.name = "kickback",
         .unit = "V",
         .long_name = "largest disturbance of the inputs in a decision and its reset, 5 mV overdrive",
         .inner = {cm, mode},
         .responds = false,
         .worse = Worse::high}};
    if (calibrated(subject)) {
      Axis setting{.name = "setting", .long_name = "calibration devices that are on"};
      for (const Side& side : kSides)
        for (int bits : {1, 2, 3}) setting.labels.push_back(setting_label(side, bits));
      quantities.push_back(
          {.name = "calibration_step",
           .unit = "V",
           .long_name = "shift of the offset by a calibration setting, at common mode 0.95 (N) or 0.05 (P)",
           .inner = {setting},
           .responds = false});
    }
    return quantities;
  }

  std::map<std::string, double> settings(const Subject& subject) const override {
    return {{"calibrated", calibrated(subject) ? 1 : 0}, {"predicts", 0}};
  }

  std::vector<spice::DeckSpec> decks(const Subject& subject, const PvtPoint& pvt,
                                     const Condition&) const override {
    spice::DeckSpec spec = deck_spec(*this, subject, pvt);
    spec.saves = {"v(op)", "v(on)", "v(ip)", "v(in)", "vvdd#branch"};
    spec.cards = reset_state(subject.blocks.at("comparator"), pvt.vdd);
    return {spec};
  }

  Measurement measure(Probe& probe) const override {
    spice::Session& session = probe.session();
    const double vdd = probe.job().pvt.vdd;
    const bool calibrated = probe.setting("calibrated") == 1;
    const bool predicts = probe.setting("predicts") == 1;
    const bool whole = probe.job().draw.whole();
    if (calibrated)
      for (const Side& side : kSides) set_calibration(session, vdd, side, 0);
    const Nominal& nominal = prepare(probe);

    Measurement result;
    std::array<Threshold, kCommonModes.size()> thresholds;
    double start = 0, spread = kSpread, shift = 0;
    for (std::size_t i = 0; i < kCommonModes.size(); ++i) {
      const double cm = kCommonModes[i] * vdd;
      const DelayCurve& curve = nominal.curves[i];
      if (curve.valid()) {
        SearchSettings search{.start = start + curve.threshold(),
                              .spread = spread,
                              .accuracy = whole ? kAccuracy : kResponseAccuracy,
                              .shift = shift,
                              .shift_spread = kShiftSpread};
        if (predicts) nominal.predictions[i].apply(search, probe.job().assignments);
        thresholds[i] = find_threshold(decider_within(session, vdd, cm, curve), curve, search);
      }
      // The same devices rule at the next common mode, mostly.
      if (thresholds[i].found) {
        start = thresholds[i].value - curve.threshold();
        spread = kSpreadBetween;
        shift = kShiftKept * thresholds[i].shift;
      }
      add(result["offset"], thresholds[i].value, thresholds[i].found);
      if (whole) add_decisions(result, session, vdd, cm, curve, thresholds[i]);
    }
    if (whole && calibrated)
      for (const Threshold& step : calibration_steps(session, vdd, nominal.curves, thresholds, nominal.steps))
        add(result["calibration_step"], step.value, step.found);
    return result;
  }

 private:
  using Thresholds = std::array<Threshold, kCommonModes.size()>;
  using Steps = std::array<double, 3 * kSides.size()>;  // V, by side and setting

  // The circuit without mismatch: depends on the deck alone, so a worker keeps it.
  struct Nominal {
    std::vector<DelayCurve> curves;                // by common mode
    std::vector<ThresholdPrediction> predictions;  // likewise, where asked for
    Steps steps{};
  };

  static bool calibrated(const Subject& subject) {
    return subject.blocks.at("comparator").has_port("cal_n_left0");
  }

  static void add(plan::Measured& measured, double value, bool ok) {
    measured.values.push_back(ok ? value : 0);
    measured.status.push_back(ok ? Status::ok : Status::censored);
  }

  // For a decision `overdrive` V beyond the threshold.
  static double window_of(const DelayCurve& curve, double overdrive) {
    return std::min(kLongestWindow, kWindowMargin * curve.window(overdrive, kShortestWindow));
  }

  const Nominal& prepare(Probe& probe) const {
    const plan::Job& job = probe.job();
    const std::tuple key(job.deck_hashes[0], job.step_scale, probe.setting("predicts"));
    if (const auto known = nominal_.find(key); known != nominal_.end()) return known->second;
    Nominal nominal;
    Thresholds thresholds;
    spice::Session& session = probe.session();
    plan::set_nominal(session, job);
    for (std::size_t i = 0; i < kCommonModes.size(); ++i) {
      const double cm = kCommonModes[i] * job.pvt.vdd;
      DelayCurve curve = DelayCurve::measure(decider(session, job.pvt.vdd, cm, {kWindow, kLongestWindow}));
      thresholds[i] = {.value = curve.threshold(), .found = curve.valid()};
      if (probe.setting("predicts") == 1)
        nominal.predictions.push_back(
            curve.valid()
                ? ThresholdPrediction::measure(session, decider_within(session, job.pvt.vdd, cm, curve),
                                               curve, job.assignments)
                : ThresholdPrediction());
      nominal.curves.push_back(std::move(curve));
    }
    if (probe.setting("calibrated") == 1) {
      for (std::size_t i = 0; i < nominal.steps.size(); ++i)
        nominal.steps[i] = kSides[i / 3].direction * kExpectedSteps[i % 3];
      const auto found = calibration_steps(session, job.pvt.vdd, nominal.curves, thresholds, nominal.steps);
      for (std::size_t i = 0; i < nominal.steps.size(); ++i)
        if (found[i].found) nominal.steps[i] = found[i].value;
    }
    plan::set_sample(session, job);
    return nominal_[key] = std::move(nominal);
  }

  // Decisions at each overdrive; the one for energy and kickback with its reset.
  static void add_decisions(Measurement& result, spice::Session& session, double vdd, double cm,
                            const DelayCurve& curve, const Threshold& threshold) {
    for (std::size_t i = 0; i < kOverdrives.size(); ++i) {
      const double difference = threshold.value + kOverdrives[i];
      Decision decision;
      if (threshold.found && i == kCycleOverdrive)
        decision = add_cycle(result, session, vdd, cm, difference, window_of(curve, kOverdrives[i] / 50),
                             std::min(kLongestCycleStep, curve.step()));
      else if (threshold.found)
        decision = decider(session, vdd, cm, {window_of(curve, kOverdrives[i]), kLongestWindow},
                           curve.step())(difference);
      add(result["delay"], decision.delay, decision.sign > 0);
    }
    if (threshold.found) return;
    add(result["energy"], 0, false);
    for (int mode = 0; mode < 2; ++mode) add(result["kickback"], 0, false);
  }

  static Decision add_cycle(Measurement& result, spice::Session& session, double vdd, double cm,
                            double difference, double window, double step) {
    const double stop = set_clock(session, vdd, window);
    set_inputs(session, cm, difference);
    const spice::Waveforms run = session.run_tran(kFirstStep, stop, 0, step);
    const Decision decision = read_decision(run, vdd, window);
    const auto supply = run["vvdd#branch"];
    // The reset state's current is what the comparator leaks anyway.
    const double charge = -spice::integral(run.scale(), supply, 0, stop) + supply[0] * stop;
    add(result["energy"], vdd * charge, decision.sign > 0);
    double differential = 0, common = 0;
    for (std::size_t k = 0; k < supply.size(); ++k) {
      differential = std::max(differential, std::fabs(run["ip"][k] - run["in"][k] - difference));
      common = std::max(common, std::fabs((run["ip"][k] + run["in"][k]) / 2 - cm));
    }
    add(result["kickback"], differential, true);
    add(result["kickback"], common, true);
    return decision;
  }

  // How far each calibration setting shifts the thresholds without it, V; `expected` is where to look first.
  static std::array<Threshold, 3 * kSides.size()> calibration_steps(spice::Session& session, double vdd,
                                                                    const std::vector<DelayCurve>& curves,
                                                                    const Thresholds& thresholds,
                                                                    const Steps& expected) {
    std::array<Threshold, 3 * kSides.size()> steps;
    for (std::size_t k = 0; k < steps.size(); ++k) {
      const Side& side = kSides[k / 3];
      const int setting = static_cast<int>(k % 3) + 1;
      const auto i = static_cast<std::size_t>(
          std::find(kCommonModes.begin(), kCommonModes.end(), side.common_mode) - kCommonModes.begin());
      if (!thresholds[i].found) continue;
      set_calibration(session, vdd, side, setting);
      steps[k] = find_threshold(decider_within(session, vdd, side.common_mode * vdd, curves[i]), curves[i],
                                {.start = thresholds[i].value + expected[k],
                                 .spread = kSpreadOfSteps,
                                 .accuracy = kCalibrationAccuracy,
                                 .shift = thresholds[i].shift,
                                 .shift_spread = kShiftSpreadOfSteps});
      steps[k].value -= thresholds[i].value;
      set_calibration(session, vdd, side, 0);
    }
    return steps;
  }

  mutable std::map<std::tuple<std::string, double, double>, Nominal>
      nominal_;  // by deck, step and prediction; a worker has one thread
};

const bool registered = plan::register_bench(std::make_unique<Comparator>());

}  // namespace
}  // namespace mavis
