// product_line: one product on one product line, for both timings. The netlist of the same name explains the
// cycle and its break points, which stimulate() repeats.
#include <algorithm>
#include <array>

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
using spice::Edge;
using tables::Axis;
using tables::Scale;
using tables::Status;
using tables::Worse;

// Break points of the netlist, s.
constexpr double kEdge = 20e-12, kSet = 10e-12, kPrecharged = 100e-12, kGap = 20e-12, kSettle = 60e-12,
                 kRest = 200e-12;
constexpr double kAct = kPrecharged + kEdge + kGap;  // start of the product's edge
// Longest time steps, s. A falling line needs 10 ps, a slow fall in a longer product 25 ps (100 ps shift
// their times by up to 4 %), the others nothing. With trtol at ngspice's 7 times scatter by 0.2 % from one
// supply or temperature to the next and levels by 0.14 mV, which no table can interpolate; at 2 by 0.1 % and
// 0.04 mV, for 40 % more CPU time.
constexpr double kStep = 1e-12, kFineStep = 10e-12, kSlowStep = 25e-12, kCoarseStep = 100e-12;
// Longer products that are tried for a line that does not discharge within the product time, s. One that has
// not by the last is censored: that is twice the slowest case that was seen (ss, 0.4 V hold).
constexpr std::array kLongProducts = {2.5e-9, 8e-9};

// A driver draws its charge from a supply while it pulls up or holds high, and returns it to ground, not to
// the supply, when it pulls down: energy = supply voltage x charge over the time in which it is high.
struct Driver {
  const char* label;
  const char* branch;
};
constexpr std::array<Driver, 5> kDrivers = {{{"pl", "vpch#branch"},
                                             {"mux", "vpre#branch"},
                                             {"rl", "vrl#branch"},
                                             {"cl", "vcl#branch"},
                                             {"hold", "vhold#branch"}}};

enum Timing { kRlTimed = 0, kClTimed = 1 };

struct Cycle {
  double rl = 0;    // s: RL starts to rise
  double cl = 0;    // s: CL starts to take the inverse of x
  double fall = 0;  // s: RL starts to fall
  double read = 0;  // s: the level counts here, CL and precharge return
  double stop = 0;  // s
};

// Sets the sources for one cycle with product time `product` (s) and input bit x.
Cycle stimulate(spice::Session& session, double vdd, int timing, int x, double product) {
  Cycle c;
  c.rl = timing == kRlTimed ? kAct : kSet;
  c.cl = timing == kRlTimed ? kSet : kAct;
  c.fall = kAct + product;
  c.read = c.fall + kEdge + kSettle;
  c.stop = c.read + kEdge + kRest;
  const double selected = x == 1 ? 0 : vdd;
  using Points = std::vector<std::pair<double, double>>;
  session.set_pwl(
      "vpre",
      Points{{0, 0}, {kPrecharged, 0}, {kPrecharged + kEdge, vdd}, {c.read, vdd}, {c.read + kEdge, 0}});
  session.set_pwl("vrl", Points{{0, 0}, {c.rl, 0}, {c.rl + kEdge, vdd}, {c.fall, vdd}, {c.fall + kEdge, 0}});
  session.set_pwl(
      "vcl",
      Points{{0, vdd}, {c.cl, vdd}, {c.cl + kEdge, selected}, {c.read, selected}, {c.read + kEdge, vdd}});
  return c;
}

class ProductLine : public plan::Bench {
 public:
  std::string name() const override { return "product_line"; }
  int version() const override { return 2; }
  std::string summary() const override {
    return "discharge time, level after the product and energy by driver of one product line";
  }
  std::vector<std::string> kinds() const override { return {"bitcell", "line"}; }

  std::vector<Axis> conditions(const Subject& subject) const override {
    return {{.name = "hold_voltage",
             .unit = "V",
             .long_name = "cell supply in the product",
             .values = subject.hold_voltages},
            {.name = "stored_bit", .long_name = "stored bit", .labels = {"0", "1"}}};
  }

  std::vector<Quantity> quantities(const Subject&) const override {
    const Axis timing{.name = "timing", .long_name = "what times the product", .labels = {"rl", "cl"}};
    const Axis x{.name = "input_bit", .long_name = "input bit", .labels = {"0", "1"}};
    Axis driver{.name = "driver", .long_name = "what pays"};
    for (const Driver& d : kDrivers) driver.labels.push_back(d.label);
    return {{.name = "discharge_time_10",
             .unit = "s",
             .long_name = "product's edge to 10 % of the precharge level",
             .scale = Scale::log,
             .inner = {timing},
             .only = {{"stored_bit", 1}},
             .worse = Worse::high},
            {.name = "discharge_time_2",
             .unit = "s",
             .long_name = "product's edge to 2 % of the precharge level",
             .scale = Scale::log,
             .inner = {timing},
             .only = {{"stored_bit", 1}},
             .worse = Worse::high},
            {.name = "level",
             .unit = "V",
             .long_name = "product line after the product, floating",
             .inner = {timing, x},
             .bends = plan::Bends::exact},
            {.name = "energy",
             .unit = "J",
             .long_name = "energy of a cycle by driver, leakage of the cycle included",
             .inner = {timing, x, driver},
             .responds = false,
             .worse = Worse::high},
            {.name = "energy_total",
             .unit = "J",
             .long_name = "energy of a cycle, all drivers",
             .inner = {timing, x},
             .responds = false,
             .worse = Worse::high}};
  }

