// The DAC bench against charge division on paper, and our own DAC.
#include <fmt/format.h>

#include <cmath>

#include "characterize/own_circuit.h"
#include "expect_error.h"
#include "plan/plan.h"
#include "run/sample_probe.h"

namespace mavis {
namespace {

using plan::Measurement;
using plan::PvtPoint;
using tables::Status;

const PvtPoint kTypical{"tt", 1.0, 27}, kSlow{"ss", 0.9, 120};
constexpr double kUnit = 1e-15, kLoad = 1e-15;  // F; the load is the bench's

// Measured by the bench, with `assignments` and no other mismatch.
Measurement measure(const std::filesystem::path& subject, const PvtPoint& pvt,
                    std::vector<plan::Assignment> assignments = {}) {
  const plan::Bench& bench = plan::find_bench("dac");
  const plan::Subject dac = plan::read_subject(subject);
  const spice::Deck deck = spice::build_deck(bench.decks(dac, pvt, {}).at(0));
  spice::SharedSession session;
  run::Circuit circuit{session};
  plan::Job job;
  job.bench = bench.name();
  job.pvt = pvt;
  job.settings = bench.settings(dac);
  job.assignments = std::move(assignments);
  job.deck_hashes = {deck.hash};
  run::SampleProbe probe(circuit, job, [&](const std::string&) -> const std::string& { return deck.text; });
  return bench.measure(probe);
}

// Three bits that drive capacitors themselves, and a reset switch without charge of its own. `resistance`
// lies in series with the most significant one; the switch is closed while the port `closed_by` is high.
class IdealDac : public ::testing::Test {
 protected:
  std::filesystem::path write(const std::vector<double>& units, double resistance = 1,
                              const char* closed_by = "reset") {
    std::string text =
        "* ideal\n*@ kind: dac\n*@ port out: out\n*@ port reset: reset\n*@ port vdd: vdd\n*@ port vss: vss\n";
    std::string ports, capacitors;
    for (std::size_t i = 0; i < units.size(); ++i) {
      text += fmt::format("*@ port b{0}: bit{0}\n", i);
      ports += fmt::format(" b{}", i);
      const bool last = i + 1 == units.size();
      capacitors +=
          fmt::format("cmom{0} out {1} {2}\n", i, last ? "far" : fmt::format("b{}", i), units[i] * kUnit);
      if (last) capacitors += fmt::format("rfar far b{} {}\n", i, resistance);
    }
    text += fmt::format(
        ".subckt ideal out reset vdd vss{}\n.model sw1 sw vt=0.45 vh=0 ron=100 roff=1e15\n"
        "{}cmomlast out vss {}\ncpar out vss {}\ns1 out vss {} vss sw1\nrvdd vdd vss 1e15\n.ends ideal\n",
        ports, capacitors, kUnit, 0.8 * kUnit, closed_by);
    return folder_.write("ideal.cir", text);
  }
  static double total(const std::vector<double>& units) {
    double sum = 1.8 * kUnit + kLoad;
    for (double unit : units) sum += unit * kUnit;
    return sum;
  }

