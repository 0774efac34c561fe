// comparator_noise: temporal noise of a decision, referred to the input.
//
// Each transistor of the comparator gets a current source from drain to source, whose waveform is white
// Gaussian noise times the square root of that device's noise density along the decision: the density is what
// ngspice's own noise analysis gives for a device of this size at this corner and temperature, as a function
// of its inversion charge (device_noise.cir); the charge is read along a decision without noise. Thermal
// noise only: the cards' 1/f part is left out. A sample is one noise realisation on the circuit without
// mismatch. Three inputs are decided under the same realisation; the one that comes closest to a draw tells
// by its delay where the threshold was.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <tuple>

#include "decision.h"
#include "plan/bench.h"
#include "spice/waveform.h"
#include "util/draws.h"
#include "util/error.h"
#include "util/hash.h"
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

constexpr std::array kCommonModes = {0.1, 0.5, 0.9};  // of vdd
constexpr std::array kInputs = {0.0, 1e-3, 2e-3};     // V from the threshold
// Noise values are this far apart and linear between: flat to a quarter of 1 / kNoiseStep, some 100 GHz. The
// time step is no longer. scripts/bench/noise halves both and compares.
constexpr double kNoiseStep = 2e-12;  // s
// V: a decision this close to a draw ends within the first window; one closer gets the second, longer one.
constexpr double kNear = 2e-5, kSmallest = 1e-7;
constexpr double kShortestWindow = 0.1e-9;  // s
constexpr double kFrequency = 1e16;         // Hz, see device_noise.cir
constexpr std::array kGates = {0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45,
                               0.5,  0.6, 0.7,  0.8, 0.9,  1.0, 1.1};  // V

// The nodes that the bench netlist gives to the comparator's ports, by role.
const std::map<std::string, std::string> kOuterNodes = {{"inp", "ip"},
                                                        {"inn", "in"},
                                                        {"clk", "clk"},
                                                        {"outp", "op"},
                                                        {"outn", "on"},
                                                        {"vdd", "vdd"},
                                                        {"vss", "0"},
                                                        {"cal_n_left0", "cnl0"},
                                                        {"cal_n_left1", "cnl1"},
                                                        {"cal_n_right0", "cnr0"},
                                                        {"cal_n_right1", "cnr1"},
                                                        {"cal_p_left0", "cpl0"},
                                                        {"cal_p_left1", "cpl1"},
                                                        {"cal_p_right0", "cpr0"},
                                                        {"cal_p_right1", "cpr1"}};

constexpr std::string_view kInstance = "m.xdut.";  // before the name of each of the comparator's transistors

std::string source_of(std::string_view transistor) {
  return "in_" + std::string(transistor);
}

// A transistor of the comparator.
struct NoisyDevice {
  std::string name;           // "mn_tail"
  std::string drain, source;  // flat nodes
  std::string charge() const { return "@" + std::string(kInstance) + name + "[qinv]"; }
};

std::vector<NoisyDevice> noisy_devices(const spice::Block& block) {
  std::map<std::string, std::string> ports;
  for (const spice::Port& port : block.ports) {
    const auto outer = kOuterNodes.find(port.role);
    if (outer != kOuterNodes.end()) ports[port.name] = outer->second;
  }
  const auto flat = [&](const std::string& node) {
    if (node == "0") return node;
    const auto port = ports.find(node);
    return port != ports.end() ? port->second : "xdut." + node;
  };
  std::map<std::string, std::string> files;
  std::vector<NoisyDevice> devices;
  for (const spice::Line& line : spice::joined_lines(spice::read_netlist(block.path, {}, files))) {
    const std::vector<std::string> words = spice::words_of(spice::lower(line.text));
    if (words.empty()) continue;
    if (words[0][0] == 'x')
      throw InputError(block.path.string() +
                       ": has sub-circuits inside; bench comparator_noise needs the transistors in "
                       "the comparator's own .subckt (leave it out with --only)");
    if (words[0][0] == 'm' && words.size() > 5) devices.push_back({words[0], flat(words[1]), flat(words[3])});
  }
  return devices;
}

// Noise density of one device size against inversion charge.
class DensityTable {
 public:
  static DensityTable measure(spice::Session& session, bool nmos, double w, double l) {
    const std::string device = nmos ? "mn" : "mp", gate = nmos ? "vgn" : "vgp";
    session.set(device, "w", w);
    session.set(device, "l", l);
    DensityTable table;
    for (double volts : kGates) {
      session.set_dc(gate, nmos ? volts : -volts);
      const spice::Waveforms run = session.run_noise(nmos ? "outn" : "outp", gate, kFrequency);
      const double charge = std::fabs(run["@" + device + "[qinv]"][0]), density = run["onoise_spectrum"][0];
      if (!table.log_charge_.empty() && std::log(charge) <= table.log_charge_.back()) continue;
      table.log_charge_.push_back(std::log(charge));
      table.log_density_.push_back(2 * std::log(density));
    }
    return table;
  }

