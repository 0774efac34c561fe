// noise_margin: static noise margins of a memory cell at rest, while it is read and while it is written. The
// netlist of the same name explains how the curves are taken, butterfly.h what is read off them.
#include "butterfly.h"
#include "memory_cell.h"
#include "plan/bench.h"

namespace mavis {
namespace {

using plan::Measurement;
using plan::Probe;
using plan::Quantity;
using plan::Subject;
using tables::Worse;

constexpr double kSteps = 50;  // of a sweep

class NoiseMargin : public MemoryBench {
 public:
  std::string name() const override { return "noise_margin"; }
  int version() const override { return 1; }
  std::string summary() const override { return "hold, read and write static noise margin of a memory cell"; }

  std::vector<Quantity> quantities(const Subject&) const override {
    const auto margin = [](const char* name, const char* long_name) {
      return Quantity{.name = name, .unit = "V", .long_name = long_name, .worse = Worse::low};
    };
    std::vector<Quantity> all = by_bit(
        {margin("hold", "static noise margin at rest"), margin("read", "static noise margin while read")},
        bit_axis("stored_bit", "stored bit"));
    for (Quantity& q :
         by_bit({margin("write", "noise margin of a write")}, bit_axis("written_bit", "written bit")))
      all.push_back(std::move(q));
    return all;
  }

  std::map<std::string, double> settings(const Subject& subject) const override {
    return {{"read_port", subject.blocks.at("bitcell").has_port("read_word_line") ? 1 : 0}};
  }

  Measurement measure(Probe& probe) const override {
    const double vdd = probe.job().pvt.vdd;
    spice::Session& session = probe.session();
    const bool read_port = probe.setting("read_port") == 1;
    const auto lines = [&](double word, double read_word, double bl, double blb) {
      session.set_dc("vwl", word);
      session.set_dc("vrwl", read_word);
      session.set_dc("vbl", bl);
      session.set_dc("vblb", blb);
    };
    Measurement result;
    lines(0, 0, vdd, vdd);
    add_by_bit(result, "hold", Worse::low, sides(curve(session, vdd, true), curve(session, vdd, false)));

    lines(read_port ? 0 : vdd, read_port ? vdd : 0, vdd, vdd);
    Curve forward = curve(session, vdd, true), backward = curve(session, vdd, false);
    add_by_bit(result, "read", Worse::low, sides(forward, backward));

    // While bit 0 is written, only the half that drives q feels the low bit line; the other is as in a read
    // of a cell without a read port.
    if (read_port) {
      lines(vdd, 0, vdd, vdd);
      forward = curve(session, vdd, true);
      backward = curve(session, vdd, false);
    }
    lines(vdd, 0, 0, vdd);
    const double zero = -sides(forward, curve(session, vdd, false))[1];
    lines(vdd, 0, vdd, 0);
    const double one = -sides(curve(session, vdd, true), backward)[0];
    add_by_bit(result, "write", Worse::low, {zero, one});
    return result;
  }

 private:
  struct Curve {
    std::vector<double> in, out;
  };

  static std::array<double, 2> sides(const Curve& forward, const Curve& backward) {
    return eye_sides({forward.in, forward.out}, {backward.in, backward.out});
  }

  // The storage node that is not forced, against the one that is.
  static Curve curve(spice::Session& session, double vdd, bool force_q) {
    session.set_dc("vq", force_q ? 1 : 0);
    session.set_dc("vqb", force_q ? 0 : 1);
    const spice::Waveforms run = session.run_dc("vin", 0, vdd, vdd / kSteps);
    const auto out = run[force_q ? "bit_bar" : "bit"];
    if (!(out.front() > out.back()))
      throw spice::RunFailure(
          "no storage node follows the inverse of the other: is every port connected by its role?");
    return {{run.scale().begin(), run.scale().end()}, {out.begin(), out.end()}};
  }
};

const bool registered = plan::register_bench(std::make_unique<NoiseMargin>());

}  // namespace
}  // namespace mavis
