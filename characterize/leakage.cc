// leakage: supply currents of one idle cell against its hold voltage. The netlist of the same name explains
// the staircase, which keeps the stored bit where an operating point might lose it.
#include <algorithm>
#include <array>

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
using tables::Axis;
using tables::Scale;
using tables::Worse;

constexpr double kStair = 1e-3, kEdge = 1e-6, kWrite = 10e-6;  // s: on a step, between steps, of a write

struct Path {
  const char* label;
  const char* node;
  const char* branch;
  const char* role;  // of the port; a cell without it has no such path
};
constexpr std::array<Path, 7> kPaths = {{{"hold", "vhold", "vhold#branch", "cell_supply"},
                                         {"bl", "bl", "vbl#branch", "bit_line"},
                                         {"blb", "blb", "vblb#branch", "bit_line_bar"},
                                         {"pl", "pl", "vpl#branch", "product_line"},
                                         {"cl", "cl", "vcl#branch", "column_line"},
                                         {"rbl", "rbl", "vrbl#branch", "read_bit_line"},
                                         {"rblb", "rblb", "vrblb#branch", "read_bit_line_bar"}}};

bool has_path(const Subject& subject, const Path& path) {
  return subject.blocks.at("bitcell").has_port(path.role);
}

std::string setting_of(const Path& path) {
  return std::string("path_") + path.label;
}

class Leakage : public plan::Bench {
 public:
  std::string name() const override { return "leakage"; }
  int version() const override { return 3; }
  std::string summary() const override {
    return "leakage power and current by path of an idle cell against hold voltage";
  }
  std::vector<std::string> kinds() const override { return {"bitcell"}; }
  std::vector<std::pair<std::string, std::string>> roles() const override { return memory_roles(); }

  std::vector<Quantity> quantities(const Subject& subject) const override {
    const Axis stored = bit_axis("stored_bit", "stored bit");
    const Axis hold{
        .name = "hold_voltage", .unit = "V", .long_name = "cell supply", .values = subject.hold_voltages};
    Axis path{.name = "path", .long_name = "where the current comes from"};
    for (const Path& p : kPaths)
      if (has_path(subject, p)) path.labels.push_back(p.label);
    return {{.name = "power",
             .unit = "W",
             .long_name = "leakage power of a cell",
             .scale = Scale::log,
             .inner = {stored, hold},
             .worse = Worse::high},
            {.name = "current",
             .unit = "A",
             .long_name = "leakage current by path, out of the source",
             .inner = {stored, hold, path},
             .responds = false,
             .worse = Worse::high}};
  }

  // The hold voltages, as hold_0 upwards in table order.
  std::map<std::string, double> settings(const Subject& subject) const override {
    std::map<std::string, double> settings = {{"holds", static_cast<double>(subject.hold_voltages.size())}};
    for (std::size_t i = 0; i < subject.hold_voltages.size(); ++i)
      settings["hold_" + std::to_string(i)] = subject.hold_voltages[i];
    for (const Path& path : kPaths) settings[setting_of(path)] = has_path(subject, path) ? 1 : 0;
    return settings;
  }

  std::vector<spice::DeckSpec> decks(const Subject& subject, const PvtPoint& pvt,
                                     const Condition&) const override {
    spice::DeckSpec spec = deck_spec(*this, subject, pvt);
    spec.saves = {"v(bit)", "v(bit_bar)"};
    for (const Path& path : kPaths)
      for (const std::string& vector : {std::string("v(") + path.node + ")", std::string(path.branch)})
        spec.saves.push_back(vector);
    return {spec};
  }

  Measurement measure(Probe& probe) const override {
    Measurement result;
    for (const bool stored : {false, true}) measure_bit(probe, stored, result);
    return result;
  }

 private:
  // A run down the stairs: vdd first, so that the bit starts safe, then the highest hold voltage.
  static spice::Waveforms run_stairs(Probe& probe, bool stored, std::size_t count) {
    const double vdd = probe.job().pvt.vdd;
    std::vector<std::pair<double, double>> stairs = {{kStair, vdd}};
    for (std::size_t i = 0; i < count; ++i) {
      const double volts = probe.setting("hold_" + std::to_string(count - 1 - i));
      const double begin = kStair * static_cast<double>(i + 1);
      stairs.emplace_back(begin + kEdge, volts);
      stairs.emplace_back(begin + kStair, volts);
    }
    spice::Session& session = probe.session();
    const auto set = [&](const char* source, double written) {
      std::vector<std::pair<double, double>> points = {
          {0, written}, {2 * kWrite, written}, {2 * kWrite + kEdge, vdd}};
      points.insert(points.end(), stairs.begin(), stairs.end());
      session.set_pwl(source, points);
    };
    set("vhold", vdd);
    set("vbl", stored ? vdd : 0);
    set("vblb", stored ? 0 : vdd);
    return session.run_tran(1e-9, kStair * static_cast<double>(count + 1), 0, kStair);
  }

  static void measure_bit(Probe& probe, bool stored, Measurement& result) {
    const auto count = static_cast<std::size_t>(probe.setting("holds"));
    const spice::Waveforms run = run_stairs(probe, stored, count);
    for (std::size_t i = 0; i < count; ++i) {
      // Hold voltage i is the (count - i)-th step after the first.
      const double t = kStair * (static_cast<double>(count - i + 1) - 1e-4);
      const auto at = [&](const char* vector) { return spice::value_at(run.scale(), run[vector], t); };
      if ((at("bit") > at("bit_bar")) != stored)
        throw spice::RunFailure("the cell lost its stored bit on the way down to its hold voltage");
      double power = 0;
      for (const Path& path : kPaths) {
        if (probe.setting(setting_of(path)) == 0) continue;
        result["current"].values.push_back(-at(path.branch));
        power -= at(path.node) * at(path.branch);
      }
      result["power"].values.push_back(power);
    }
  }
};

const bool registered = plan::register_bench(std::make_unique<Leakage>());

}  // namespace
}  // namespace mavis