  // A^2/Hz, one-sided; log-log linear, proportional to the charge below the table.
  double at(double charge) const {
    if (charge <= 0) return 0;
    const double x = std::log(charge);
    if (x <= log_charge_.front()) return std::exp(log_density_.front() + x - log_charge_.front());
    std::size_t i = 0;
    while (i + 2 < log_charge_.size() && x > log_charge_[i + 1]) ++i;
    const double part = (x - log_charge_[i]) / (log_charge_[i + 1] - log_charge_[i]);
    return std::exp(log_density_[i] + part * (log_density_[i + 1] - log_density_[i]));
  }

 private:
  std::vector<double> log_charge_, log_density_;
};

class ComparatorNoise : public plan::Bench {
 public:
  std::string name() const override { return "comparator_noise"; }
  int version() const override { return 3; }
  std::string summary() const override {
    return "temporal noise of a comparator decision, referred to the input";
  }
  std::vector<std::string> kinds() const override { return {"comparator"}; }
  bool needs_plain_models() const override { return true; }
  plan::Variation variation() const override { return plan::Variation::noise; }

  std::vector<Quantity> quantities(const Subject&) const override {
    const Axis cm{.name = "common_mode",
                  .unit = "1",
                  .long_name = "input common mode over vdd",
                  .values = {kCommonModes.begin(), kCommonModes.end()}};
    const Axis input{.name = "input",
                     .unit = "V",
                     .long_name = "input difference from the threshold without noise",
                     .values = {kInputs.begin(), kInputs.end()}};
    return {{.name = "input_noise",
             .unit = "V",
             .long_name = "noise at the input: its sigma is the spread",
             .inner = {cm},
             .responds = false},
            {.name = "decided_one",
             .unit = "1",
             .long_name = "probability of a decision for one",
             .inner = {cm, input},
             .responds = false}};
  }

  std::map<std::string, double> settings(const Subject& subject) const override {
    return {{"noise_step", kNoiseStep},
            {"time_step", kNoiseStep},
            {"nmos_" + subject.pdk.nmos, 1},
            {"nmos_" + subject.pdk.pmos, 0}};
  }

  std::vector<spice::DeckSpec> decks(const Subject& subject, const PvtPoint& pvt,
                                     const Condition&) const override {
    spice::DeckSpec latch = deck_spec(*this, subject, pvt), device = latch;
    latch.bench = home() / "characterize" / "comparator.cir";
    latch.saves = {"v(op)", "v(on)"};
    latch.cards = reset_state(subject.blocks.at("comparator"), pvt.vdd);
    spice::DeckSpec quiet = latch;
    // Under noise the step is fixed by kNoiseStep; error control would chase each kink of the noise.
    latch.options = {"trtol=50"};
    for (const NoisyDevice& noisy : noisy_devices(subject.blocks.at("comparator"))) {
      latch.cards.push_back(source_of(noisy.name) + " " + noisy.drain + " " + noisy.source + " external");
      quiet.saves.push_back(noisy.charge());
    }
    device.bench = home() / "characterize" / "device_noise.cir";
    device.blocks.clear();
    device.saves = {"all", "@mn[qinv]", "@mp[qinv]"};
    return {latch, quiet, device};
  }

  Measurement measure(Probe& probe) const override {
    const Prepared& prepared = prepare(probe);
    const plan::Job& job = probe.job();
    spice::Session& session = probe.session();
    const double vdd = job.pvt.vdd, step = probe.setting("noise_step");
    Measurement result;
    for (std::size_t i = 0; i < kCommonModes.size(); ++i) {
      const Prepared::AtCommonMode& at = prepared.common_modes[i];
      plan::Measured& noise = result["input_noise"];
      if (!at.curve.valid()) {
        noise.values.push_back(0);
        noise.status.push_back(Status::censored);
        for (std::size_t k = 0; k < kInputs.size(); ++k) add(result["decided_one"], {});
        continue;
      }
      set_noise(session, prepared, at, job.draw, i, step);
      const double cm = kCommonModes[i] * vdd, time_step = probe.setting("time_step");
      const Decide decide = decider(session, vdd, cm, {at.window, at.long_window}, time_step);
      double closest = DelayCurve::kLargest, where = 0;
      for (double input : kInputs) {
        const Decision decision = decide(at.curve.threshold() + input);
        add(result["decided_one"], decision);
        const double distance = at.curve.distance(decision);
        if (std::fabs(distance) < closest) {
          closest = std::fabs(distance);
          where = distance - input;
        }
      }
      noise.values.push_back(where);
      noise.status.push_back(Status::ok);
    }
    return result;
  }

