// mavis chip, the way a user runs it: a comparator measured, and simulated with.
#include "macro/chip.h"

#include <gtest/gtest.h>

#include "cli/run_program.h"
#include "temporary_folder.h"
#include "util/home.h"

namespace mavis::cli {
namespace {

class ChipCommand : public testing::Test {
 protected:
  Ran run(const std::vector<std::string>& arguments) { return run_program(folder_.path(), arguments); }
  TemporaryFolder folder_;
  const std::string library_ = (home() / "tables/ptm45hp/mf_8x30.h5").string();
};

TEST_F(ChipCommand, RefusesWhatItCannotMeasure) {
  for (const auto& [arguments, part] :
       {std::pair(std::vector<std::string>{"chip", library_}, "tt,1.0,27"),
        {{"chip", library_, "--pvt", "sf,1.0,27"}, "'sf'"},
        {{"chip", "nosuch.h5", "--pvt", "tt,1.0,27"}, "nosuch.h5"},
        {{"chip", library_, "--pvt", "tt,1.0,27", "-o", "none/chip.h5"}, "none"}}) {
    const Ran ran = run(arguments);
    EXPECT_EQ(ran.code, kBadInput) << ran.out;
    EXPECT_NE(ran.err.find(part), ran.err.npos) << ran.err;
  }
}

TEST_F(ChipCommand, SimulatesWithTheComparatorThatItMeasured) {
  const Ran made = run({"chip", library_, "--pvt", "tt,1.0,27", "--arrays", "1", "--jobs", "1"});
  ASSERT_EQ(made.code, kDone) << made.err;
  EXPECT_NE(made.out.find("tables alone"), made.out.npos) << made.out;
  const std::vector<std::string> simulate = {"simulate",   library_,      "--pvt",  "tt,1.0,27",
                                             "--no-noise", "--outputs",   "1",      "-o",
                                             "out.h5",     "--load-chip", "chip.h5"};
  const Ran ran = run(simulate);
  EXPECT_TRUE(ran.code == kDone || ran.code == kLook) << ran.err;
  std::vector<std::string> elsewhere = simulate;
  elsewhere[3] = "tt,1.0,-40";
  const Ran refused = run(elsewhere);
  EXPECT_EQ(refused.code, kBadInput);
  EXPECT_NE(refused.err.find("tt, 1 V, 27 C"), refused.err.npos) << refused.err;
}

}  // namespace
}  // namespace mavis::cli
