// The benches of memory cells against circuits and procedures of the test's own.
#include "../../characterize/memory_cell.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "characterize/own_circuit.h"
#include "spice/waveform.h"

namespace mavis {
namespace {

using plan::PvtPoint;
using tables::Status;

const PvtPoint kTypical{"tt", 1.0, 27}, kHot{"ff", 0.8, 120};

// Threshold shifts of one uneven cell, V, by device.
const std::vector<std::pair<std::string, double>> kUneven = {
    {"mpul", 0.01}, {"mpdl", -0.02}, {"mpur", -0.015}, {"mpdr", 0.025}, {"mpgl", 0.01}, {"mpgr", -0.02}};

std::vector<plan::Assignment> uneven() {
  std::vector<plan::Assignment> all;
  for (const auto& [device, volts] : kUneven) all.push_back({"m.xdut." + device, "delvto", volts, 0});
  return all;
}

double shift_of(const std::string& device, bool is_uneven) {
  for (const auto& [name, volts] : kUneven)
    if (is_uneven && name == device) return volts;
  return 0;
}

std::string process(const PvtPoint& pvt) {
  return include_line("pdk/ptm45hp/" + pvt.corner + ".inc") + fmt::format(".param vdd={}\n", pvt.vdd);
}

// A transistor of sram_6t, written out again.
std::string transistor(const std::string& name, const std::string& nodes, bool is_uneven) {
  const std::string kind = name.substr(1, 2);
  const double width = kind == "pd" ? 180e-9 : kind == "pg" ? 120e-9 : 90e-9;
  return fmt::format("{} {} {} w={} l={{lmin}} ad={{{}*ldif}} as={{{}*ldif}} pd=0.4u ps=0.4u delvto={}\n",
                     name, nodes, kind == "pu" ? "pch" : "nch", width, width, width,
                     shift_of(name, is_uneven));
}

// One half of it: output against input, V, in steps of 1 mV; `bl` and `wl` are its bit and word line.
std::vector<double> half_cell(const PvtPoint& pvt, bool left, bool is_uneven, double wl, double bl) {
  const std::string side = left ? "l" : "r";
  spice::SharedSession session;
  session.load(whole_deck("half\n" + process(pvt) + "vv vd 0 {vdd}\nvin in 0 0\n" +
                          fmt::format("vwl wl 0 {}\nvbl bl 0 {}\n", wl, bl) +
                          transistor("mpu" + side, "out in vd vd", is_uneven) +
                          transistor("mpd" + side, "out in 0 0", is_uneven) +
                          transistor("mpg" + side, "bl wl out 0", is_uneven) +
                          fmt::format(".options gmin=1e-15\n.temp {}\n.end\n", pvt.temp_c)));
  const spice::Waveforms run = session.run_dc("vin", 0, pvt.vdd, 1e-3);
  return {run["out"].begin(), run["out"].end()};
}

double output(const std::vector<double>& curve, double volts) {
  const double place = std::clamp(volts / 1e-3, 0.0, static_cast<double>(curve.size() - 1));
  const auto i = std::min(static_cast<std::size_t>(place), curve.size() - 2);
  return curve[i] + (place - static_cast<double>(i)) * (curve[i + 1] - curve[i]);
}

// The largest square with its lower left corner on one raw curve and its upper right one on the other.
double largest_square(const std::vector<double>& upper, const std::vector<double>& lower) {
  double largest = 0;
  for (double y = 0; y < 1e-3 * static_cast<double>(lower.size()); y += 1e-3) {
    const double x = output(lower, y);
    double low = 0, high = std::max(0.0, 1e-3 * static_cast<double>(upper.size() - 1) - x);
    for (int k = 0; k < 40; ++k) {
      const double side = (low + high) / 2;
      (output(upper, x + side) > y + side ? low : high) = side;
    }
    largest = std::max(largest, low);
  }
  return largest;
}

struct Halves {
  std::vector<double> left, right;  // q against q_bar, q_bar against q
};

// Each curve in a process of its own would need pipes: one session serves all, loaded again.
Halves halves(const PvtPoint& pvt, bool is_uneven, double wl) {
  return {half_cell(pvt, true, is_uneven, wl, pvt.vdd), half_cell(pvt, false, is_uneven, wl, pvt.vdd)};
}

class NoiseMargins : public ::testing::TestWithParam<std::tuple<PvtPoint, bool>> {};

TEST_P(NoiseMargins, AreThoseOfSquaresInRawCurves) {
  const auto& [pvt, is_uneven] = GetParam();
  in_own_process([pvt = pvt, is_uneven = is_uneven] {
    const plan::Measurement measured =
        measure_bench("noise_margin", "sram_6t", pvt, is_uneven ? uneven() : std::vector<plan::Assignment>{});
    for (const auto& [name, wl] : {std::pair{"hold", 0.0}, {"read", pvt.vdd}}) {
      const Halves curves = halves(pvt, is_uneven, wl);
      const double zero = largest_square(curves.right, curves.left),
                   one = largest_square(curves.left, curves.right);
      const auto& by_bit = measured.at(std::string(name) + "_by_bit").values;
      EXPECT_NEAR(by_bit.at(0), zero, 0.5e-3) << name;
      EXPECT_NEAR(by_bit.at(1), one, 0.5e-3) << name;
      EXPECT_NEAR(measured.at(name).values.at(0), std::min(zero, one), 0.5e-3) << name;
      EXPECT_GT(zero, 0.03);
    }
  });
}

INSTANTIATE_TEST_SUITE_P(Cells, NoiseMargins,
                         ::testing::Combine(::testing::Values(kTypical, kHot), ::testing::Bool()));

// A whole cell as a transient deck with lines as given.
std::string own_cell(const PvtPoint& pvt, const std::string& sources, double q, double q_bar) {
  return "cell\n" + process(pvt) + sources + transistor("mpul", "q qb vd vd", true) +
         transistor("mpdl", "q qb 0 0", true) + transistor("mpur", "qb q vd vd", true) +
         transistor("mpdr", "qb q 0 0", true) + transistor("mpgl", "bl wl q 0", true) +
         transistor("mpgr", "blb wl qb 0", true) +
         fmt::format(".ic v(q)={} v(qb)={}\n.options chgtol=1e-17 gmin=1e-15 method=gear\n.temp {}\n.end\n",
                     q, q_bar, pvt.temp_c);
}

// Is the bit still there after 10 s at this supply?
bool retains(const PvtPoint& pvt, bool bit, double supply) {
  spice::SharedSession session;
  session.load(
      whole_deck(own_cell(pvt, fmt::format("vv vd 0 {0}\nvwl wl 0 0\nvbl bl 0 {0}\nvblb blb 0 {0}\n", supply),
                          bit ? supply : 0, bit ? 0 : supply)));
  const spice::Waveforms run = session.run_tran(1e-6, 10, 0, 1);
  const double apart = run["q"].back() - run["qb"].back();
  return (bit ? apart : -apart) > 0.05 * supply;
}

TEST(Retention, IsWhatBisectionFinds) {
  for (const PvtPoint& pvt : {kTypical, kHot})
    in_own_process([&pvt] {
      const plan::Measurement measured = measure_bench("retention", "sram_6t", pvt, uneven());
      double greater = 0;
      for (const bool bit : {false, true}) {
        if (!retains(pvt, bit, 0.4)) continue;
        double lost = 0.02, kept = 0.4;
        if (retains(pvt, bit, lost)) continue;  // the bit that the cell prefers
        while (kept - lost > 0.1e-3) {
          const double middle = (lost + kept) / 2;
          (retains(pvt, bit, middle) ? kept : lost) = middle;
        }
        EXPECT_NEAR(measured.at("voltage_by_bit").values.at(bit ? 1 : 0), kept, 1e-3);
        greater = std::max(greater, kept);
      }
      EXPECT_GT(greater, 0.05);
      EXPECT_NEAR(measured.at("voltage").values.at(0), greater, 1e-3);
    });
}

TEST(Write, MarginIsWhatASlowRampFinds) {
  in_own_process([] {
    const plan::Measurement measured = measure_bench("write", "sram_6t", kTypical, uneven());
    for (const bool bit : {false, true}) {
      spice::SharedSession session;
      session.load(whole_deck(own_cell(
          kTypical,
          fmt::format("vv vd 0 1\nvwl wl 0 1\nv{} {} 0 pwl(0 1 1m 0)\nv{} {} 0 1\n", bit ? "blb" : "bl",
                      bit ? "blb" : "bl", bit ? "bl" : "blb", bit ? "bl" : "blb"),
          bit ? 0 : 1, bit ? 1 : 0)));
      const spice::Waveforms run = session.run_tran(1e-8, 1e-3, 0, 0.5e-6);
      std::vector<double> apart(run.scale().size());
      for (std::size_t i = 0; i < apart.size(); ++i) apart[i] = run["q"][i] - run["qb"][i];
      const auto flips = spice::crossing(run.scale(), apart, 0, spice::Edge::either);
      ASSERT_TRUE(flips);
      EXPECT_NEAR(measured.at("margin_by_bit").values.at(bit ? 1 : 0), 1 - *flips / 1e-3, 1.5e-3);
    }
  });
}

TEST(Read, PortsAreReadWithoutDisturbingTheBit) {
  in_own_process([] {
    const plan::Measurement margins = measure_bench("noise_margin", "sram_10t", kTypical);
    EXPECT_NEAR(margins.at("read").values.at(0), margins.at("hold").values.at(0), 1e-6);
    const plan::Measurement six = measure_bench("read", "sram_6t", kTypical);
    const plan::Measurement ten = measure_bench("read", "sram_10t", kTypical);
    EXPECT_EQ(six.at("disturb").values.size(), 4u);
    EXPECT_TRUE(std::is_sorted(six.at("disturb").values.begin(), six.at("disturb").values.end()));
    for (const auto* cell : {&six, &ten}) {
      const double current = cell->at("current").values.at(0), time = cell->at("access_time").values.at(0);
      EXPECT_GT(current, 10e-6);
      // 64 rows of line and junctions are 10 to 40 fF; the word line's edge takes its part.
      EXPECT_GT(time, 10e-15 * 0.1 / current);
      EXPECT_LT(time, 40e-15 * 0.1 / current + 20e-12);
    }
  });
}

// A cell with one read line has a read current for the bit that moves it alone.
TEST(Read, ASingleReadLineIsMovedByOneBit) {
  in_own_process([] {
    const TemporaryFolder folder;
    const auto cell = folder.write(
        "cell8.cir",
        "* cell8: 6T and one read stack\n*@ kind: bitcell\n*@ port wl: word_line\n*@ port bl: bit_line\n"
        "*@ port blb: bit_line_bar\n*@ port rwl: read_word_line\n*@ port rbl: read_bit_line\n"
        "*@ port vdd: cell_supply\n*@ port vss: ground\n*@ state q: storage\n*@ state qb: storage_bar\n"
        ".include " +
            (home() / "netlists/bitcells/sram_6t.cir").string() +
            "\n.subckt cell8 wl bl blb rwl rbl vdd vss\nxlatch wl bl blb vdd vss sram_6t\n"
            "ma rbl rwl mid vss nch w=120n l={lmin} ad={120n*ldif} as={60n*ldif} pd=0.4u ps=0.2u\n"
            "md mid xlatch.q vss vss nch w=120n l={lmin} ad={60n*ldif} as={120n*ldif} pd=0.2u ps=0.4u\n"
            "vq q xlatch.q 0\nvqb qb xlatch.qb 0\n.ends\n");
    const plan::Measurement read = measure_bench("read", cell, kTypical);
    EXPECT_EQ(read.at("current_by_bit").status, (std::vector{Status::not_applicable, Status::ok}));
    EXPECT_EQ(read.at("access_time").status, std::vector{Status::ok});
    EXPECT_EQ(read.at("access_time").values.at(0), read.at("access_time_by_bit").values.at(1));
  });
}

// One pass device, twice as strong as what holds the low node: a read destroys a 0, and both bits are written
// from one line.
TEST(Read, ABitThatAReadDestroysHasNoReadCurrent) {
  in_own_process([] {
    const TemporaryFolder folder;
    const auto transistor = [](const std::string& text, int width_nm) {
      return fmt::format("{0} w={1}n l={{lmin}} ad={{{1}n*ldif}} as={{{1}n*ldif}} pd=0.4u ps=0.4u\n", text,
                         width_nm);
    };
    const auto cell = folder.write(
        "cell5.cir",
        "* cell5\n*@ kind: bitcell\n*@ port wl: word_line\n*@ port bl: bit_line\n*@ port vdd: cell_supply\n"
        "*@ port vss: ground\n*@ state q: storage\n*@ state qb: storage_bar\n.subckt cell5 wl bl vdd vss\n" +
            transistor("mpul q qb vdd vdd pch", 90) + transistor("mpdl q qb vss vss nch", 90) +
            transistor("mpur qb q vdd vdd pch", 90) + transistor("mpdr qb q vss vss nch", 360) +
            transistor("mpg bl wl q vss nch", 240) + ".ends\n");
    EXPECT_LT(measure_bench("noise_margin", cell, kTypical).at("read_by_bit").values.at(0), 0);
    const plan::Measurement read = measure_bench("read", cell, kTypical);
    EXPECT_EQ(read.at("current_by_bit").status, (std::vector{Status::censored, Status::not_applicable}));
    EXPECT_EQ(read.at("current").status, std::vector{Status::censored});
    EXPECT_EQ(read.at("access_time").status, std::vector{Status::censored});
    const plan::Measurement write = measure_bench("write", cell, kTypical);
    EXPECT_EQ(write.at("time").status, std::vector{Status::ok});
    for (const std::size_t bit : {std::size_t{0}, std::size_t{1}})
      EXPECT_EQ(write.at("time_by_bit").status.at(bit), Status::ok) << bit;
  });
}

TEST(MemoryCell, NarrowsDownToAThousandth) {
  int steps_done = 0;
  const auto lost_at = [&](double where) {
    return [&steps_done, where](double from, double to, double steps) -> std::optional<double> {
      // Known to a step, as a jump between two points is.
      for (int k = 1; k <= steps; ++k, ++steps_done)
        if (from + (to - from) * k / steps <= where) return from + (to - from) * (k - 0.5) / steps;
      return std::nullopt;
    };
  };
  for (const double where : {0.97, 0.5004, 0.1231, 0.05})
    EXPECT_NEAR(narrow_down(1, 0.02, lost_at(where)).value_or(9), where, 1e-3) << where;
  EXPECT_FALSE(narrow_down(1, 0.02, lost_at(0.01)));
  EXPECT_LT(steps_done, 5 * 100);
}

TEST(MemoryCell, TheWorseBitCounts) {
  plan::Measurement result;
  add_by_bit(result, "low", tables::Worse::low, {1, 2});
  add_by_bit(result, "high", tables::Worse::high, {1, 2}, {Status::ok, Status::censored});
  add_by_bit(result, "one", tables::Worse::high, {7, 2}, {Status::not_applicable, Status::ok});
  EXPECT_EQ(result["low"].values, std::vector<double>{1});
  EXPECT_EQ(result["high"].status, std::vector{Status::censored});
  EXPECT_EQ(result["one"].values, std::vector<double>{2});
  EXPECT_EQ(result["one"].status, std::vector{Status::ok});
  EXPECT_EQ(result["one_by_bit"].values, (std::vector<double>{7, 2}));
}

}  // namespace
}  // namespace mavis
