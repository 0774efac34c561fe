// comparator_calibration: the threshold of a calibrated comparator against common mode: without any setting
// at many common modes, with each setting where its half rules.
//
// A comparator of two halves follows its P half up to a common mode a little below the middle and its N half
// above; between, within a tenth of vdd, the threshold goes from one's offset to the other's. A setting of
// one half moves the threshold where that half rules, by an amount that depends on the sample: settings let
// other devices take part in the decision and put the others to another balance. So each setting has
// responses of its own, at four common modes of its half; how far it acts in between is told by the circuit
// without mismatch.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <tuple>

#include "calibration_gates.h"
#include "plan/bench.h"
#include "threshold.h"
#include "util/home.h"

namespace mavis {
namespace {

using plan::Condition;
using plan::Measurement;
using plan::Probe;
using plan::PvtPoint;
using plan::Quantity;
using plan::Subject;
using tables::Axis;
using tables::Status;

// Common modes, of vdd: dense where the halves change over.
constexpr std::array kNodes = {0.05, 0.1, 0.15, 0.25, 0.4, 0.425, 0.45, 0.475, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95};
// Of these, where a half rules alone, from its own rail inwards, by half.
constexpr std::array<std::array<double, 4>, 2> kPlaces = {{{0.95, 0.9, 0.7, 0.5}, {0.05, 0.15, 0.25, 0.4}}};
constexpr std::array<const char*, 4> kPlaceNames = {"rail", "near_rail", "middle", "inner"};
constexpr int kSettings = 3;  // of a side: bits 0, 1, both
constexpr std::size_t kAll = kSettings * kCalibrationSides.size();

constexpr double kAccuracy = 0.1e-3;           // V, of a threshold
constexpr double kResponseAccuracy = 0.05e-3;  // V, where the difference of two counts
// How far thresholds may well be from where they are looked for, V: at the first common mode, at the next
// one, with a setting; and how delays depart from the curve (bench comparator).
constexpr double kSpread = 20e-3, kSpreadBetween = 10e-3, kSpreadOfSettings = 4e-3, kNominalSpread = 20e-3;
constexpr double kShiftSpread = 0.35, kShiftKept = 0.7, kShiftSpreadOfSettings = 0.15;

std::size_t half_of(std::size_t side) {
  return kCalibrationSides[side][0] == 'n' ? 0 : 1;
}

class ComparatorCalibration : public plan::Bench {
 public:
  std::string name() const override { return "comparator_calibration"; }
  int version() const override { return 1; }
  std::string summary() const override {
    return "threshold of a comparator against common mode, and how each calibration setting shifts it";
  }
  std::vector<std::string> kinds() const override { return {"comparator"}; }
  std::vector<std::pair<std::string, std::string>> roles() const override {
    return {{"comparator", "cal_n_left0"}};
  }
  // Spread is what the bench comparator tells; here the circuit without mismatch and the responses count.
  int samples(int) const override { return 1; }

  std::vector<Quantity> quantities(const Subject&) const override {
    const Axis common_mode{.name = "common_mode",
                           .unit = "1",
                           .long_name = "input common mode over vdd",
                           .values = {kNodes.begin(), kNodes.end()}};
    Axis setting{.name = "setting", .long_name = "calibration devices that are on"};
    for (const char* side : kCalibrationSides)
      for (int bits = 1; bits <= kSettings; ++bits)
        setting.labels.push_back(std::string(side) + "_" + std::to_string(bits));
    const Axis place{.name = "place",
                     .long_name =
                         "where the setting's half rules: common mode 0.95, 0.9, 0.7, 0.5 (N) or 0.05, 0.15, "
                         "0.25, 0.4 (P)",
                     .labels = {kPlaceNames.begin(), kPlaceNames.end()}};
    return {{.name = "offset",
             .unit = "V",
             .long_name = "input difference at which the decision turns, all settings off",
             .inner = {common_mode},
             .bends = plan::Bends::searched},
            {.name = "shift",
             .unit = "V",
             .long_name = "shift of the offset by a calibration setting, against common mode",
             .inner = {setting, common_mode},
             .responds = false},
            {.name = "shift_where_it_rules",
             .unit = "V",
             .long_name = "shift of the offset by a calibration setting, where its half rules",
             .inner = {setting, place},
             .bends = plan::Bends::searched}};
  }

  std::vector<spice::DeckSpec> decks(const Subject& subject, const PvtPoint& pvt,
                                     const Condition&) const override {
    spice::DeckSpec spec = deck_spec(*this, subject, pvt);
    spec.bench = home() / "characterize" / "comparator.cir";
    spec.saves = {"v(op)", "v(on)"};
    spec.cards = reset_state(subject.blocks.at("comparator"), pvt.vdd);
    return {spec};
  }

