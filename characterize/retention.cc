// retention: data retention voltage of a memory cell, the lowest supply that keeps its bit. The netlist of
// the same name explains the sweep.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "memory_cell.h"
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
using tables::Status;
using tables::Worse;

constexpr double kLost = 0.05;  // of the supply: what the storage nodes must differ by
// V: below it no latch of this kind has gain (2 kT/q ln 2 at -60 C); a bit that is there still was not lost.
constexpr double kLowest = 0.02;
constexpr double kLead = 0.2;   // of the way
constexpr double kAbove = 0.2;  // V: from where the lead comes, where a bit is safe and full

class Retention : public MemoryBench {
 public:
  std::string name() const override { return "retention"; }
  int version() const override { return 1; }
  std::string summary() const override { return "data retention voltage of a memory cell"; }

  std::vector<Quantity> quantities(const Subject&) const override {
    return by_bit({{.name = "voltage",
                    .unit = "V",
                    .long_name = "data retention voltage: the lowest supply that keeps the bit",
                    .worse = Worse::high}},
                  bit_axis("stored_bit", "stored bit"));
  }

  std::vector<spice::DeckSpec> decks(const Subject& subject, const PvtPoint& pvt,
                                     const Condition& condition) const override {
    std::vector<spice::DeckSpec> specs = MemoryBench::decks(subject, pvt, condition);
    specs[0].saves.push_back("v(vhold)");
    return specs;
  }

  Measurement measure(Probe& probe) const override {
    Measurement result;
    plan::Measured &each = result["voltage_by_bit"], &worst = result["voltage"];
    double greater = kLowest;
    for (const bool bit : {false, true}) {
      const std::optional<double> voltage = retention_voltage(probe, bit);
      each.values.push_back(voltage.value_or(kLowest));
      each.status.push_back(voltage ? Status::ok : Status::censored);
      greater = std::max(greater, voltage.value_or(kLowest));
    }
    worst.values = {greater};
    // A cell of unequal halves keeps the bit that it prefers however low its supply: no fault of the other's
    // figure.
    worst.status = {std::min(each.status[0], each.status[1])};
    return result;
  }

 private:
  static std::optional<double> retention_voltage(Probe& probe, bool bit) {
    return narrow_down(probe.job().pvt.vdd, kLowest, [&](double from, double to, double steps) {
      return lost_at(probe, bit, from, to, steps);
    });
  }

  // The supply at which the bit is lost on the way from `from` down to `to`, V.
  static std::optional<double> lost_at(Probe& probe, bool bit, double from, double to, double steps) {
    const double high = std::min(probe.job().pvt.vdd, from + kAbove);
    spice::Session& session = probe.session();
    session.set_dc("vlead", kLead);
    session.set_dc("vhigh", high);
    session.set_dc("vfrom", from);
    session.set_dc("vto", to);
    session.set_dc("vq", bit ? high : 0);
    session.set_dc("vqb", bit ? 0 : high);
    const spice::Waveforms run = session.run_dc("vs", -kLead - 1 / steps, 1, 1 / steps);
    const auto s = run.scale(), q = run["bit"], q_bar = run["bit_bar"], supply = run["vhold"];
    std::vector<double> apart(s.size());  // how much further than needed the storage nodes are
    for (std::size_t i = 0; i < s.size(); ++i)
      apart[i] = (bit ? q[i] - q_bar[i] : q_bar[i] - q[i]) - kLost * supply[i];
    if (spice::value_at(s, apart, -kLead + 0.5 / steps) <= 0)
      throw spice::RunFailure(fmt::format("the cell does not keep its bit at {:.3g} V", high));
    const std::optional<double> lost = spice::crossing(s, apart, 0, spice::Edge::falling, -kLead);
    if (!lost) return std::nullopt;
    return spice::value_at(s, supply, *lost);
  }
};

const bool registered = plan::register_bench(std::make_unique<Retention>());

}  // namespace
}  // namespace mavis
