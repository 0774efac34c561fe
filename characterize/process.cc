// process: drain currents and ring delay of a process, without any block. Runs for `mavis pdk check` only: no
// subject has a block of kind "process".
#include <algorithm>
#include <array>
#include <optional>

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

constexpr int kStages = 11;
constexpr int kFirstEdge = 3, kLastEdge = 6;           // rising edges between which the period is taken
constexpr double kRingWidth = 90e-9, kRatio = 1.5;     // m: NMOS of the netlist's ring; PMOS to NMOS
constexpr double kSettled = 1e-12;                     // s: when the constant currents are read
constexpr double kWindow = 1.2e-9;                     // s: enough for 8 ps a stage
constexpr double kSteps = 2400;                        // a window: 0.04 % on a delay of 6.5 ps
constexpr std::array<double, 3> kWidths = {1, 4, 16};  // windows tried for slower processes

struct Current {
  const char* quantity;
  const char* branch;
  double sign;  // an NMOS draws its current out of the source, a PMOS pushes it in
  const char* long_name;
};
constexpr std::array<Current, 4> kCurrents = {
    {{"ion_n", "vion_n#branch", -1, "drain current of an NMOS 1 um wide, on"},
     {"ion_p", "vion_p#branch", 1, "drain current of a PMOS 1 um wide, on"},
     {"ioff_n", "vioff_n#branch", -1, "drain current of an NMOS 1 um wide, off"},
     {"ioff_p", "vioff_p#branch", 1, "drain current of a PMOS 1 um wide, off"}}};

// Time of the n-th rising edge through `level`.
std::optional<double> rising_edge(const spice::Waveforms& run, double level, int n) {
  const auto next = [&](spice::Edge edge, double from) {
    return spice::crossing(run.scale(), run["r1"], level, edge, from);
  };
  auto edge = next(spice::Edge::rising, 0);
  for (int i = 1; i < n && edge; ++i) {
    const auto fall = next(spice::Edge::falling, *edge);
    edge = fall ? next(spice::Edge::rising, *fall) : std::nullopt;
  }
  return edge;
}

class Process : public plan::Bench {
 public:
  std::string name() const override { return "process"; }
  int version() const override { return 1; }
  std::string summary() const override { return "on and off currents and ring delay of a process"; }
  std::vector<std::string> kinds() const override { return {"process"}; }

  std::vector<Quantity> quantities(const Subject&) const override {
    std::vector<Quantity> quantities;
    for (const Current& current : kCurrents)
      quantities.push_back({.name = current.quantity,
                            .unit = "A",
                            .long_name = current.long_name,
                            .scale = tables::Scale::log});
    quantities.push_back({.name = "stage_delay",
                          .unit = "s",
                          .long_name = "delay of a stage in a ring of 11 inverters",
                          .scale = tables::Scale::log});
    return quantities;
  }

  std::vector<spice::DeckSpec> decks(const Subject& subject, const PvtPoint& pvt,
                                     const Condition&) const override {
    spice::DeckSpec spec = deck_spec(*this, subject, pvt);
    spec.saves = {"v(r1)"};
    for (const Current& current : kCurrents) spec.saves.push_back(current.branch);
    // A ring of the netlist's 90 and 135 nm, or in the same ratio of what the process can make.
    const pdk::Pdk& pdk = subject.pdk;
    if (const double wn = std::max(pdk.wmin_n, pdk.wmin_p / kRatio); wn > kRingWidth) {
      spec.params.emplace_back("wn", wn);
      spec.params.emplace_back("wp", kRatio * wn);
    }
    return {spec};
  }

  Measurement measure(Probe& probe) const override {
    for (const double width : kWidths) {
      const double window = kWindow * width;
      const spice::Waveforms run = probe.session().run_tran(window / kSteps, window, 0, window / kSteps);
      const double middle = probe.job().pvt.vdd / 2;
      const auto first = rising_edge(run, middle, kFirstEdge), last = rising_edge(run, middle, kLastEdge);
      if (!last) continue;
      Measurement result;
      for (const Current& current : kCurrents)
        result[current.quantity].values = {current.sign *
                                           spice::value_at(run.scale(), run[current.branch], kSettled)};
      result["stage_delay"].values = {(*last - *first) / (2 * kStages * (kLastEdge - kFirstEdge))};
      return result;
    }
    throw spice::RunFailure("the ring does not oscillate within 19 ns");
  }
};

const bool registered = plan::register_bench(std::make_unique<Process>());

}  // namespace
}  // namespace mavis