  Measurement measure(Probe& probe) const override {
    const Nominal& nominal = prepare(probe);
    const bool whole = probe.job().draw.whole();
    Search search{probe.session(), probe.job().pvt.vdd, whole ? kAccuracy : kResponseAccuracy};
    Measurement result;
    const auto add = [&](const char* quantity, const Threshold& threshold) {
      result[quantity].values.push_back(threshold.found ? threshold.value : 0);
      result[quantity].status.push_back(threshold.found ? Status::ok : Status::censored);
    };
    turn_off(search);
    std::map<double, Threshold> offsets;
    double start = 0, spread = kSpread, shift = 0;
    for (const double cm : kNodes) {
      const Point& point = nominal.at(cm);
      Threshold& found = offsets[cm];
      found = search.at(cm, point.curve,
                        {.start = start + point.curve.threshold(),
                         .spread = spread,
                         .accuracy = search.accuracy,
                         .shift = shift,
                         .shift_spread = kShiftSpread});
      add("offset", found);
      if (!found.found) continue;
      start = found.value - point.curve.threshold();
      spread = kSpreadBetween;
      shift = kShiftKept * found.shift;
    }
    const auto with_setting = [&](std::size_t k, double cm) {
      const Point& point = nominal.at(cm);
      const Threshold& off = offsets.at(cm);
      if (!off.found) return Threshold{};
      set_calibration(search.session, search.vdd, kCalibrationSides[k / kSettings],
                      static_cast<int>(k % kSettings) + 1);
      Threshold found = search.at(cm, point.curve,
                                  {.start = off.value + point.shifts[k],
                                   .spread = kSpreadOfSettings,
                                   .accuracy = search.accuracy,
                                   .shift = off.shift,
                                   .shift_spread = kShiftSpreadOfSettings});
      found.value -= off.value;
      return found;
    };
    for (std::size_t k = 0; k < kAll; ++k) {
      std::map<double, Threshold> found;
      if (whole)
        for (const double cm : kNodes) add("shift", found[cm] = with_setting(k, cm));
      for (const double cm : kPlaces[half_of(k / kSettings)]) {
        if (!found.contains(cm)) found[cm] = with_setting(k, cm);
        add("shift_where_it_rules", found[cm]);
      }
      turn_off(search);
    }
    return result;
  }

 private:
  // At one common mode, the circuit without mismatch.
  struct Point {
    DelayCurve curve;
    std::array<double, kAll> shifts{};  // V, by setting
  };
  using Nominal = std::map<double, Point>;  // by common mode

  struct Search {
    spice::Session& session;
    double vdd, accuracy;
    Threshold at(double cm, const DelayCurve& curve, const SearchSettings& settings) const {
      if (!curve.valid()) return {};
      return find_threshold(decider_within(session, vdd, cm * vdd, curve), curve, settings);
    }
  };

  static void turn_off(const Search& search) {
    for (const char* side : kCalibrationSides) set_calibration(search.session, search.vdd, side, 0);
  }

  const Nominal& prepare(Probe& probe) const {
    const plan::Job& job = probe.job();
    const std::tuple key(job.deck_hashes[0], job.step_scale);
    if (const auto known = nominal_.find(key); known != nominal_.end()) return known->second;
    Nominal nominal;
    Search search{probe.session(), job.pvt.vdd, kAccuracy};
    plan::set_nominal(search.session, job);
    turn_off(search);
    for (const double cm : kNodes)
      nominal[cm].curve = DelayCurve::measure(
          decider(search.session, job.pvt.vdd, cm * job.pvt.vdd, {kWindow, kLongestWindow}));
    for (const double cm : kNodes)
      for (std::size_t k = 0; k < kAll && nominal[cm].curve.valid(); ++k) {
        turn_off(search);
        set_calibration(search.session, search.vdd, kCalibrationSides[k / kSettings],
                        static_cast<int>(k % kSettings) + 1);
        const Threshold found = search.at(
            cm, nominal[cm].curve,
            {.start = nominal[cm].curve.threshold(), .spread = kNominalSpread, .accuracy = kAccuracy});
        if (found.found) nominal[cm].shifts[k] = found.value - nominal[cm].curve.threshold();
      }
    plan::set_sample(search.session, job);
    return nominal_[key] = std::move(nominal);
  }

  // By deck and step; a worker has one thread.
  mutable std::map<std::tuple<std::string, double>, Nominal> nominal_;
};

const bool registered = plan::register_bench(std::make_unique<ComparatorCalibration>());

}  // namespace
}  // namespace mavis
