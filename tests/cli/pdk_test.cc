// `mavis pdk check` on kits of other people, and what a characterization says about one that does not load.
#include <gtest/gtest.h>

#include "cli/run_program.h"
#include "pdk/sample_kit.h"
#include "temporary_folder.h"
#include "util/home.h"

namespace mavis::cli {
namespace {

void expect_parts(const std::string& text, std::initializer_list<const char*> parts) {
  for (const char* part : parts)
    EXPECT_NE(text.find(part), std::string::npos) << "'" << part << "' in: " << text;
}

class PdkCheck : public ::testing::Test {
 protected:
  Ran check() { return run_program(folder_.path(), {"pdk", "check", kit_.pdk(), "--jobs", "1"}); }
  Ran characterize() {
    const std::string cell = (home() / "netlists/bitcells/sram_6t.cir").string();
    return run_program(folder_.path(),
                       {"characterize", cell, "--pdk", kit_.pdk(), "--corners", "tt", "--only", "leakage",
                        "--samples", "2", "--responses", "none", "-o", "lib.h5"});
  }
  TemporaryFolder folder_;
  SampleKit kit_;
};

TEST_F(PdkCheck, SaysWhatItFound) {
  kit_.make_subcircuits();
  const Ran ran = check();
  EXPECT_EQ(ran.code, kDone) << ran.err;
  expect_parts(ran.out,
               {"kit in ", "lib/demo.lib, section ss", "demo_nfet__model (level 54 version 4.0, 2 bins)",
                "nch: sub-circuit demo_nfet with transistor mdemo_nfet, sizes in um", "scaled by 1e-06",
                "lmin=4.5e-08", "mismatch by Mavis: sigma(Vth) 1.77"});
  // The cards are those of ptm45hp, whose figures pdk/ptm45hp/pdk.toml has.
  expect_parts(ran.out, {"1.332 mA", "20.99 nA", "6.476 ps", "1.211 mA"});
}

TEST_F(PdkCheck, NamesTheSwitchThatNobodySets) {
  kit_.make_subcircuits();
  kit_.change("pdk/pdk.toml", "prelude = [", "#");
  const Ran ran = check();
  EXPECT_EQ(ran.code, kLook) << ran.err;
  expect_parts(ran.out,
               {"not measured at tt: lib/devices.inc:", "mm_switch", "prelude = [\".param mm_switch=0\"]"});
}

TEST_F(PdkCheck, GoesOnAfterACornerThatDoesNotLoad) {
  kit_.make_subcircuits();
  kit_.change("demo/lib/demo.lib", "dvth_n=0 ", "");
  const Ran ran = check();
  EXPECT_EQ(ran.code, kLook) << ran.err;
  expect_parts(ran.out, {"not measured at tt: ", "dvth_n", "1.211 mA"});
}

TEST_F(PdkCheck, ReportsAModelThatGivesNoNumber) {
  kit_.make_includes();
  kit_.change("demo/ss/n.inc", "vth0={0.46893 + dvth_n}", "vth0={sqrt(-dvth_n)}");
  const Ran ran = check();
  EXPECT_EQ(ran.code, kLook) << ran.err;
  expect_parts(ran.out, {"not measured at ss: ", "no finite vth0", "1.332 mA"});
  EXPECT_EQ(ran.out.find(" nan "), std::string::npos) << ran.out;
}

TEST_F(PdkCheck, CharacterizationSaysTheSame) {
  kit_.make_subcircuits();
  kit_.change("pdk/pdk.toml", "prelude = [", "#");
  const Ran ran = characterize();
  EXPECT_EQ(ran.code, kBadInput) << ran.err;
  expect_parts(ran.err, {"lib/devices.inc:", "mm_switch", "prelude = [\".param mm_switch=0\"]"});
}

TEST_F(PdkCheck, CharacterizationNamesTheDeviceThatIsTooNarrow) {
  kit_.make_subcircuits();
  kit_.change("pdk/pdk.toml", "[geometry]",
              "[geometry]\nwmin = { n = \"100 nm\", p = \"100 nm\", basis = \"read\", source = \"mavis\" }");
  const Ran ran = characterize();
  EXPECT_EQ(ran.code, kBadInput) << ran.err;
  expect_parts(ran.err, {"transistor mpul is 90 nm wide", "100 nm", "wider"});
}

// The library keeps what identifies the kit, not its text.
TEST_F(PdkCheck, ALibraryKnowsItsKit) {
  kit_.make_subcircuits();
  ASSERT_EQ(characterize().code, kDone);
  Ran ran = run_program(folder_.path(), {"check", "lib.h5"});
  EXPECT_EQ(ran.code, kDone) << ran.out << ran.err;
  EXPECT_EQ(read_text(folder_.path() / "lib.h5", "library").find("toxref"), std::string::npos);
  kit_.change("demo/lib/devices.inc", "nfactor=2.22", "nfactor=2.23");
  ran = run_program(folder_.path(), {"check", "lib.h5"});
  EXPECT_EQ(ran.code, kLook);
  expect_parts(ran.out, {"kit ptm45hp tt", "has changed"});
}

}  // namespace
}  // namespace mavis::cli
