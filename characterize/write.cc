// write: write margin and write time of a memory cell. The netlist of the same name explains both runs.
#include <algorithm>
#include <cmath>
#include <optional>

#include "memory_cell.h"
#include "plan/bench.h"
#include "spice/waveform.h"

namespace mavis {
namespace {

using plan::Measurement;
using plan::Probe;
using plan::Quantity;
using plan::Subject;
using spice::Edge;
using tables::Scale;
using tables::Status;
using tables::Worse;

// s, break points of the netlist.
constexpr double kWord = 40e-12, kEdge = 20e-12;
constexpr double kSwing = 0.9;  // of the supply, for a write that is over
// s after the word line, until the write is over
constexpr std::array<double, 3> kWindows = {1e-9, 1e-8, 1e-7};
constexpr double kLead = 0.2;        // of the way: while the word line rises
constexpr double kWindowSteps = 25;  // least time points in one

class Write : public MemoryBench {
 public:
  std::string name() const override { return "write"; }
  int version() const override { return 1; }
  std::string summary() const override { return "write margin and write time of a memory cell"; }

  std::vector<Quantity> quantities(const Subject&) const override {
    return by_bit({{.name = "margin",
                    .unit = "V",
                    .long_name = "bit line level at which a write succeeds",
                    .worse = Worse::low},
                   {.name = "time",
                    .unit = "s",
                    .long_name = "word line to 90 % of both storage nodes' swing",
                    .scale = Scale::log,
                    .worse = Worse::high}},
                  bit_axis("written_bit", "written bit"));
  }

  std::map<std::string, double> settings(const Subject& subject) const override {
    return {{"single_ended", subject.blocks.at("bitcell").has_port("bit_line_bar") ? 0 : 1}};
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

  // Both bit lines at these levels, the storage nodes to be set to the inverse of `bit`.
  static void set_lines(spice::Session& session, double vdd, bool bit, std::pair<double, double> bl,
                        std::pair<double, double> blb) {
    session.set_dc("vq", bit ? 0 : vdd);
    session.set_dc("vqb", bit ? vdd : 0);
    session.set_dc("vbl_from", bl.first);
    session.set_dc("vbl_to", bl.second);
    session.set_dc("vblb_from", blb.first);
    session.set_dc("vblb_to", blb.second);
  }

  // The level of the bit line when the bit flips; 0 V, censored, where it does not. There is no such level
  // where the word line alone flips the cell.
  static std::pair<double, Status> margin_of(Probe& probe, bool bit) {
    const double vdd = probe.job().pvt.vdd;
    const std::optional<double> level = narrow_down(
        vdd, 0, [&](double from, double to, double steps) { return flips_at(probe, bit, from, to, steps); });
    if (!level) return {0, Status::censored};
    return {*level, *level < vdd ? Status::ok : Status::not_applicable};
  }

  // What is left of the bit line's swing when the bit flips on the way from `from` down to `to`, V. A cell
  // that flips as soon as the word line is high does so at `from`.
  static std::optional<double> flips_at(Probe& probe, bool bit, double from, double to, double steps) {
    const double vdd = probe.job().pvt.vdd;
    const std::pair<double, double> falls = {from, to}, rises = {vdd - from, vdd - to}, high = {vdd, vdd};
    spice::Session& session = probe.session();
    if (bit && probe.setting("single_ended") == 1)
      set_lines(session, vdd, bit, rises, high);
    else
      set_lines(session, vdd, bit, bit ? high : falls, bit ? falls : high);
    session.set_dc("vlead", kLead);
    session.set_dc("vrelease", 2);
    const spice::Waveforms run = session.run_dc("vs", -kLead - 1 / steps, 1, 1 / steps);
    const std::vector<double> difference = towards(run, bit);
    const std::optional<double> flips =
        spice::crossing(run.scale(), difference, 0, Edge::rising, -kLead - 1 / steps);
    if (!flips) return std::nullopt;
    return from - std::max(0.0, *flips) * (from - to);
  }

  static std::pair<double, Status> time_of(Probe& probe, bool bit) {
    const double vdd = probe.job().pvt.vdd, start = kWord + kEdge / 2;
    const double bl = bit ? vdd : 0, blb = bit ? 0 : vdd;
    spice::Session& session = probe.session();
    set_lines(session, vdd, bit, {bl, bl}, {blb, blb});
    session.set_dc("vlead", 1);  // s rests at -1
    session.set_dc("vrelease", 0);
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
