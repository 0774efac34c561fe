// The driver's edges into the loads that its netlist names, at the widths that it gives for them.
#include <fmt/format.h>

#include "characterize/own_circuit.h"
#include "spice/waveform.h"

namespace mavis {
namespace {

using spice::Edge;

constexpr double kLongest = 25e-12;  // s, 10 to 90 %
constexpr double kTurn = 1e-9;       // s: the input rises at 0.2 ns and falls this much later

// Both edges at node `far` of a driver with this load, tt, 1.0 V, 27 C.
void expect_fast(const std::string& widths, const std::string& load, const std::string& far) {
  in_own_process([&] {
    spice::SharedSession session;
    session.load(whole_deck(
        "line_driver\n" + include_line("pdk/ptm45hp/tt.inc") + include_line("netlists/bitcells/sram_8t.cir") +
        include_line("netlists/lines/product_line.cir") + include_line("netlists/drivers/line_driver.cir") +
        "vvdd vdd 0 1\nvin in 0 pulse(0 1 0.2n 20p 20p 0.98n 2n)\n"
        "xdut in out vdd 0 line_driver " +
        widths + "\n" + load + ".options chgtol=1e-17 gmin=1e-15\n.temp 27\n.end\n"));
    const spice::Waveforms run = session.run_tran(1e-12, 0.2e-9 + 2 * kTurn, 0, 5e-12);
    const auto at = [&](double level, Edge edge, double from) {
      return spice::crossing(run.scale(), run[far], level, edge, from).value_or(1);
    };
    const double fall = at(0.1, Edge::falling, 0) - at(0.9, Edge::falling, 0);
    const double rise = at(0.9, Edge::rising, kTurn) - at(0.1, Edge::rising, kTurn);
    EXPECT_GT(fall, 0);
    EXPECT_LE(fall, kLongest);
    EXPECT_GT(rise, 0);
    EXPECT_LE(rise, kLongest);
  });
}

// A wire past `columns` cells with their gates in its middle.
std::string row(int columns, const std::string& gates) {
  return fmt::format(
      ".param um={{{0}*cell_w_um}}\nrw1 out mid {{um*rwire_um/2}}\nrw2 mid far {{um*rwire_um/2}}\n"
      "cw1 out 0 {{um*cwire_um/4}}\ncw2 mid 0 {{um*cwire_um/2}}\ncw3 far 0 {{um*cwire_um/4}}\n{1} m={0}\n",
      columns, gates);
}

TEST(LineDriver, DrivesARowLine) {
  // The product line is high and the other device of the stack off, as in a row of stored zeros.
  expect_fast("", row(31, "mrl vdd mid 0 0 nch w=90n l={lmin} ad={90n*ldif} as={90n*ldif/2} pd=390n ps=195n"),
              "far");
}

TEST(LineDriver, DrivesPrechargeGates) {
  expect_fast(
      "wn=720n wp=1080n",
      row(31, "mpre vdd mid vdd vdd pch w=180n l={lmin} ad={180n*ldif} as={180n*ldif} pd=570n ps=570n"),
      "far");
}

TEST(LineDriver, DrivesAColumnLineThatSinksItsProductLine) {
  expect_fast("wn=180n wp=270n",
              "vpre pre_b 0 1\nvpd pd 0 0\nvrl rl 0 1\nvidle idle 0 0\nvhold hold 0 0.6\n"
              "xline pre_b pd pl vdd rl idle out 0 hold hold hold 0 product_line\n"
              ".ic v(pl)=1 v(xline.xcell.q)=0.6 v(xline.xcell.qb)=0 v(xline.xidle.q)=0.6 "
              "v(xline.xidle.qb)=0\n",
              "out");
}

}  // namespace
}  // namespace mavis
