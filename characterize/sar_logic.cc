// sar_logic: energy and delay of one slice of a successive-approximation register. The netlist of the same
// name explains the circuit around it and what happens in each of its clock cycles.
#include <fmt/format.h>

#include <array>
#include <cmath>

#include "plan/bench.h"
#include "spice/waveform.h"

namespace mavis {
namespace {

using plan::Condition;
using plan::DrawKind;
using plan::Measurement;
using plan::Probe;
using plan::PvtPoint;
using plan::Quantity;
using plan::Subject;
using spice::Edge;
using spice::Waveforms;
using tables::Axis;
using tables::Scale;
using tables::Worse;

constexpr double kCycle = 2e-9;        // s: two clocks of 1 GHz
constexpr double kClockEdge = 20e-12;  // s, as in the netlist
constexpr double kResetEnd = 0.3;      // of the last cycle: reset_bar starts to rise
constexpr double kStep = 1e-12, kMaxStep = 100e-12;
constexpr double kValid = 0.1;  // of vdd: an output this close to its level is valid

// The cycles, and what the slice has to say at the end of each.
enum Cycle { kWait, kTrial, kToOne, kKeepOne, kBefore, kTrialAgain, kToZero, kKeepZero, kReset, kCycles };
struct Expected {
  const char* text;
  int bit, token;
};
constexpr std::array<Expected, kCycles> kExpected = {{{"after reset", 1, 0},
                                                      {"on trial", 0, 1},
                                                      {"after it takes a 1", 1, 0},
                                                      {"while it keeps a 1", 1, 0},
                                                      {"before its second trial", 1, 0},
                                                      {"on its second trial", 0, 1},
                                                      {"after it takes a 0", 0, 0},
                                                      {"while it keeps a 0", 0, 0},
                                                      {"after its second reset", 1, 0}}};

// Time in clock cycles, s.
double cycles(double n) {
  return n * kCycle;
}
double edge_of(int cycle) {
  return cycles(cycle + 0.5) + kClockEdge / 2;
}

class SarLogic : public plan::Bench {
 public:
  std::string name() const override { return "sar_logic"; }
  int version() const override { return 1; }
  std::string summary() const override {
    return "energy by activity, delay and leakage of one bit slice of a SAR register";
  }
  std::vector<std::string> kinds() const override { return {"logic"}; }
  // The register is far from its limits: mismatch would move its energy by a per cent.
  plan::Variation variation() const override { return plan::Variation::none; }

  // A conversion costs each slice one reset (an idle cycle if it held a 1), one trial, one to_zero or to_one,
  // and idle for every further cycle.
  std::vector<Quantity> quantities(const Subject&) const override {
    const Axis activity{.name = "activity",
                        .long_name = "what the slice does in the cycle",
                        .labels = {"to_zero", "to_one", "idle", "trial", "reset"}};
    const Axis edge{.name = "edge", .long_name = "of the bit", .labels = {"rise", "fall"}};
    return {{.name = "energy",
             .unit = "J",
             .long_name = "energy of a 2 ns clock cycle of a slice with its clock, leakage included",
             .inner = {activity},
             .responds = false,
             .worse = Worse::high},
            {.name = "delay",
             .unit = "s",
             .long_name = "clock edge to bit",
             .scale = Scale::log,
             .inner = {edge},
             .responds = false,
             .worse = Worse::high},
            {.name = "leakage",
             .unit = "W",
             .long_name = "leakage power of a slice in reset",
             .scale = Scale::log,
             .responds = false,
             .worse = Worse::high}};
  }

  std::vector<spice::DeckSpec> decks(const Subject& subject, const PvtPoint& pvt,
                                     const Condition&) const override {
    spice::DeckSpec spec = deck_spec(*this, subject, pvt);
    spec.params.emplace_back("tcycle", kCycle);
    spec.saves = {"v(bit)", "v(token_out)", "vvdd#branch", "vclk#branch", "vrst#branch"};
    return {spec};
  }

  Measurement measure(Probe& probe) const override {
    const double vdd = probe.job().pvt.vdd;
    const Waveforms run = probe.session().run_tran(kStep, cycles(kCycles), 0, kMaxStep);
    check_function(run, vdd);

    Measurement result;
    const auto energy = [&](int cycle) { return vdd * charge(run, cycle); };
    // token_in comes in the cycle before the trial: what it sets off there belongs to the trial.
    const double arrival = energy(kBefore) - energy(kKeepOne);
    const double reset_bar = -vdd * spice::integral(run.scale(), run["vrst#branch"],
                                                    cycles(kReset) + kResetEnd * kCycle, cycles(kCycles));
    result["energy"].values = {energy(kToZero), energy(kToOne), (energy(kKeepOne) + energy(kKeepZero)) / 2,
                               energy(kTrialAgain) + arrival, energy(kReset) + reset_bar};
    result["delay"].values = {delay(run, vdd, kToOne, Edge::rising), delay(run, vdd, kTrial, Edge::falling)};
    result["leakage"].values = {-vdd * run["vvdd#branch"][0]};
    return result;
  }

 private:
  static void check_function(const Waveforms& run, double vdd) {
    for (int cycle = 0; cycle < kCycles; ++cycle) {
      const Expected& expected = kExpected[static_cast<std::size_t>(cycle)];
      const auto check = [&](const char* node, int level) {
        const double volts = spice::value_at(run.scale(), run[node], cycles(cycle + 1));
        if (std::fabs(volts - level * vdd) > kValid * vdd)
          throw spice::RunFailure(fmt::format("the slice's {} is {:.3g} V {}, not {}", node, volts,
                                              expected.text, level == 1 ? "at its supply" : "at ground"));
      };
      check("bit", expected.bit);
      check("token_out", expected.token);
    }
  }

  // Charge out of the supply in a cycle, and out of the clock's driver while it rises and is high, A.s.
  static double charge(const Waveforms& run, int cycle) {
    const double begin = cycles(cycle), middle = cycles(cycle + 0.5), end = cycles(cycle + 1);
    return -spice::integral(run.scale(), run["vvdd#branch"], begin, end) -
           spice::integral(run.scale(), run["vclk#branch"], middle, end);
  }

  static double delay(const Waveforms& run, double vdd, int cycle, Edge edge) {
    const auto when = spice::crossing(run.scale(), run["bit"], vdd / 2, edge, edge_of(cycle));
    if (!when || *when > cycles(cycle + 1))
      throw spice::RunFailure(
          fmt::format("the slice's bit does not change {}", kExpected[static_cast<std::size_t>(cycle)].text));
    return *when - edge_of(cycle);
  }
};

const bool registered = plan::register_bench(std::make_unique<SarLogic>());

}  // namespace
}  // namespace mavis
