// The register's slice: what the bench says of it, and five of them as a register.
#include <fmt/format.h>

#include "characterize/own_circuit.h"
#include "plan/plan.h"
#include "run/sample_probe.h"
#include "util/files.h"

namespace mavis {
namespace {

using plan::Measurement;
using plan::PvtPoint;

const PvtPoint kTypical{"tt", 1.0, 27}, kSlow{"ss", 0.9, 120};

Measurement measure(const std::filesystem::path& subject, const PvtPoint& pvt) {
  return measure_bench("sar_logic", subject, pvt);
}

void check_point(const PvtPoint& pvt, double slowest) {
  in_own_process([&] {
    const Measurement measured = measure("sar_slice", pvt);
    const auto& energy = measured.at("energy").values;
    ASSERT_EQ(energy.size(), 5u);
    const double to_zero = energy[0], to_one = energy[1], idle = energy[2], trial = energy[3],
                 reset = energy[4];
    EXPECT_GT(idle, 0);
    for (double active : {to_zero, to_one, trial, reset}) {
      EXPECT_GT(active, 2 * idle);
      EXPECT_LT(active, 30e-15);
    }
    const double leakage = measured.at("leakage").values.at(0);
    EXPECT_GT(leakage, 0);
    EXPECT_LT(leakage * 2e-9, 0.1 * idle);
    ASSERT_EQ(measured.at("delay").values.size(), 2u);
    for (double delay : measured.at("delay").values) {
      EXPECT_GT(delay, 10e-12);
      EXPECT_LT(delay, slowest);
    }
  });
}

TEST(SarLogic, MeasuresTheSliceAtTypicalAndSlow) {
  check_point(kTypical, 100e-12);
  check_point(kSlow, 250e-12);
}

// Our slice with changes, in a folder of its own.
class ChangedSlice : public ::testing::Test {
 protected:
  void change(const std::string& before, const std::string& after) {
    const std::size_t at = text_.find(before);
    ASSERT_NE(at, text_.npos) << before;
    text_.replace(at, before.size(), after);
  }
  std::filesystem::path slice() { return folder_.write("slice.cir", text_); }

 private:
  TemporaryFolder folder_;
  std::string text_ = read_text(home() / "netlists/logics/sar_slice.cir", "netlist");
};

TEST_F(ChangedSlice, ThatFailsItsFunctionIsAFailedRun) {
  const auto fails = [&](const std::string& message) {
    in_own_process([&] {
      try {
        measure(slice(), kTypical);
        FAIL() << "no error";
      } catch (const spice::RunFailure& failure) {
        EXPECT_NE(std::string(failure.what()).find(message), std::string::npos) << failure.what();
      }
    });
  };
  // Without its part of the complex gate it never takes a 0 from the comparator.
  change("md_n2     d         decision", "md_n2     d         vss     ");
  fails("after it takes a 0, not at ground");
  change("*@ port bit: bit\n*@ port bit_bar: bit_bar", "*@ port bit: bit_bar\n*@ port bit_bar: bit");
  fails("after reset, not at its supply");
}

TEST_F(ChangedSlice, MayLackItsInverseOutput) {
  change("*@ port bit_bar: bit_bar\n", "");
  change("token_out bit bit_bar vdd vss", "token_out bit vdd vss");
  in_own_process([&] { EXPECT_GT(measure(slice(), kTypical).at("energy").values.at(0), 0); });
}

// Five slices and an ideal comparator: the code of a level that `products` products leave.
int convert(int products, const PvtPoint& pvt) {
  std::string text =
      "register\n" + include_line("pdk/ptm45hp/" + pvt.corner + ".inc") +
      include_line("netlists/logics/sar_slice.cir") +
      fmt::format(
          ".param vdd={}\nvvdd vdd 0 {{vdd}}\n"
          "vclk clk 0 pulse(0 {{vdd}} 1n 20p 20p 0.98n 2n)\nvrst rb 0 pwl(0 0 0.2n 0 0.22n {{vdd}})\n"
          "vtoken t5 0 pwl(0 0 1.05n 0 1.07n {{vdd}} 3.05n {{vdd}} 3.07n 0)\n",
          pvt.vdd);
  std::string trial;
  for (int b = 4; b >= 0; --b) {
    text +=
        fmt::format("x{0} clk rb t{1} decision t{0} b{0} n{0} vdd 0 sar_slice\nc{0} b{0} 0 1f\n", b, b + 1);
    trial += fmt::format("{}(v(b{})>{} ? {} : 0)", b == 4 ? "" : "+", b, pvt.vdd / 2, 1 << b);
  }
  // More products than the trial: the level lies below the reference, the decision is 0.
  text +=
      fmt::format("bdec ideal 0 v={{vdd}}*({}>{} ? 0 : 1)\nrdec ideal decision 1k\ncdec decision 0 150f\n",
                  products - 0.5, trial);
  text += fmt::format("ctoken t0 0 2.2f\n.options chgtol=1e-17 gmin=1e-15\n.temp {}\n.end\n", pvt.temp_c);
  spice::SharedSession session;
  session.load(whole_deck(text));
  const spice::Waveforms run = session.run_tran(1e-12, 13.9e-9, 0, 100e-12);
  int code = 0;
  for (int b = 0; b < 5; ++b) {
    const double volts = run[fmt::format("b{}", b)].back();
    EXPECT_LT(std::min(volts, pvt.vdd - volts), 0.01) << b;
    code += volts > pvt.vdd / 2 ? 1 << b : 0;
  }
  EXPECT_LT(run["t0"].back(), 0.01);  // complete
  return code;
}

TEST(SarSlice, FiveOfThemConvert) {
  // Each bit once 0 and once 1.
  for (int products : {11, 20}) in_own_process([&] { EXPECT_EQ(convert(products, kTypical), products); });
  in_own_process([&] { EXPECT_EQ(convert(21, kSlow), 21); });
}

}  // namespace
}  // namespace mavis