  std::map<std::string, double> settings(const Subject& subject) const override {
    return {{"product_time", subject.product_time}};
  }

  std::vector<spice::DeckSpec> decks(const Subject& subject, const PvtPoint& pvt,
                                     const Condition& condition) const override {
    spice::DeckSpec spec = deck_spec(*this, subject, pvt);
    spec.params.emplace_back("rows", subject.rows);
    spec.params.emplace_back("hold", condition[0].second);
    spec.params.emplace_back("w", condition[1].second);
    spec.options.push_back("trtol=2");
    spec.saves = {"v(pl)", "v(bit)", "v(bit_bar)"};
    for (const Driver& driver : kDrivers) spec.saves.push_back(driver.branch);
    return {spec};
  }

  Measurement measure(Probe& probe) const override {
    const double vdd = probe.job().pvt.vdd;
    const int stored = static_cast<int>(probe.condition("stored_bit"));
    const double product = probe.setting("product_time");
    spice::Session& session = probe.session();
    Measurement result;
    for (int timing : {kRlTimed, kClTimed})
      for (int x : {0, 1}) {
        const bool falls = stored == 1 && x == 1;
        const Cycle cycle = stimulate(session, vdd, timing, x, product);
        const spice::Waveforms run = session.run_tran(kStep, cycle.stop, 0, falls ? kFineStep : kCoarseStep);
        check_bit(run, stored);
        result["level"].values.push_back(spice::value_at(run.scale(), run["pl"], cycle.read));
        add_energy(result, run, cycle, vdd, probe.condition("hold_voltage"));
        if (falls) add_discharge(result, session, run, vdd, timing, cycle.fall);
      }
    return result;
  }

 private:
  static void check_bit(const spice::Waveforms& run, int stored) {
    for (std::size_t end : {std::size_t{0}, run.scale().size() - 1})
      if ((run["bit"][end] > run["bit_bar"][end]) != (stored == 1))
        throw spice::RunFailure(end == 0 ? "the cell does not start with the bit that it should store"
                                         : "the cell lost its stored bit");
  }

  static void add_energy(Measurement& result, const spice::Waveforms& run, const Cycle& c, double vdd,
                         double hold) {
    const auto charge = [&](const char* branch, double from, double to) {
      return -spice::integral(run.scale(), run[branch], from, to);
    };
    const std::array<double, kDrivers.size()> energies = {
        vdd * charge("vpch#branch", 0, c.stop), vdd * charge("vpre#branch", kPrecharged, c.read),
        vdd * charge("vrl#branch", c.rl, c.fall),
        vdd * (charge("vcl#branch", 0, c.cl) + charge("vcl#branch", c.read, c.stop)),
        hold * charge("vhold#branch", 0, c.stop)};
    double total = 0;
    for (double energy : energies) {
      result["energy"].values.push_back(energy);
      total += energy;
    }
    result["energy_total"].values.push_back(total);
  }

  // From the cycle just run where the line got there within the product time (until `end`), else from a
  // longer product.
  static void add_discharge(Measurement& result, spice::Session& session, const spice::Waveforms& cycle,
                            double vdd, int timing, double end) {
    const double from = kAct + kEdge / 2;
    const auto times = [&](const spice::Waveforms& run) {
      return std::array{spice::crossing(run.scale(), run["pl"], 0.10 * vdd, Edge::falling, from),
                        spice::crossing(run.scale(), run["pl"], 0.02 * vdd, Edge::falling, from)};
    };
    auto found = times(cycle);
    // Past the end, the falling RL pushes the line down: that is no discharge.
    if (!found[1] || *found[1] > end) {
      for (double product : kLongProducts) {
        stimulate(session, vdd, timing, 1, product);
        found = times(session.run_tran(kStep, kAct + product, 0, kSlowStep));
        if (found[1]) break;
      }
    }
    const std::array names = {"discharge_time_10", "discharge_time_2"};
    for (std::size_t i = 0; i < names.size(); ++i) {
      plan::Measured& measured = result[names[i]];
      measured.values.push_back(found[i] ? *found[i] - from : kLongProducts.back());
      measured.status.push_back(found[i] ? Status::ok : Status::censored);
    }
  }
};

const bool registered = plan::register_bench(std::make_unique<ProductLine>());

}  // namespace
}  // namespace mavis
