// write: write margin and write time of a memory cell. The netlist of the same name explains both runs.
#include <algorithm>
#include <cmath>
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
using spice::Edge;
using tables::Scale;
using tables::Status;
using tables::Worse;

// s, break points of the netlist.
constexpr double kSet = 20e-12, kWord = 100e-12, kEdge = 20e-12;
constexpr double kNever = 100;  // V: a line that holds nothing
constexpr double kSwing = 0.9;  // of the supply, for a write that is over
constexpr std::array<double, 3> kWindows = {1e-9, 1e-8,
                                            1e-7};  // s after the word line, until the write is over
constexpr double kWindowSteps = 50;                 // least time points in one
// A first sweep finds the margin to within a step, a second one looks closely around it.
constexpr double kCoarseSteps = 40, kFineSteps = 120;
constexpr double kFineRange = 2.5;  // coarse steps

class Write : public plan::Bench {
 public:
  std::string name() const override { return "write"; }
  int version() const override { return 1; }
  std::string summary() const override { return "write margin and write time of a memory cell"; }
  std::vector<std::string> kinds() const override { return {"bitcell"}; }
  std::vector<std::pair<std::string, std::string>> roles() const override { return memory_roles(); }
  bool for_macros() const override { return false; }

  std::vector<Quantity> quantities(const Subject&) const override {
    const tables::Axis bits = bit_axis("written_bit", "written bit");
    std::vector<Quantity> all = by_bit({.name = "margin",
                                        .unit = "V",
                                        .long_name = "bit line level at which a write succeeds",
                                        .worse = Worse::low},
                                       bits);
    for (Quantity& q : by_bit({.name = "time",
                       .unit = "s",
                       .long_name = "word line to 90 % of both storage nodes' swing",
                       .scale = Scale::log,
                       .worse = Worse::high},
                              bits))
      all.push_back(std::move(q));
    return all;
  }

  std::map<std::string, double> settings(const Subject& subject) const override {
    return {{"single_ended", subject.blocks.at("bitcell").has_port("bit_line_bar") ? 0 : 1}};
  }

  std::vector<spice::DeckSpec> decks(const Subject& subject, const PvtPoint& pvt,
                                     const Condition&) const override {
    spice::DeckSpec spec = deck_spec(*this, subject, pvt);
    spec.saves = {"v(bit)", "v(bit_bar)"};
    return {spec};
  }

  Measurement measure(Probe& probe) const override {
    std::array<double, 2> margin{}, time{};
    std::array<Status, 2> margin_status{}, time_status{};
    for (const std::size_t bit : {std::size_t{0}, std::size_t{1}}) {
      std::tie(margin[bit], margin_status[bit]) = margin_of(probe, bit == 1);
      std::tie(time[bit], time_status[bit]) = time_of(probe, bit == 1);
    }
    Measurement result;
    add_by_bit(result, "margin", Worse::low, margin, margin_status);
    add_by_bit(result, "time", Worse::high, time, time_status);
    return result;
  }

 private:
  // The storage nodes' difference towards the bit that is written.
  static std::vector<double> towards(const spice::Waveforms& run, bool bit) {
    const auto q = run["bit"], q_bar = run["bit_bar"];
    std::vector<double> difference(q.size());
    for (std::size_t i = 0; i < q.size(); ++i) difference[i] = bit ? q[i] - q_bar[i] : q_bar[i] - q[i];
    return difference;
  }

  static void set_old_bit(spice::Session& session, double vdd, bool bit) {
    session.set_dc("vq", bit ? 0 : vdd);
    session.set_dc("vqb", bit ? vdd : 0);
  }

  // The level of the bit line when the bit flips; 0 V, censored, where it does not.
  static std::pair<double, Status> margin_of(Probe& probe, bool bit) {
    const double vdd = probe.job().pvt.vdd, step = vdd / kCoarseSteps;
    const std::optional<double> coarse = flips_at(probe, bit, vdd, 0, step);
    if (!coarse) return {0, Status::censored};
    const double half = kFineRange / 2 * step;
    const double from = std::min(vdd, *coarse + half), to = std::max(0.0, *coarse - half);
    return {flips_at(probe, bit, from, to, (from - to) / kFineSteps).value_or(*coarse), Status::ok};
  }

  // What is left of the bit line's swing when the bit flips on the way from `from` down to `to`, V. A cell
  // that loses its bit as soon as it is left alone flips at `from`.
  static std::optional<double> flips_at(Probe& probe, bool bit, double from, double to, double step) {
    const double vdd = probe.job().pvt.vdd;
    const bool rises = bit && probe.setting("single_ended") == 1;
    spice::Session& session = probe.session();
    set_old_bit(session, vdd, bit);
    session.set_dc("vwl", vdd);
    session.set_dc("vbl", vdd);
    session.set_dc("vblb", vdd);
    session.set_dc("vstart", bit ? kNever : from);
    session.set_dc("vstartb", bit && !rises ? from : kNever);
    session.set_dc("vrise", rises ? vdd - from : -kNever);
    const spice::Waveforms run = rises ? session.run_dc("vbl", vdd - from - step, vdd - to, step)
                                       : session.run_dc(bit ? "vblb" : "vbl", from + step, to, -step);
    const std::vector<double> difference = towards(run, bit);
    std::vector<double> way(difference.size());
    for (std::size_t i = 0; i < way.size(); ++i) way[i] = std::fabs(run.scale()[i] - run.scale()[0]) - step;
    if (spice::value_at(way, difference, step / 2) > 0) return from;
    const std::optional<double> flips = spice::crossing(way, difference, 0, Edge::rising, step / 2);
    if (!flips) return std::nullopt;
    return from - *flips;
  }

  static std::pair<double, Status> time_of(Probe& probe, bool bit) {
    const double vdd = probe.job().pvt.vdd;
    spice::Session& session = probe.session();
    set_old_bit(session, vdd, bit);
    session.set_dc("vrise", -kNever);
    const auto hold = [&](const char* source, double level) {
      session.set_pwl(source, std::array<std::pair<double, double>, 2>{{{0, level}, {1, level}}});
    };
    hold("vbl", bit ? vdd : 0);
    hold("vblb", bit ? 0 : vdd);
    const double start = kWord + kEdge / 2;
    for (const double window : kWindows) {
      const spice::Waveforms run = session.run_tran(window / 1000, kWord + window, 0, window / kWindowSteps);
      if (spice::value_at(run.scale(), towards(run, bit), kWord) >= 0)
        throw spice::RunFailure("the cell does not keep its bit until it is written");
      const auto high =
          spice::crossing(run.scale(), run[bit ? "bit" : "bit_bar"], kSwing * vdd, Edge::rising, start);
      const auto low = spice::crossing(run.scale(), run[bit ? "bit_bar" : "bit"], (1 - kSwing) * vdd,
                                       Edge::falling, start);
      if (high && low) return {std::max(*high, *low) - start, Status::ok};
    }
    return {kWindows.back(), Status::censored};
  }
};

const bool registered = plan::register_bench(std::make_unique<Write>());

}  // namespace
}  // namespace mavis
