#include "plan/applicable.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "expect_error.h"
#include "temporary_folder.h"
#include "util/home.h"

namespace mavis::plan {
namespace {

TEST(Applicable, FindsTheBenchesThatApply) {
  const Subject cell = read_subject(home() / "netlists/bitcells/sram_8t.cir");
  const auto names = applicable_benches(cell, {});
  EXPECT_NE(std::find(names.begin(), names.end(), "leakage"), names.end());
  EXPECT_EQ(std::find(names.begin(), names.end(), "comparator"), names.end());
  EXPECT_EQ(misfit(find_bench("leakage"), cell), "");
  EXPECT_EQ(misfit(find_bench("comparator"), cell), "needs a comparator");
  expect_input_error([&] { applicable_benches(cell, {"leakge"}); }, {"leakge", "leakage"});
  expect_input_error([&] { applicable_benches(cell, {"comparator"}); }, {"comparator", "sram_8t.cir"});
  // What looks into single transistors does not apply where they are sub-circuits.
  Subject comparator = read_subject(home() / "netlists/comparators/strongarm.cir");
  EXPECT_EQ(misfit(find_bench("comparator_noise"), comparator), "");
  comparator.pdk.forms["nch"] = {"kit_nfet", "m0", 1e6};
  EXPECT_NE(misfit(find_bench("comparator_noise"), comparator).find("sub-circuits"), std::string::npos);
  EXPECT_EQ(misfit(find_bench("comparator"), comparator), "");
}

TEST(Applicable, LeavesNoBenchOutWithoutAReason) {
  for (const char* place : {"bitcells/sram_6t.cir", "comparators/strongarm.cir", "macros/mf_8x62.toml"}) {
    const Subject subject = read_subject(home() / "netlists" / place);
    std::vector<std::string> all = applicable_benches(subject, {});
    for (const auto& [reason, names] : left_out(subject)) {
      EXPECT_NE(reason, "");
      all.insert(all.end(), names.begin(), names.end());
    }
    std::sort(all.begin(), all.end());
    std::vector<std::string> expected;
    for (const auto& bench : benches())
      if (bench->name() != "process" && bench->name() != "fake") expected.push_back(bench->name());
    EXPECT_EQ(all, expected) << place;
  }
  const Subject comparator = read_subject(home() / "netlists/comparators/strongarm.cir");
  EXPECT_EQ(left_out(comparator).at("needs a logic"), std::vector<std::string>{"sar_logic"});
}

}  // namespace
}  // namespace mavis::plan
