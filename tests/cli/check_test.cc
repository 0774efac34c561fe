// `mavis check`: a library against what it was made from.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "cli/run_program.h"
#include "temporary_folder.h"
#include "util/files.h"
#include "util/home.h"

namespace mavis::cli {
namespace {

namespace fs = std::filesystem;

class Check : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::copy(home() / "netlists/bitcells/sram_6t.cir", cell_);
    const Ran made = run_program(folder_.path(), {"characterize", cell_.string(), "--only", "leakage",
                                                  "--samples", "2", "--responses", "none", "-o", "lib.h5"});
    ASSERT_EQ(made.code, kDone) << made.err;
  }
  Ran check() { return run_program(folder_.path(), {"check", "lib.h5"}); }

  TemporaryFolder folder_;
  fs::path cell_ = folder_.path() / "sram_6t.cir";
};

TEST_F(Check, NothingHasChanged) {
  const Ran ran = check();
  EXPECT_EQ(ran.code, kDone) << ran.out << ran.err;
  EXPECT_NE(ran.out.find("are what the library was made with"), std::string::npos) << ran.out;
}

TEST_F(Check, SaysWhichFileHasChangedOrIsGone) {
  std::ofstream(cell_, std::ios::app) << "* a remark\n";
  Ran ran = check();
  EXPECT_EQ(ran.code, kLook);
  EXPECT_NE(ran.out.find("sram_6t.cir  has changed"), std::string::npos) << ran.out;
  fs::remove(cell_);
  ran = check();
  EXPECT_EQ(ran.code, kLook);
  EXPECT_NE(ran.out.find("sram_6t.cir  is no longer there"), std::string::npos) << ran.out;
}

}  // namespace
}  // namespace mavis::cli