 private:
  TemporaryFolder folder_;
};

TEST_F(IdealDac, LevelsAndEnergyAreChargeDivision) {
  // Fewer and more bits than ours has.
  for (const std::vector<double>& units : {std::vector<double>{1, 2, 4}, {1, 2, 4, 8, 16, 32}})
    in_own_process([&] {
      const Measurement m = measure(write(units), kTypical);
      const double all = total(units);
      const std::size_t codes = std::size_t{1} << units.size();
      ASSERT_EQ(m.at("level").values.size(), codes);
      for (std::size_t code = 0; code < codes; ++code) {
        const double on = static_cast<double>(code) * kUnit;
        EXPECT_EQ(m.at("level").status[code], Status::ok);
        EXPECT_NEAR(m.at("level").values[code], on / all, 1e-5) << code;
        EXPECT_NEAR(m.at("inl").values[code], 0, 1e-3) << code;
        EXPECT_NEAR(m.at("dnl").values[code], 0, 1e-3) << code;
        // The largest energy is that of half the capacitance.
        EXPECT_NEAR(m.at("energy").values[code], on * (all - on) / all, 0.02 * all / 4) << code;
      }
      EXPECT_LT(m.at("inl_max").values.at(0), 1e-3);
      EXPECT_LT(m.at("droop").values.at(0), 1e-4);
      // The edge itself: from its middle until half an LSB below its top.
      EXPECT_NEAR(m.at("settling_time").values.at(0), 20e-12 * (0.5 - 0.5 / static_cast<double>(codes - 1)),
                  1e-12);
    });
}

TEST_F(IdealDac, AHeavyMostSignificantBitMakesTheStepThatChargeDivisionSays) {
  for (const bool altered : {false, true})
    in_own_process([&] {
      const std::vector<double> units = {1, 2, 8};
      // Written so, or set as mismatch sets it.
      const Measurement m = altered ? measure(write({1, 2, 4}), kTypical,
                                              {{"c.xdut.cmom2", "capacitance", 8 * kUnit, 4 * kUnit}})
                                    : measure(write(units), kTypical);
      const double lsb = 11.0 / 7;  // units
      EXPECT_NEAR(m.at("level").values[4], 8 * kUnit / total(units), 1e-5);
      EXPECT_NEAR(m.at("dnl").values[4], (8 - 3) / lsb - 1, 1e-3);
      EXPECT_NEAR(m.at("dnl_max").values.at(0), (8 - 3) / lsb - 1, 1e-3);
      EXPECT_NEAR(m.at("inl").values[3], 3 / lsb - 3, 1e-3);
      EXPECT_NEAR(m.at("inl_max").values.at(0), 3 - 3 / lsb, 1e-3);
      EXPECT_NEAR(m.at("inl").values[7], 0, 1e-9);
    });
}

TEST_F(IdealDac, ALevelThatStillMovesIsCensored) {
  in_own_process([&] {
    // 1 Mohm and 2.4 fF: 2.4 ns against the nanosecond after which the level is read.
    const Measurement m = measure(write({1, 2, 4}, 1e6), kTypical);
    EXPECT_EQ(m.at("level").status[0], Status::ok);
    EXPECT_EQ(m.at("level").status[4], Status::censored);
    EXPECT_EQ(m.at("dnl").status[1], Status::censored);  // its line ends in code 7
    for (const char* name : {"inl_max", "dnl_max", "settling_time"})
      EXPECT_EQ(m.at(name).status.at(0), Status::censored) << name;
  });
}

TEST_F(IdealDac, ThatDoesNotRiseIsAFailedRun) {
  in_own_process([&] {
    try {
      measure(write({1, 2, 4}, 1, "vdd"), kTypical);  // never released
      FAIL() << "no error";
    } catch (const spice::RunFailure& failure) {
      EXPECT_NE(std::string(failure.what()).find("does not rise"), std::string::npos) << failure.what();
    }
  });
}

TEST(Dac, BitsHaveNoGap) {
  TemporaryFolder folder;
  const auto path =
      folder.write("gap.cir",
                   "* gap\n*@ kind: dac\n*@ port o: out\n*@ port r: reset\n*@ port a: bit0\n"
                   "*@ port b: bit2\n*@ port d: vdd\n*@ port s: vss\n"
                   ".subckt gap o r a b d s\nc1 o a 1f\nc2 o b 2f\nr1 r s 1k\nr2 d s 1k\n.ends\n");
  const plan::Subject subject = plan::read_subject(path);
  const plan::Bench& bench = plan::find_bench("dac");
  expect_input_error([&] { bench.decks(subject, kTypical, {}); }, {"gap.cir", "'bit2'", "'bit1'"});
}

void check_own(const PvtPoint& pvt, double slowest) {
  in_own_process([&] {
    const Measurement m = measure("cap_dac_5b", pvt);
    const auto& level = m.at("level").values;
    ASSERT_EQ(level.size(), 32u);
    const double units = 1.5e-15 * 31, ideal = pvt.vdd * units / (1.5e-15 * 32 * 1.1 + kLoad);
    // Junctions and the reset devices' gates take another few per cent.
    EXPECT_LT(level[31] - level[0], ideal);
    EXPECT_GT(level[31] - level[0], 0.95 * ideal);
    EXPECT_NEAR(level[0], 0, 2e-3);
    EXPECT_LT(m.at("inl_max").values.at(0), 0.1);
    EXPECT_LT(m.at("dnl_max").values.at(0), 0.05);
    EXPECT_LT(m.at("settling_time").values.at(0), slowest);
    EXPECT_GT(m.at("settling_time").values.at(0), 5e-12);
    for (const auto& [name, measured] : m)
      for (Status status : measured.status) EXPECT_EQ(status, Status::ok) << name;
  });
}

TEST(Dac, OursIsLinearAtTypicalAndSlow) {
  check_own(kTypical, 60e-12);
  check_own(kSlow, 200e-12);
}

}  // namespace
}  // namespace mavis