 private:
  // What depends on the decks alone: a worker measures it once.
  struct Prepared {
    struct AtCommonMode {
      DelayCurve curve;
      double window = 0, long_window = 0;  // s: for a decision under noise
      std::vector<std::vector<double>>
          amplitude;  // by device and step: square root of the density, A/sqrt(Hz)
    };
    std::vector<std::string> sources;
    std::vector<AtCommonMode> common_modes;
  };

  const Prepared& prepare(Probe& probe) const {
    const plan::Job& job = probe.job();
    const double vdd = job.pvt.vdd, step = probe.setting("noise_step");
    const std::pair key(job.deck_hashes[0], step);
    if (const auto known = prepared_.find(key); known != prepared_.end()) return known->second;
    Prepared prepared;

    spice::Session& latch = probe.session(1);
    std::vector<spice::Device> devices;
    for (const spice::Device& device : latch.devices())
      if (device.letter == 'm' && device.name.starts_with(kInstance)) devices.push_back(device);
    std::vector<spice::Waveforms> charges;
    for (double cm : kCommonModes) {
      Prepared::AtCommonMode at;
      at.curve = DelayCurve::measure(decider(latch, vdd, cm * vdd, {kWindow}));
      set_clock(latch, vdd, kWindow);
      set_inputs(latch, cm * vdd, at.curve.threshold() + 0.2e-3);
      charges.push_back(latch.run_tran(kFirstStep, kDecisionStart + kWindow, 0, step));
      if (at.curve.valid()) {
        at.window = at.curve.window(kNear, kShortestWindow);
        at.long_window = at.curve.window(kSmallest, kShortestWindow);
      }
      prepared.common_modes.push_back(std::move(at));
    }
    spice::Session& single = probe.session(2);
    std::map<std::tuple<bool, double, double>, DensityTable> densities;
    for (const spice::Device& device : devices) {
      prepared.sources.push_back(source_of(device.name.substr(kInstance.size())));
      // The drain's conduction type is told by the card's name in the process description.
      const bool nmos = probe.setting("nmos_" + device.model) == 1;
      const auto size = std::tuple(nmos, device.w, device.l);
      if (!densities.contains(size))
        densities[size] = DensityTable::measure(single, nmos, device.w, device.l);
      for (std::size_t i = 0; i < kCommonModes.size(); ++i) {
        const auto time = charges[i].scale(), charge = charges[i]["@" + device.name + "[qinv]"];
        std::vector<double> amplitude;
        for (double t = 0; t < kDecisionStart + prepared.common_modes[i].long_window; t += step)
          amplitude.push_back(std::sqrt(device.multiplier * densities[size].at(std::fabs(spice::value_at(
                                                                time, charge, std::min(t, time.back()))))));
        prepared.common_modes[i].amplitude.push_back(std::move(amplitude));
      }
    }
    return prepared_[key] = std::move(prepared);
  }

  // White noise of variance S / (2 step) at every step has the one-sided density S at low frequency.
  static void set_noise(spice::Session& session, const Prepared& prepared, const Prepared::AtCommonMode& at,
                        const plan::Draw& draw, std::size_t common_mode, double step) {
    for (std::size_t d = 0; d < prepared.sources.size(); ++d) {
      std::vector<double> current(at.amplitude[d].size(), 0.0);
      const std::uint64_t address = hash64(prepared.sources[d] + "@" + std::to_string(common_mode));
      if (draw.random())
        // From the second value on: the first is the operating point's, where a steady noise current would
        // charge the nodes that float.
        for (std::size_t i = 1; i < current.size(); ++i)
          current[i] = at.amplitude[d][i] / std::sqrt(2 * step) *
                       normal_draw(draw.seed, Stream::noise, draw.index, address, i);
      session.set_external(prepared.sources[d], step, std::move(current));
    }
  }

  static void add(plan::Measured& measured, const Decision& decision) {
    measured.values.push_back(decision.sign > 0 ? 1 : 0);
    measured.status.push_back(decision.sign != 0 ? Status::ok : Status::censored);
  }

  mutable std::map<std::pair<std::string, double>, Prepared>
      prepared_;  // by deck and step; a worker has one thread
};

const bool registered = plan::register_bench(std::make_unique<ComparatorNoise>());

}  // namespace
}  // namespace mavis
